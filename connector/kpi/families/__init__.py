"""The catalogue's KPIs, declared: one file for each thing they are about."""
