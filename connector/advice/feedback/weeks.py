"""What the rules look at beside plans: whole weeks that are over, each person's own and the team's. Pure.

Weeks, because what is looked at every morning is found sooner or later by chance: numbers that stand still from Monday
to Monday are judged once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from connector.config import Rules
from connector.kpi.definition import Kpi
from connector.moment import DAY, Period
from connector.result import Result

NOW, BEFORE = timedelta(weeks=4), timedelta(weeks=8)
"""How much is judged, and against how much of one's own before it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """So many good ones of so many: of stuck deals the good ones are those that are not."""

    good: int
    n: int

    @property
    def share(self) -> float:
        """0 of none."""
        return self.good / self.n if self.n else 0.0

    def __add__(self, other: Counted) -> Counted:
        return Counted(self.good + other.good, self.n + other.n)


NOTHING = Counted(0, 0)


@dataclass(frozen=True, slots=True)
class Weeks:
    """The last four whole weeks (`now`) and the eight before them (`before`), with their results by KPI and subject.

    `peers`: with whom each person is compared, himself included; nobody where too few do the same work.
    """

    now: Period
    before: Period
    kpis: Mapping[str, Kpi] = field(default_factory=dict)
    results: Mapping[tuple[str, str], Result] = field(default_factory=dict)
    earlier: Mapping[tuple[str, str], Result] = field(default_factory=dict)
    peers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)

    def of(self, kpi: str, user: str) -> Counted:
        """One person's last four weeks."""
        return self.counted(self.results.get((kpi, f"user:{user}")))

    def own(self, kpi: str, user: str) -> Counted:
        """His own eight weeks before."""
        return self.counted(self.earlier.get((kpi, f"user:{user}")))

    def others(self, kpi: str, user: str) -> Counted:
        """His team's last four weeks without him."""
        return sum((self.of(kpi, one) for one in self.peers.get(user, ()) if one != user), NOTHING)

    def counted(self, result: Result | None) -> Counted:
        """In whole cases, rounded in the person's favour: a share of script items counts by conversations."""
        if result is None or result.value is None or not result.n:
            return NOTHING
        good = result.value if self.kpis[result.kpi].direction != "less" else 1 - result.value
        exact = float(good * result.n)
        return Counted(min(result.n, math.ceil(exact - 1e-6)), result.n)


def windows(today: date) -> tuple[Period, Period]:
    """The four weeks that ended last Sunday, and the eight before."""
    monday = today - timedelta(days=today.weekday())
    return span(monday - NOW, monday), span(monday - NOW - BEFORE, monday - NOW)


def span(first: date, end: date) -> Period:
    """The days from the first up to, not including, the end."""
    return Period.parse(f"{first}..{end - DAY}")


def points(share: float) -> Decimal:
    """A share as a Decimal, to four places."""
    return Decimal(str(round(share, 4)))
