"""How sure a KPI is: which interval its definition allows (rule C12), and that of what is counted. Pure."""

from __future__ import annotations

from typing import Literal

from connector.kpi.definition import Kpi, Measure
from connector.kpi.fold import Cell, Gathered
from connector.kpi.interval import Interval, of_count, of_counts, wilson

Way = Literal["share", "marks", "rate", "counts", "mean", "ranks", "survival", "plan", "sums", "total"]
"""Part of a whole, marks of each fact, counted a day, counted among others, a mean, a quantile, the quantile by
Kaplan-Meier; without an interval: against a plan, of sums that would need each fact, and no share or mean at all.
"""
COUNTED: tuple[Way, ...] = ("share", "marks", "rate", "counts")
"""Those that the numbers of facts alone tell."""


def way(kpi: Kpi) -> Way:
    """How the KPI's interval is had."""
    take = kpi.top[0].take
    if kpi.spread is not None:
        return "mean"
    if take in ("quantile", "age"):
        return "ranks"
    if take == "survival":
        return "survival"
    if kpi.proportion:
        return "share"
    return _of_ratio(kpi) if kpi.ratio else "total"


def _of_ratio(kpi: Kpi) -> Way:
    if kpi.plan is not None:
        return "plan"
    if kpi.marks:
        return "marks"
    if all(_counts(one) for one in kpi.top + kpi.bottom):
        return "rate" if kpi.days else "counts"
    return "sums"


def _counts(one: Measure) -> bool:
    """Whether it counts facts, or the parts of wins that are shared."""
    return one.take == "count" or (one.kinds == ("win_part",) and one.take == "sum" and one.of == "number")


def counted(kpi: Kpi, found: Gathered, days: int | None) -> Interval | None:
    """Of a KPI of one of the ways that are COUNTED; None where there is nothing to be sure of.

    Of a shared win each part counts as the part that it is. As none is more than one, that many whole ones would tell
    no more, so the interval is no narrower than it should be.
    """
    told, top, bottom = way(kpi), _number(kpi, found.top), _number(kpi, found.bottom)
    if told == "rate":
        return of_count(top, days) if days else None
    if bottom <= 0 or (told != "counts" and top > bottom):
        return None
    if told == "marks":
        return wilson(top / bottom * found.bottom.n, found.bottom.n)
    return wilson(top, bottom) if told == "share" else of_counts(top, bottom)


def _number(kpi: Kpi, cell: Cell) -> float:
    return float(cell.total) if kpi.marks or kpi.credit == "split" else cell.n
