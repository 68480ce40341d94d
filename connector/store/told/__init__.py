"""What the CRM told by itself, and that something changed."""
