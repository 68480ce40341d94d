"""What was asked of the CRM and what became of it."""
