"""What people did of one KPI month by month. Values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connector.targets.exposure import LINEAR_RAMP, Ground, season_of
from connector.targets.model import FADING


@dataclass(frozen=True, slots=True)
class Tally:
    """One person's month: `days` worked, what was counted, and of a share of how many `tries`."""

    label: str
    days: float
    hits: float = 0.0
    tries: float = 0.0

    @property
    def share(self) -> float | None:
        """None of nothing."""
        return self.hits / self.tries if self.tries else None


NOTHING = Tally("", 0.0)
"""Of who has done nothing yet."""


@dataclass(frozen=True, slots=True)
class ByNow:
    """Of a running month: how much of it usually has come by now (0..1), and how many times more than dice the way
    there strays, as days come in bursts.
    """

    expected: float
    bursts: float = 1.0


@dataclass(frozen=True, slots=True)
class Tallied:
    """A person and his months, oldest first; `tenure`: full months before the first of them, None where unknown."""

    user: str
    name: str
    months: tuple[Tally, ...]
    tenure: int | None = None

    def until(self, label: str) -> Tallied:
        """As he was before this month began."""
        return Tallied(self.user, self.name, tuple(one for one in self.months if one.label < label), self.tenure)

    def tries(self) -> Tallied:
        """The same with what is divided by as the thing that is counted."""
        months = tuple(Tally(one.label, one.days, one.tries) for one in self.months)
        return Tallied(self.user, self.name, months, self.tenure)

    def faded(self) -> list[tuple[Tally, float]]:
        """Each month with how much it counts: the last one wholly."""
        return [(one, FADING ** (len(self.months) - 1 - place)) for place, one in enumerate(self.months)]

    def tenure_in(self, place: int) -> int | None:
        """Full months before the month at this place."""
        return None if self.tenure is None else self.tenure + place


def labels_of(people: Sequence[Tallied]) -> list[str]:
    """Every month that anybody has, in order."""
    return sorted({month.label for person in people for month in person.months})


def ground_of(people: Sequence[Tallied], *, ramped: bool) -> Ground:
    """The season of what is counted; `ramped`: newcomers do less of it, as of sales and not of calls."""
    rates = []
    for label in labels_of(people):
        seen = [month for person in people for month in person.months if month.label == label]
        days = sum(month.days for month in seen)
        rates += [(label, sum(month.hits for month in seen) / days)] if days else []
    return Ground(season_of(rates), LINEAR_RAMP if ramped else ())
