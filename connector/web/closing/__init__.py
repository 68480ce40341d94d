"""Months closed and opened again by an admin, on purpose and with a reason."""
