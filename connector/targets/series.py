"""What people did month by month, as targets look at it. Values and arithmetic only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from connector.moment import Period

COMPARABLE = 3
"""Months with work in them below which somebody's own history says too little (kpi/statistics.md, "Target setting")."""


@dataclass(frozen=True, slots=True)
class Month:
    """One person's month. `days`: worked, so absences are out. `amounts`: of each win, in units of the currency, and
    `moments`: how much of the month's working time was over at each (0..1).

    `cohort_leads`, `cohort_wins`: enquiries of the month whose window is over, and those of them that were won; the
    same in `ripened` by the day on which the window ended.
    """

    label: str
    days: float
    leads: int = 0
    cohort_leads: int = 0
    cohort_wins: int = 0
    amounts: tuple[float, ...] = ()
    moments: tuple[float, ...] = ()
    ripened: tuple[tuple[date, int, int], ...] = ()

    def known_by(self, day: date) -> Month:
        """As it was known when this day began: of its cohort what was ripe by then."""
        ripe = tuple(one for one in self.ripened if one[0] < day)
        if len(ripe) == len(self.ripened):
            return self
        leads, wins = sum(n for _, n, _ in ripe), sum(n for _, _, n in ripe)
        return replace(self, cohort_leads=leads, cohort_wins=wins, ripened=ripe)

    @property
    def wins(self) -> int:
        """Deals won."""
        return len(self.amounts)

    @property
    def revenue(self) -> float:
        """Their sum."""
        return sum(self.amounts)

    def by(self, share: float) -> tuple[int, float]:
        """Wins and revenue by the time this share of working time was over."""
        seen = [amount for amount, at in zip(self.amounts, self.moments, strict=True) if at <= share]
        return len(seen), sum(seen)


@dataclass(frozen=True, slots=True)
class Person:
    """A seller and his months, oldest first. `tenure`: full months before the first of `months`, None where unknown."""

    user: str
    name: str
    months: tuple[Month, ...]
    tenure: int | None = None

    @property
    def comparable(self) -> int:
        """Months in which he worked at all."""
        return sum(month.days > 0 for month in self.months)

    def until(self, label: str) -> Person:
        """As he was known before this month began: what his enquiries came to later is not in it."""
        first = Period.parse(label).start
        months = tuple(one.known_by(first) for one in self.months if one.label < label)
        return Person(self.user, self.name, months, self.tenure)


@dataclass(frozen=True, slots=True)
class Ahead:
    """The month for which something is asked: its label, and the days each person is going to work in it."""

    label: str
    days: Mapping[str, float]


def months_before(label: str, count: int) -> list[str]:
    """Labels of so many months before one, oldest first."""
    first = Period.parse(label).start
    place = first.year * 12 + first.month - 1
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(place - count, place)]


def labels(people: Sequence[Person]) -> list[str]:
    """Every month that anybody has, in order."""
    return sorted({month.label for person in people for month in person.months})
