"""Cells -> result: the value, or None with the reason why there is nothing to measure. Pure."""

from __future__ import annotations

import math
from decimal import Decimal

from msgspec.structs import replace

from connector.kpi.definition import Kpi, Measure
from connector.kpi.fold import Cell
from connector.money import to_units
from connector.result import Result

_Z90 = 1.6448536269514722
"""The 95th percentile of the normal distribution: 90 % lie between its two signs."""


def wilson(hits: int, n: int) -> tuple[Decimal, Decimal]:
    """The 90 % interval of a proportion (rule C12); n > 0."""
    share, z2 = hits / n, _Z90 * _Z90
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z90 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Decimal(str(round(low, 6))), Decimal(str(round(high, 6)))


def evaluate(
    kpi: Kpi, subject: str, period: str, top: Cell, bottom: Cell, *, currency: str, plan: Decimal | None = None
) -> Result:
    """The KPI of one subject from the sums of its two sides; `plan` in currency units."""
    blank = Result(kpi=kpi.key, subject=subject, period=period, unit=kpi.unit, value=None)
    above = _folded(kpi.top[0], top, currency)
    if kpi.plan is not None:
        return _judged(kpi, replace(_divided(blank, above, plan or None), n=top.n), top)
    if kpi.bottom:
        both = Cell()
        both.add(top)
        both.add(bottom)
        interval = wilson(top.n, bottom.n) if kpi.proportion and bottom.n else None
        ratio = _divided(blank, above, _folded(kpi.bottom[0], bottom, currency))
        return _judged(kpi, replace(ratio, n=bottom.n, interval=interval), both)
    value = None if above is None else above / kpi.per
    return _judged(kpi, replace(blank, value=value, numerator=value if kpi.top[0].additive else None, n=top.n), top)


def without_source(kpi: Kpi, subject: str, period: str) -> Result:
    """What the CRM does not give or the configuration does not name is not 0."""
    return Result(kpi=kpi.key, subject=subject, period=period, unit=kpi.unit, value=None, reason="no_source")


def _divided(blank: Result, above: Decimal | None, below: Decimal | None) -> Result:
    value = above / below if above is not None and below else None
    return replace(blank, value=value, numerator=above, denominator=below)


def _folded(one: Measure, cell: Cell, currency: str) -> Decimal | None:
    """The cell's value in the measure's unit; None only for the median of nothing."""
    if one.take == "clients":
        return Decimal(len(set(cell.values)))
    if one.take == "median":
        return _median(cell)
    return to_units(int(cell.total), currency) if one.money else Decimal(cell.total)


def _median(cell: Cell) -> Decimal | None:
    if not cell.values:
        return None
    ordered = sorted(float(value) for value in cell.values)
    middle = [Decimal(ordered[place]) for place in ((len(ordered) - 1) // 2, len(ordered) // 2)]
    return sum(middle, Decimal(0)) / 2


def _judged(kpi: Kpi, result: Result, cell: Cell) -> Result:
    """With how far it can be trusted, by the facts it rests on."""
    enough = result.value is not None and result.n >= kpi.minimum
    reason = None if enough else "few_data" if result.value is not None and result.n else kpi.empty
    return replace(result, enough=enough, confidence=cell.confidence, reason="no_rate" if cell.unpriced else reason)
