"""Cohorts: what began in a period, told once its window is over (K-05b, K-14, K-15, K-17, K-29, K-33)."""

from __future__ import annotations

from connector.kpi.definition import Measure, Where


def mature(kind: str, *more: Where) -> Measure:
    """Those whose window is over."""
    return Measure((kind,), (Where("due_at", "le", "as_of"), *more))


def within(kind: str, window: str = "conversion_window_seconds") -> Measure:
    """Of them those that came to their end within it; `window`: the setting, in the unit of the fact's `number`."""
    return mature(kind, Where("number", "le", window))


def ripening(kind: str) -> Measure:
    """Those whose window is still open: they count nowhere yet."""
    return Measure((kind,), (Where("due_at", "gt", "as_of"),))
