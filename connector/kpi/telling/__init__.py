"""Numbers, proofs and definitions as people read them: text, tables, JSON, CSV."""
