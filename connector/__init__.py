"""What the CRMs say becomes facts with a date, a person and a proof; KPIs are sums over facts.

pull -> save -> derive -> measure -> judge -> plan -> deliver; `connector.pipeline` strings them together.
"""
