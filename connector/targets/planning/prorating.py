"""A plan by the days that somebody can work: without days away, before hiring and after leaving (people.md U13). Pure.

It is shown beside the plan and never instead of it: what was agreed on stays what was agreed on.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from connector.kpi.definition import Kpi

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Prorated:
    """`value` of the plan's `full` value for `days` of the `whole` period's working days."""

    value: Decimal
    full: Decimal
    days: int
    whole: int


def scales(kpi: Kpi) -> bool:
    """Whether half the days mean half the plan: sums and counts of what happened, no ratios, medians or clients."""
    return not kpi.ratio and not kpi.standing and all(one.additive for one in kpi.top)


def prorated(kpi: Kpi, plan: Decimal, days: int, whole: int) -> Prorated | None:
    """None where every day is worked, where the KPI is no sum, or where the period has no working days."""
    if not scales(kpi) or whole <= 0 or days >= whole:
        return None
    value = (plan * max(days, 0) / whole).quantize(_CENT, ROUND_HALF_EVEN)
    return Prorated(value, plan, max(days, 0), whole)
