"""The plan editor: a head sets what his people are held to, and sees how likely that is to be reached."""
