"""What is said to one person: advice, and what he was talked to about and whether it helped."""
