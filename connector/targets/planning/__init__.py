"""What people are judged by: KPI sets and whether they are balanced, plans by available days, cascade, score. Pure."""
