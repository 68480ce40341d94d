"""An account's own KPIs: from the words of its configuration to a declared KPI, or to what is wrong with them."""
