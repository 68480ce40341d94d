"""What goes for good, and what may never come back."""
