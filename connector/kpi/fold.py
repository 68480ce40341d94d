"""Facts folded in Python: the cell of one fact, and of several; what SQL does in one statement. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

import msgspec

from connector.derive.history import worst
from connector.fact import Confidence
from connector.kpi.definition import Countable, Kpi, Limits, Measure
from connector.kpi.kinds import KINDS
from connector.kpi.varying import varied

Waited = tuple[float, bool]
"""How long until it was over, and whether it was; else how long it has lasted so far (survival)."""
Share = tuple[str, float]
"""A client (a deal where none is known), and what the fact brings it."""


class Known(Countable, Protocol):
    """A fact as a cell needs it."""

    @property
    def client(self) -> str | None: ...
    @property
    def confidence(self) -> Confidence: ...
    @property
    def key(self) -> str: ...


class Cell(msgspec.Struct, gc=False):
    """One measure of one person: the count or sum, of how many facts, the worst confidence among them.

    `unpriced`: facts that have no amount for want of a rate. `assumed`: facts that rest on an assumption. `values`:
    what a quantile is taken of, the clients counted, how long each waited, or what each brings to whom. There are
    thousands on a board and none in a circle, so the garbage collector is spared them: it took more than half of the
    time.
    """

    total: int | Decimal = 0
    n: int = 0
    confidence: Confidence = "exact"
    unpriced: int = 0
    values: tuple[float | str | Waited | Share, ...] = ()
    assumed: int = 0

    def add(self, other: Cell) -> None:
        """Both together."""
        self.total += other.total
        self.n += other.n
        self.unpriced += other.unpriced
        self.values += other.values
        self.assumed += other.assumed
        self.confidence = worst(self.confidence, other.confidence)


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a KPI is computed from: both sides, the values whose mean it is, and how many facts are too young.

    `above`, `below`: what is measured of both sides to tell how sure it is (kpi/varying.py).
    """

    top: Cell
    bottom: Cell
    spread: Cell
    ripening: int
    above: Cell = field(default_factory=Cell)
    below: Cell = field(default_factory=Cell)


def cell_of(one: Measure, fact: Known, limits: Limits) -> Cell | None:
    """What a fact that the measure holds brings to it, None where it lacks the value that is gathered."""
    assumed = int(fact.confidence == "assumed")
    if one.take == "count":
        return Cell(1, 1, fact.confidence, assumed=assumed)
    if one.take == "sum":
        value = getattr(fact, one.of)
        total = int(value or 0) if one.of == "amount" else plain(value or 0)
        known = value is not None
        return Cell(total, known, fact.confidence, not known and one.of == "amount", assumed=assumed)
    if one.take == "squares":
        square = squared(one, fact)
        return Cell(plain(square or 0), square is not None, fact.confidence, assumed=assumed)
    found = value_of(one, fact, limits)
    return None if found is None else Cell(0, 1, fact.confidence, values=(found,), assumed=assumed)


def plain(total: int | float | Decimal) -> Decimal:
    """As it is written down: a float ends in noise, and a database's sum of them in that of the order it took."""
    return Decimal(f"{total:.12g}") if isinstance(total, float) and not total.is_integer() else Decimal(total)


def squared(one: Measure, fact: Known) -> float | None:
    """The square of what the fact brings; of the part of a shared win its part of the square of the whole, as the parts
    are no wins by themselves.
    """
    value = getattr(fact, one.of)
    if value is None or (fact.kind == "win_part" and not fact.number):
        return None
    return float(value) * float(value) / (float(fact.number or 1) if fact.kind == "win_part" else 1)


def value_of(one: Measure, fact: Known, limits: Limits) -> float | str | Waited | Share | None:
    """What is gathered of a fact where it cannot be added up."""
    if one.take == "clients":
        return fact.client
    if one.take == "survival":
        return _waited(fact, limits)
    if one.take == "age":
        stands = max(0.0, (limits.of(one)["as_of"] - fact.at) / 1000)
        return None if fact.number is None else stands + fact.number
    if one.take == "expected":
        chance = limits.chance(fact.stage, fact.at)
        return None if chance is None or fact.amount is None else round(fact.amount * chance)
    value: float | None = getattr(fact, one.of)
    if one.take == "each" and value is not None:
        return fact.client or fact.key.partition("|")[2], float(value)
    return value


def _waited(fact: Known, limits: Limits) -> Waited:
    """Over with a number, unless a deal's end was no win; what goes on has lasted until the report's moment."""
    if fact.number is not None:
        return fact.number, fact.stage in (None, "won")
    until = int(limits.happened["as_of"])
    if KINDS[fact.kind].working:
        return limits.working(fact.at, until), False
    return max(0, until - fact.at) / 1000, False


def fold(measures: Iterable[Measure], facts: Iterable[Known], limits: Limits) -> Cell:
    """One side of a KPI over these facts."""
    whole, listed = Cell(), list(facts)
    for one in measures:
        named = limits.of(one)
        for fact in listed:
            if one.holds(fact, named) and (cell := cell_of(one, fact, limits)) is not None:
                whole.add(cell)
    return whole


def gather(kpi: Kpi, facts: Iterable[Known], limits: Limits) -> Gathered:
    """All of a KPI over these facts."""
    listed = list(facts)
    spread = fold((kpi.spread,), listed, limits) if kpi.spread else Cell()
    top, bottom = fold(kpi.top, listed, limits), fold(kpi.bottom, listed, limits)
    above, below = (fold(side, listed, limits) for side in varied(kpi))
    return Gathered(top, bottom, spread, fold(kpi.ripens, listed, limits).n, above, below)
