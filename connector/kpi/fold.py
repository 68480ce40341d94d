"""Facts folded in Python: the cell of one fact, and of several; what SQL does in one statement. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from connector.derive.history import worst
from connector.fact import Confidence
from connector.kpi.definition import Countable, Measure


class Known(Countable, Protocol):
    """A fact as a cell needs it."""

    @property
    def client(self) -> str | None: ...
    @property
    def confidence(self) -> Confidence: ...


@dataclass(slots=True)
class Cell:
    """One measure of one person: the count or sum, of how many facts, the worst confidence among them.

    `unpriced`: facts that have no amount for want of a rate. `values`: what a median is taken of, and clients counted.
    """

    total: int | Decimal = 0
    n: int = 0
    confidence: Confidence = "exact"
    unpriced: int = 0
    values: tuple[float | str, ...] = ()

    def add(self, other: Cell) -> None:
        """Both together."""
        self.total += other.total
        self.n += other.n
        self.unpriced += other.unpriced
        self.values += other.values
        self.confidence = worst(self.confidence, other.confidence)


def cell_of(one: Measure, fact: Known) -> Cell | None:
    """What a fact that the measure holds brings to it, None where it lacks the value that is gathered."""
    if one.take == "count":
        return Cell(1, 1, fact.confidence)
    value = fact.client if one.take == "clients" else fact.amount if one.of == "amount" else fact.number
    if one.take == "sum":
        priced = value is not None
        return Cell(Decimal(value or 0) if one.of == "number" else int(value or 0), priced, fact.confidence, not priced)
    return None if value is None else Cell(n=1, confidence=fact.confidence, values=(value,))


def fold(measures: Iterable[Measure], facts: Iterable[Known], thresholds: Mapping[str, float]) -> Cell:
    """One side of a KPI over these facts."""
    whole, listed = Cell(), list(facts)
    for one in measures:
        for fact in listed:
            if one.holds(fact, thresholds) and (cell := cell_of(one, fact)) is not None:
                whole.add(cell)
    return whole
