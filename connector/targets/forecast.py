"""What a running month will come to: the month's model, updated by what has been won so far (methods.md 4). Pure.

How much should have come by now is the team's own curve within a month, as far as there is history for one, and
working time otherwise: where deals close at the month's end nobody is accused until then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connector.targets.model import DRAWS, Draws, Posterior, Prior, revenue, sums
from connector.targets.series import Person

GRID = 20
"""Points of the curve."""
_TRUSTED = 100.0
"""Wins at which the team's own curve counts as much as plain working time."""


@dataclass(frozen=True, slots=True)
class Curve:
    """The share of a month's result that has come by each share of its working time."""

    points: tuple[float, ...]

    def at(self, share: float) -> float:
        """Between the points in proportion; 0 before the month and 1 after it."""
        place = min(max(share, 0.0), 1.0) * GRID
        low = min(int(place), GRID - 1)
        return self.points[low] + (self.points[low + 1] - self.points[low]) * (place - low)


LINEAR = Curve(tuple(place / GRID for place in range(GRID + 1)))


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where the month ends, in units of the currency, in the middle and in 80 % of cases; `chance` of the plan, None
    without one. `expected_share`: of the month's result that usually has come by now.
    """

    low: float
    middle: float
    high: float
    chance: float | None
    expected_share: float


def curve(people: Sequence[Person]) -> Curve:
    """The team's, by the wins of all its finished months, drawn towards working time where there are few."""
    moments = sorted(at for person in people for month in person.months for at in month.moments)
    weight = len(moments) / (len(moments) + _TRUSTED)
    return Curve(
        tuple(
            (1 - weight) * place / GRID
            + weight * (bisect_right(moments, place / GRID) / len(moments) if moments else 0)
            for place in range(GRID + 1)
        )
    )


def finish(
    one: Posterior,
    team: Prior,
    *,
    exposure: float,
    expected_share: float,
    wins: int,
    fact: float,
    rng: np.random.Generator,
) -> Draws:
    """The whole month drawn many times: what is there, and what so many wins by now let expect of the rest."""
    left = wins_left(one, team, exposure=exposure, expected_share=expected_share, wins=wins, rng=rng)
    return fact + sums(left, one, team, rng)


def wins_left(
    one: Posterior,
    team: Prior,
    *,
    exposure: float,
    expected_share: float,
    wins: int,
    rng: np.random.Generator,
    count: int = DRAWS,
) -> NDArray[np.int64]:
    """How many more there are going to be, drawn as often."""
    shape, rate = _win_rate(one, team, rng, count)
    seen = exposure * expected_share
    rates = rng.gamma(shape + wins, 1 / (rate + seen), count)
    return rng.poisson(rates * max(exposure - seen, 0.0))


def forecast(draws: Draws, expected_share: float, plan: float | None) -> Forecast:
    """What the draws say."""
    low, middle, high = within(draws)
    chance = None if plan is None else float((draws >= plan).mean())
    return Forecast(low, middle, high, chance, expected_share)


def within(draws: Draws) -> tuple[float, float, float]:
    """The lower end, the middle and the upper end of 80 %.

    Late in a month many draws bring nothing more: no month ends below what is there already, so an end that holds more
    than the lowest tenth cannot be missed. What it holds too much the upper end gives up; else nine of ten months lie
    within. Where a few deals are to come and their amounts are known, an end is a single sum that many draws come
    to: it is left out if what remains is nearer to 80 %.
    """
    return within_ordered(np.sort(draws))


def within_ordered(ordered: Draws) -> tuple[float, float, float]:
    """The same of draws from the least to the most."""
    low, middle = map(float, parts_of(ordered, np.array([0.1, 0.5])))
    spare = min(max(float(ordered.searchsorted(low, "right")) / len(ordered) - 0.1, 0.0), 0.1)
    low, high = _trimmed(ordered, low, float(parts_of(ordered, np.array([0.9 - spare]))[0]))
    return low, middle, high


def parts_of(ordered: Draws, parts: Draws) -> Draws:
    """Quantiles, between two draws in proportion."""
    places = parts * (len(ordered) - 1)
    below = places.astype(np.int64)
    above = np.minimum(below + 1, len(ordered) - 1)
    return np.asarray(ordered[below] + (ordered[above] - ordered[below]) * (places - below))


def _trimmed(ordered: Draws, low: float, high: float) -> tuple[float, float]:
    """Without one of its ends where that holds more nearly 80 %."""
    first, last = ordered.searchsorted(low), ordered.searchsorted(high, "right")
    after, before = ordered.searchsorted(low, "right"), ordered.searchsorted(high)
    if after >= before:
        return low, high
    ends = ((first, last), (first, before), (after, last))
    told = ((low, high), (low, float(ordered[before - 1])), (float(ordered[after]), high))
    held = [abs((end - start) / len(ordered) - 0.8) for start, end in ends]
    return told[held.index(min(held))]


def _win_rate(one: Posterior, team: Prior, rng: np.random.Generator, count: int) -> tuple[float, float]:
    """Gamma of wins a day of exposure, by the moments of what the month's model says."""
    shape, rate = one.leads
    weather = np.exp(rng.normal(-(team.weather**2) / 2, team.weather, count))
    rates = rng.gamma(shape, 1 / rate, count) * rng.beta(*one.conversion, count) * weather * team.beside
    mean, spread = float(rates.mean()), float(rates.var())
    spread = max(spread, mean * mean / 1e4, 1e-12)
    return mean * mean / spread, mean / spread


def surprise(
    one: Posterior, team: Prior, *, exposure: float, expected_share: float, fact: float, rng: np.random.Generator
) -> float:
    """How often so little or less would have come by now if nothing was amiss: 0.02 is hard to put down to chance."""
    return float((revenue(one, team, exposure * expected_share, rng) <= fact).mean())
