"""Calls as texts, their scores, and who is asked for more."""
