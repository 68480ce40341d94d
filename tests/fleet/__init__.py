"""`kpi run --fleet` on a real PostgreSQL, with pretend accounts where the schedule is the question."""
