"""Levels of write-back, switched by an admin on purpose."""
