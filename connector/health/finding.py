"""What a look into the data found: how much, for example which, and how far a KPI can be off because of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from connector.kpi.definition import Text
from connector.records import Ref

MOST_EXAMPLES = 5
Claim = Literal["bound", "limit", "exact", "estimate", "unknown"]
"""`bound`: the true value certainly lies between low and high if only these records are in doubt; `limit`: it does as
long as what the finding assumes holds; `exact`: it is the one that differs from the value shown; `estimate`: about;
`unknown`: nobody can say."""


class Example(NamedTuple):
    """One record of those meant, and what is to be seen there; `ref` None where it has no card."""

    ref: Ref | None
    text: Text


@dataclass(frozen=True, slots=True)
class Effect:
    """How far off a KPI of the whole account can be. `value` is as reported, between `low` and `high` it may truly be.

    In the KPI's unit: currency units, shares 0..1, counts. `likely`: what it most probably is, where that is known too.
    """

    kpi: str
    claim: Claim
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    likely: Decimal | None = None

    @property
    def over(self) -> Decimal:
        """By how much at most the value is too high."""
        return self.value - self.low if self.value is not None and self.low is not None else Decimal(0)

    @property
    def under(self) -> Decimal:
        """By how much at most the value is too low."""
        return self.high - self.value if self.value is not None and self.high is not None else Decimal(0)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something amiss: `count` of `of` looked at (None: of an unknown number). `hint`: what to do about it.

    `given`: what its limits assume.
    """

    code: str
    text: Text
    hint: Text
    count: int
    of: int | None = None
    examples: tuple[Example, ...] = ()
    effects: tuple[Effect, ...] = ()
    given: Text | None = None


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Something that looks played, worded as a question. `flatters`, `counter`: KPI keys, of which the second shows it.

    `innocent`: how it may have come about honestly.
    """

    code: str
    user: str | None
    since: datetime
    until: datetime
    count: int
    text: Text
    innocent: Text
    flatters: tuple[str, ...]
    counter: tuple[str, ...]
    examples: tuple[Example, ...] = ()
