"""Why a number is another one than it was: record by record."""
