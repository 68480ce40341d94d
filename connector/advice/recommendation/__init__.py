"""Which KPIs to set for somebody, why, and how far."""
