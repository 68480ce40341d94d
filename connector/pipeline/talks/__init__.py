"""Calls: transcripts in, scored by programs and people, told to the KPIs."""
