"""How much of something somebody will do in a month: gamma-Poisson, with the swing of whole months (methods.md 3.2).

Calls and meetings swing from month to month far more than a Poisson does. The swing is learned from everybody's months,
goes into the draws, and takes from the weight of what was counted: a thousand calls are not a thousand dice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from connector.targets.exposure import Ground
from connector.targets.likely.tally import ByNow, Tallied, Tally, ground_of
from connector.targets.model import DRAWS, Draws, gamma_prior
from connector.targets.series import Ahead


@dataclass(frozen=True, slots=True)
class CountPrior:
    """The team: gamma of how many a day of exposure, and the variance of a month's own factor (`swing`)."""

    ground: Ground
    rate: tuple[float, float]
    swing: float


def count_prior(people: Sequence[Tallied], *, ramped: bool) -> CountPrior | None:
    """None where nobody did anything or nobody worked."""
    common = ground_of(people, ramped=ramped)
    swing = _swing(people, common)
    known = [_known(person, common, swing) for person in people]
    if sum(hits for hits, _ in known) <= 0 or sum(exposure for _, exposure in known) <= 0:
        return None
    return CountPrior(common, gamma_prior(known), swing)


def draw_count(person: Tallied, team: CountPrior, ahead: Ahead, rng: np.random.Generator, count: int = DRAWS) -> Draws:
    """The month drawn many times."""
    return rng.poisson(_rates(person, team, rng, count) * _exposure(person, team, ahead)).astype(np.float64)


def finish_count(
    person: Tallied, team: CountPrior, ahead: Ahead, done: float, by_now: ByNow, rng: np.random.Generator, count: int
) -> Draws:
    """The running month drawn many times: what is done, and what that lets expect of the rest.

    What was known of a day's number, as a gamma of the same moments, takes in what was done; where days come in bursts,
    what was done says as much less, and the rest strays as much more.
    """
    rates, exposure = _rates(person, team, rng, count), _exposure(person, team, ahead)
    mean = float(rates.mean())
    spread = max(float(rates.var()), mean * mean / 1e4, 1e-12)
    seen = exposure * by_now.expected
    shape, rate = mean * mean / spread + done / by_now.bursts, mean / spread + seen / by_now.bursts
    left = rng.gamma(shape, 1 / rate, count) * max(exposure - seen, 0.0)
    more = by_now.bursts - 1
    return done + rng.poisson(rng.gamma(left / more, more) if more > 0 else left).astype(np.float64)


def _rates(person: Tallied, team: CountPrior, rng: np.random.Generator, count: int) -> Draws:
    """How many a day of full exposure, the month's own swing in it."""
    hits, exposed = _known(person, team.ground, team.swing)
    shape, rate = team.rate[0] + hits, team.rate[1] + exposed
    month = rng.gamma(1 / team.swing, team.swing, count) if team.swing else np.ones(count)
    return rng.gamma(shape, 1 / rate, count) * month


def _exposure(person: Tallied, team: CountPrior, ahead: Ahead) -> float:
    tenure = person.tenure_in(len(person.months))
    return team.ground.exposure(ahead.label, ahead.days.get(person.user, 0.0), tenure)


def _exposed(person: Tallied, common: Ground) -> list[tuple[Tally, float]]:
    """Months in which he worked, each with its exposure."""
    found = [
        (month, common.exposure(month.label, month.days, person.tenure_in(place)))
        for place, month in enumerate(person.months)
    ]
    return [(month, exposure) for month, exposure in found if exposure > 0]


def _known(person: Tallied, common: Ground, swing: float) -> tuple[float, float]:
    """What he did and his exposure, faded, and worth as many independent events as the swing leaves of them."""
    weight = {month.label: faded for month, faded in person.faded()}
    seen = _exposed(person, common)
    hits = sum(weight[month.label] * month.hits for month, _ in seen)
    exposure = sum(weight[month.label] * exposed for month, exposed in seen)
    worth = 1 + swing * sum(month.hits for month, _ in seen) / max(len(seen), 1)
    return hits / worth, exposure / worth


def _swing(people: Sequence[Tallied], common: Ground) -> float:
    """By moments: how much more months stray from one's own mean than a Poisson does, beside that mean squared."""
    beyond = squared = 0.0
    for person in people:
        seen = _exposed(person, common)
        exposure, hits = sum(exposed for _, exposed in seen), sum(month.hits for month, _ in seen)
        if len(seen) < 2 or not hits:
            continue
        expected = [hits / exposure * exposed for _, exposed in seen]
        strayed = sum((month.hits - mean) ** 2 for (month, _), mean in zip(seen, expected, strict=True))
        beyond += strayed * len(seen) / (len(seen) - 1) - hits
        squared += sum(mean * mean for mean in expected)
    return max(beyond / squared, 0.0) if squared else 0.0
