"""What a KPI's interval is had from (rule C12): the way its definition allows, and what is measured for it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from connector.kpi.definition import Kpi, Measure, Take
from connector.kpi.unpriced import adds_nothing

Way = Literal[
    "share", "marks", "rate", "counts", "sum_rate", "sum_counts", "sum_share", "pairs", "mean", "ranks", "waits",
    "survival", "plan", "none", "total",
]  # fmt: skip
"""Part of a whole, marks of each fact, counted a day, counted among others; a sum a day, a sum by a count of others,
part of a sum, the ratio of two sums (or of a sum to how many it has) of each client or deal; a mean, a quantile,
one that is by Kaplan-Meier where many wait, the quantile by Kaplan-Meier. Without an interval: against a plan, a ratio
that nothing tells how sure it is, and no share or mean at all.
"""
Side = tuple[Measure, ...]


def way(kpi: Kpi) -> Way:
    """How the KPI's interval is had."""
    take = kpi.top[0].take
    if kpi.spread is not None:
        return "mean"
    if take in ("quantile", "age"):
        return "waits" if kpi.waits else "ranks"
    if take == "survival":
        return "survival"
    if kpi.proportion:
        return "share"
    return _of_ratio(kpi) if kpi.ratio else "total"


def varied(kpi: Kpi) -> tuple[Side, Side]:
    """What is measured of both sides besides their values, where that tells how sure the KPI is."""
    return _varied(way(kpi), kpi.top, kpi.bottom)


def for_interval(kpi: Kpi) -> Side:
    """The same of both sides together."""
    above, below = varied(kpi)
    return above + below


def _of_ratio(kpi: Kpi) -> Way:
    if kpi.plan is not None:
        return "plan"
    if kpi.marks:
        return "marks"
    if all(_counts(one) for one in kpi.top + kpi.bottom):
        return "rate" if kpi.days else "counts"
    if any(one.take != "sum" for one in kpi.top):
        return "none"
    return "sum_rate" if kpi.days else _of_sums(kpi)


def _of_sums(kpi: Kpi) -> Way:
    if all(_counts(one) for one in kpi.bottom):
        return "pairs" if _of_each(kpi) else "sum_counts"
    if any(one.take not in ("sum", "clients") for one in kpi.bottom):
        return "none"
    return "sum_share" if kpi.parts or all(_belongs(one, kpi.bottom) for one in kpi.top) else "pairs"


def _counts(one: Measure) -> bool:
    """Whether it counts facts, or the parts of wins that are shared."""
    return one.take == "count" or (one.kinds == ("win_part",) and one.take == "sum" and one.of == "number")


def _of_each(kpi: Kpi) -> bool:
    """Whether it counts what it adds up, so that it is a mean: its facts are no other events by which it may vary."""
    added = [one for one in kpi.top if not adds_nothing(one)]
    if len(added) != 1 or len(kpi.bottom) != 1:
        return False
    [one], [whole] = added, kpi.bottom
    return set(one.kinds) <= set(whole.kinds) and set(whole.where) <= set(one.where)


def _belongs(one: Measure, whole: Side) -> bool:
    """Whether all that it adds up is added up below too."""
    return all(
        any(
            kind in other.kinds and set(other.where) <= set(one.where) and other.take == "sum" and other.of == one.of
            for other in whole
        )
        for kind in one.kinds
    )


@lru_cache(1024)
def _varied(told: Way, top: Side, bottom: Side) -> tuple[Side, Side]:
    if told in ("sum_rate", "sum_counts"):
        return _taken(top, "squares"), ()
    if told == "sum_share":
        return _taken(top, "squares"), _taken(bottom, "squares")
    if told == "pairs":
        return _taken(top, "each"), _taken((one for one in bottom if one.take == "sum"), "each")
    return (), ()


def _taken(side: Iterable[Measure], take: Take) -> Side:
    return tuple(replace(one, take=take) for one in side)
