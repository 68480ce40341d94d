"""Which model carries a KPI, or why none does. Pure."""

from __future__ import annotations

from typing import Literal

from connector.kpi.definition import Kpi

Shape = Literal["revenue", "count", "share", "average"]
Unlikely = Literal["no_model", "standing", "ripens", "no_side"]
"""Why nothing is said of chances: medians, sums of money and ratios of sums have no model; what stands at a month's end
is not remembered of the months before; what is judged late is not known yet; what has no good side is no plan's.
"""


_BY_KEY: dict[str, Shape] = {"revenue": "revenue", "average_deal": "average"}


def shape_of(kpi: Kpi) -> Shape | Unlikely:
    """By its formula, so that KPIs of one's own are carried too."""
    if kpi.direction == "neither":
        return "no_side"
    if kpi.standing or kpi.ripens:
        return "standing" if kpi.standing else "ripens"
    if kpi.proportion and kpi.bottom:
        return "share"
    counted = kpi.unit == "count" and not kpi.ratio and all(one.take == "count" for one in kpi.top)
    return _BY_KEY.get(kpi.key) or ("count" if counted else "no_model")


def ramped(kpi: Kpi) -> bool:
    """Whether newcomers do less of it: they sell less, but dial no less."""
    return kpi.family in ("financial", "client")
