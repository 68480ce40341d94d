"""Records that somebody calls wrong, and what his head decides."""
