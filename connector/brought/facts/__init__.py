"""Facts that no CRM gives, row by row: read tolerantly, judged strictly, every bad row named at once. Pure."""
