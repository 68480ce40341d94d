"""Plans, sets and what is wrong with them, as people and machines read it. Pure."""
