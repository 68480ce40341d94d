"""Numbers to take away: CSV, XLSX, and a month to print and sign. By the same rights as the pages."""
