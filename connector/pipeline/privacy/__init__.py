"""Personal data: shown, erased, kept for a while."""
