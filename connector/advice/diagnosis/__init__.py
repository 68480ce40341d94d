"""Where a gap comes from, and whether it is more than chance."""
