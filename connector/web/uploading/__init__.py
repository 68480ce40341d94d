"""Transcripts of calls brought in by hand: files on a page, by the rules of every other import."""
