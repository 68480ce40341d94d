"""How sure a KPI is by what was counted and added up, as far as its definition allows (rule C12). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import cast

from connector.kpi.definition import Kpi
from connector.kpi.fold import Cell, Gathered, Share
from connector.kpi.interval import Interval, Pair, of_count, of_counts, of_sum, of_sum_by_count, of_sum_share, wilson
from connector.kpi.varying import Way, way

COUNTED: tuple[Way, ...] = ("share", "marks", "rate", "counts")
"""Those that the numbers of facts alone tell."""
SUMMED: tuple[Way, ...] = ("sum_rate", "sum_counts", "sum_share")
"""Those that sums tell, and how the facts' own values differ: the sums of their squares."""


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


def summed(kpi: Kpi, found: Gathered, days: int | None) -> Interval | None:
    """Of a KPI of one of the ways that are SUMMED, in what the sums are in; None where there is nothing to be sure of.

    Of a refund that is a part of its sale no more is known than that it is at most all of it, so the interval of the
    share is no narrower than it should be.
    """
    total, squares = float(found.top.total), float(found.above.total)
    told, below = way(kpi), float(found.bottom.total)
    if told == "sum_share":
        return of_sum_share(total, below, (squares, float(found.below.total)))
    if told == "sum_rate":
        return of_sum(total, squares, days) if days else None
    return of_sum_by_count(total, squares, _number(kpi, found.bottom))


def pairs(kpi: Kpi, found: Gathered) -> Iterator[Pair]:
    """What each client (where none is known each deal) has above and below; of a number of clients each is one, of a
    number of facts each that brings something is its client's, and each that does not is by itself.
    """
    above, below = _by_unit(found.above), _by_unit(found.below)
    if kpi.bottom[0].take == "count":
        below = dict(Counter(str(unit) for unit, _ in cast(tuple[Share, ...], found.above.values)))
        yield from [(0.0, 1.0)] * (found.bottom.n - found.above.n)
    if kpi.bottom[0].take == "clients":
        below = {str(client): 1.0 for client in found.bottom.values}
    for unit in above.keys() | below.keys():
        yield above.get(unit, 0.0), below.get(unit, 0.0)


def _by_unit(cell: Cell) -> dict[str, float]:
    found: dict[str, float] = {}
    for unit, value in sorted(cast(tuple[Share, ...], cell.values)):  # by the measure; a sum of floats has an order
        found[unit] = found.get(unit, 0.0) + value
    return found


def _number(kpi: Kpi, cell: Cell) -> float:
    return float(cell.total) if kpi.marks or kpi.credit == "split" else cell.n
