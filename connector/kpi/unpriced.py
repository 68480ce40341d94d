"""Amounts that nobody knows for want of a rate: a KPI that leaves them out says that they are missing. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from connector.kpi.definition import Measure, Where

_NONE = Where("amount", "unknown")


def telling(measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """The same, each that would pass over what has no amount followed by one that adds nothing and tells of it.

    A plain sum of amounts tells of it by itself.
    """
    return tuple(told for one in measures for told in ((one, _beside(one)) if _passes_over(one) else (one,)))


def adds_nothing(one: Measure) -> bool:
    """Whether it is there only to tell of what is missing."""
    return one.take == "sum" and one.money and _NONE in one.where


def _passes_over(one: Measure) -> bool:
    by_amount = any(where.column == "amount" for where in one.where)
    return one.money and not adds_nothing(one) and (one.take != "sum" or by_amount)


def _beside(one: Measure) -> Measure:
    others = tuple(where for where in one.where if where.column != "amount")
    return replace(one, where=(*others, _NONE), take="sum", quantile=0.5)
