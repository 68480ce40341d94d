"""The open pipeline by stage and age as a second opinion on where a month's revenue ends."""
