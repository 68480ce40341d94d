"""From the CRM into the store: pull | save, and a sweep that finds what vanished without a word."""
