"""Facts -> cells -> results: what each KPI is, how it is measured, reported and proven."""
