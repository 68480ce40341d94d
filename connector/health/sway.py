"""How far a KPI may be off when records are not as they stand but one of several other ways. Pure.

What adds up is n / d, and each record in doubt brings one of a few pairs to it. The least and the greatest n / d are
found as Dinkelbach does: with the value so far each record takes the way that is best for n - value * d, which gives
the next value, until none gains. Of a quantile the lowest is that with the smallest of the values that may be there,
as long as another one still lowers it, and the highest the other way round.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from connector.fact import Confidence
from connector.health.bounds import Row
from connector.health.finding import Effect
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Kpi, Limits, Measure
from connector.kpi.evaluate import evaluate
from connector.kpi.fold import Cell, Gathered, value_of
from connector.money import to_units
from connector.result import Result

Pair = tuple[Decimal, Decimal]
"""What something brings to numerator and denominator, in the KPI's units."""


@dataclass(frozen=True, slots=True)
class Imagined:
    """A fact as it may be."""

    key: str
    kind: str
    at: int
    dossier: str = ""
    client: str | None = None
    amount: int | None = None
    number: float | None = None
    other: float | None = None
    due_at: int | None = None
    pipeline_id: str | None = None
    source: str | None = None
    stage: str | None = None
    confidence: Confidence = "assumed"
    omitted: str | None = None


Way = Sequence[Row]
"""The facts of one record, if it is so."""
Ways = Sequence[Way]
"""Every way that a record may be; the first is as it stands."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What stays as it is: facts by kind, how to count, and what the account's report says of each KPI.

    A KPI that the report has no value of is not distorted; without a report all are taken to have their source.
    """

    facts: Mapping[str, Sequence[Row]]
    limits: Limits
    currency: str
    reported: Mapping[str, Result] | None = None


def swayed(kpi: Kpi, ground: Ground, doubtful: Sequence[Ways], likely: Sequence[Way] = ()) -> Effect | None:
    """How far the KPI is off; `likely`: each record as it most probably is.

    None where nothing of it depends on them or it has no value; "unknown" where it does and nobody can say how far.
    """
    touched = [ways for ways in doubtful if any(kpi_kinds(kpi).intersection(_kinds(way)) for way in ways)]
    if not touched or (ground.reported is not None and _value(kpi, ground) is None):
        return None
    if kpi.top[0].take in ("quantile", "age"):
        return _of_values(kpi, ground, touched)
    if not all(_adds_up(one) for one in kpi.top):
        return None
    return _of_pairs(kpi, ground, doubtful, likely)


def kpi_kinds(kpi: Kpi) -> frozenset[str]:
    """The kinds of facts that its value is made of."""
    return frozenset(kind for one in (*kpi.top, *kpi.bottom, *_reached(kpi)) for kind in one.kinds)


def _kinds(way: Way) -> Iterable[str]:
    return (row.kind for row in way)


def _value(kpi: Kpi, ground: Ground) -> Decimal | None:
    told = ground.reported.get(kpi.key) if ground.reported is not None else None
    return told.value if told is not None else None


def _adds_up(one: Measure) -> bool:
    return one.additive or one.take == "expected"


def _reached(kpi: Kpi) -> tuple[Measure, ...]:
    """What is taken off a plan of which only the rest counts."""
    return ALL[kpi.plan].top if kpi.left and kpi.plan else ()


def _of_pairs(kpi: Kpi, ground: Ground, doubtful: Sequence[Ways], likely: Sequence[Way]) -> Effect | None:
    shared: dict[int, Pair] = {}

    def pair(way: Way) -> Pair:
        found = shared.get(id(way))
        if found is None:
            found = shared[id(way)] = _pair(kpi, way, ground)
        return found

    choices = Counter(tuple(pair(way) for way in ways) for ways in doubtful)
    if all(len(set(some)) == 1 for some in choices):
        return None
    sure = _sure(kpi, ground)
    now = None if sure is None else _over(_plus(sure, choices, lambda some: some[0]))
    if sure is None or now is None:
        return None if kpi.plan or kpi.days else Effect(kpi.key, "unknown", now)
    if _plus(sure, choices, lambda some: min(some, key=lambda one: one[1]))[1] < 0:
        return Effect(kpi.key, "unknown", now)
    low, high = (_extreme(sure, choices, now, sign) for sign in (Decimal(-1), Decimal(1)))
    if low is None or high is None:
        return Effect(kpi.key, "unknown", now)
    if low == high:
        return None
    about = _over(_plus(sure, Counter((pair(way),) for way in likely), lambda some: some[0])) if likely else None
    return Effect(kpi.key, "limit", now, low, high, about)


