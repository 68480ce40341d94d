"""What each page shows, as values: results, plans and proofs in; text in the reader's language and links out. Pure."""
