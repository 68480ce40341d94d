"""What the CRMs said, and what hangs on what."""
