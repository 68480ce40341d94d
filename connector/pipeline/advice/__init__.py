"""Whom to talk with about what, and what became of it."""
