"""Transcripts -> scores with evidence: checklists as data, scorers behind one door, samples for people.

Pure, but for speech and the network at its edges (speech.py, llm_wire.py).
"""
