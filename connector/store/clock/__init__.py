"""Whose time runs when, and what other currencies cost."""
