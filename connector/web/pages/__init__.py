"""Routes: each asks for what its page shows, and shows it."""
