"""For whoever writes the next provider: the conformance suite and an in-memory provider."""
