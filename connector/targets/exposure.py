"""How much of an ordinary month a month was: worked days, the season, and who is still learning. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connector.targets.series import Month, Person, labels

RAMP_MONTHS = 4
"""Until when somebody new is expected to sell less (methods.md 3.2)."""
HIRES = 5
"""From so many newcomers on their own curve is taken instead."""
SEASON_FROM = 6
"""Months of history below which no season is told from chance."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is common to the team: a factor for each month of the year, and how a newcomer grows."""

    season: Mapping[int, float]
    ramp: tuple[float, ...]

    def exposure(self, label: str, days: float, tenure: int | None) -> float:
        """Days as an experienced seller's days of an average month."""
        grown = 1.0 if tenure is None or tenure >= len(self.ramp) else self.ramp[max(tenure, 0)]
        return days * self.season.get(_month(label), 1.0) * grown


LINEAR_RAMP = tuple((month + 1) / RAMP_MONTHS for month in range(RAMP_MONTHS))
"""How a newcomer grows where too few were seen to know better."""


def ground(people: Sequence[Person]) -> Ground:
    """Season and ramp of a team."""
    season = _season(people)
    return Ground(season, _ramp(people, season))


def _month(label: str) -> int:
    return int(label[5:7])


def _season(people: Sequence[Person]) -> dict[int, float]:
    """Of revenue."""
    return season_of([(label, rate) for label in labels(people) if (rate := _rate(people, label)) is not None])


def season_of(known: Sequence[tuple[str, float]]) -> dict[int, float]:
    """The team's rate a worked day of each month beside its centred year, with one pretended observation of 1.

    Months seen once only count half as much as chance suggests; with less than half a year there is no season at all.
    """
    if len(known) < SEASON_FROM:
        return {}
    ratios: dict[int, list[float]] = {}
    for place, (label, rate) in enumerate(known):
        around = [other for _, other in known[max(0, place - 6) : place + 7]]
        mean = sum(around) / len(around)
        if mean > 0:
            ratios.setdefault(_month(label), []).append(rate / mean)
    return {month: (sum(some) + 1) / (len(some) + 1) for month, some in ratios.items()}


def _rate(people: Sequence[Person], label: str) -> float | None:
    """Revenue a worked day of those who are no newcomers; None where nobody worked."""
    seen = [month for person in people for place, month in enumerate(person.months) if _grown(person, place, label)]
    days = sum(month.days for month in seen)
    return sum(month.revenue for month in seen) / days if days else None


def _grown(person: Person, place: int, label: str) -> bool:
    tenure = None if person.tenure is None else person.tenure + place
    return person.months[place].label == label and (tenure is None or tenure >= RAMP_MONTHS)


def _ramp(people: Sequence[Person], season: Mapping[int, float]) -> tuple[float, ...]:
    """The share of an experienced seller's result by months of tenure, never falling; linear where few were hired."""
    new = [person for person in people if person.tenure == 0 and person.comparable >= RAMP_MONTHS]
    usual = _usual(people, season)
    if len(new) < HIRES or not usual:
        return LINEAR_RAMP
    curve, reached = [], 0.0
    for tenure in range(RAMP_MONTHS):
        rates = sorted(_per_day(person.months[tenure], season) / usual for person in new)
        reached = min(1.0, max(reached, rates[len(rates) // 2]))
        curve.append(max(reached, 0.05))
    return tuple(curve)


def _usual(people: Sequence[Person], season: Mapping[int, float]) -> float:
    grown = [
        month
        for person in people
        for place, month in enumerate(person.months)
        if person.tenure is None or person.tenure + place >= RAMP_MONTHS
    ]
    days = sum(month.days * season.get(_month(month.label), 1.0) for month in grown)
    return sum(month.revenue for month in grown) / days if days else 0.0


def _per_day(month: Month, season: Mapping[int, float]) -> float:
    days = month.days * season.get(_month(month.label), 1.0)
    return month.revenue / days if days else 0.0