def _sure(kpi: Kpi, ground: Ground) -> Pair | None:
    """Both sides without what is in doubt; what cannot be added up below is as the report has it."""
    everything = [row for kind in kpi_kinds(kpi) for row in ground.facts.get(kind, ())]
    top, bottom = _pair(kpi, everything, ground)
    if not kpi.ratio:
        return top, Decimal(1)
    if kpi.plan or kpi.days or not all(one.additive for one in kpi.bottom):
        told = ground.reported.get(kpi.key) if ground.reported is not None else None
        return None if told is None or told.denominator is None else (top, told.denominator * kpi.per)
    return top, bottom


def _pair(kpi: Kpi, rows: Iterable[Row], ground: Ground) -> Pair:
    """Of a KPI that divides by nothing, or by what cannot be added up, the second is 0."""
    counted = [row for row in rows if row.omitted is None]
    below = kpi.bottom if all(one.additive for one in kpi.bottom) else ()
    top, bottom, reached = (
        sum((_brings(one, row, ground) for one in side for row in counted), Decimal(0))
        for side in (kpi.top, below, _reached(kpi))
    )
    return top / (1 if kpi.ratio else kpi.per), bottom * kpi.per - reached


def _brings(one: Measure, row: Row, ground: Ground) -> Decimal:
    if not one.holds(row, ground.limits.of(one)):
        return Decimal(0)
    if one.take == "count":
        return Decimal(1)
    value: Any = getattr(row, one.of) if one.take == "sum" else value_of(one, row, ground.limits)  # type: ignore[arg-type]
    return to_units(int(value or 0), ground.currency) if one.money else Decimal(str(value or 0))


def _plus(sure: Pair, choices: Mapping[tuple[Pair, ...], int], pick: Callable[[Sequence[Pair]], Pair]) -> Pair:
    top, bottom = sure
    for some, times in choices.items():
        above, below = pick(some)
        top, bottom = top + above * times, bottom + below * times
    return top, bottom


def _over(pair: Pair) -> Decimal | None:
    return pair[0] / pair[1] if pair[1] > 0 else None


def _extreme(sure: Pair, choices: Mapping[tuple[Pair, ...], int], value: Decimal, sign: Decimal) -> Decimal | None:
    """The greatest value (`sign` 1) or the least (-1); None where something may be left above and nothing below."""
    while True:
        top, bottom = _plus(sure, choices, partial(_best, value=value, sign=sign))
        if sign * (top - value * bottom) <= 0:
            return value
        if bottom <= 0:
            return None
        value, before = top / bottom, value
        if value == before:
            return value


def _best(some: Sequence[Pair], value: Decimal, sign: Decimal) -> Pair:
    return max(some, key=lambda one: sign * (one[0] - value * one[1]))


def _of_values(kpi: Kpi, ground: Ground, doubtful: Sequence[Ways]) -> Effect | None:
    """Of a quantile: what may be there, and what may be missing."""
    sure = list(_values(kpi, (row for kind in kpi_kinds(kpi) for row in ground.facts.get(kind, ())), ground))
    options = [[next(iter(_values(kpi, way, ground)), None) for way in ways] for ways in doubtful]
    now = _quantile(kpi, [*sure, *(some[0] for some in options if some[0] is not None)], ground)
    if now is None or all(len(set(some)) == 1 for some in options):
        return None
    low, high = (_furthest(kpi, sure, options, ground, sign) for sign in (-1, 1))
    return None if low == high or low is None or high is None else Effect(kpi.key, "limit", now, low, high)


def _values(kpi: Kpi, rows: Iterable[Row], ground: Ground) -> Iterable[float]:
    one = kpi.top[0]  # what else stands there tells only what is missing
    for row in rows:
        if row.omitted is None and one.holds(row, ground.limits.of(one)):
            value = value_of(one, row, ground.limits)  # type: ignore[arg-type]
            if isinstance(value, int | float):
                yield value


def _quantile(kpi: Kpi, values: Collection[float], ground: Ground) -> Decimal | None:
    cell = Cell(0, len(values), values=tuple(values))
    return evaluate(kpi, "", "", Gathered(cell, Cell(), Cell(), 0), currency=ground.currency).value


def _furthest(
    kpi: Kpi, sure: Sequence[float], options: Sequence[Sequence[float | None]], ground: Ground, sign: int
) -> Decimal | None:
    """The lowest quantile (`sign` -1) or the highest: what must be there at its extreme, then of what may be missing
    the most extreme as long as they still move it.
    """
    there, free = list(sure), list[float]()
    for some in options:
        told = [value for value in some if value is not None]
        if told:
            (free if None in some else there).append(max(told, key=lambda value: sign * value))
    free.sort(key=lambda value: -sign * value)

    def idle(at: int) -> bool:
        """Whether the next one moves it no further: it is not beyond what the quantile is by then."""
        so_far, one = (_quantile(kpi, some, ground) for some in ([*there, *free[:at]], free[at : at + 1]))
        return so_far is not None and one is not None and sign * (one - so_far) <= 0

    return _quantile(kpi, [*there, *free[: bisect_left(range(len(free)), True, key=idle)]], ground)
