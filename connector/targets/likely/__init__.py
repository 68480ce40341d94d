"""How likely plans of other KPIs than revenue are: counts, shares, the average deal. Pure."""
