"""Plans and where they stand: read plans, compute pace."""
