"""The bottom: one database, SQLite or PostgreSQL, by SQL that both speak. Short transactions, none across HTTP."""
