"""Transcripts -> scores with evidence: checklists as data, scorers behind one interface, samples for people. Pure but for
speech and network at its edges (speech.py, llm_wire.py).
"""
