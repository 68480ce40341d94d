"""How much of something somebody will do in a month: gamma-Poisson, with the swing of whole months (methods.md 3.2).

Calls and meetings swing from month to month far more than a Poisson does. The swing is learned from everybody's months,
goes into the draws, and takes from the weight of what was counted: a thousand calls are not a thousand dice.
"""

from __future__ import annotations

import math
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
    """The running month drawn many times: how many it may come to in all, weighed by how well so many by now fit.

    The month before it began is a negative binomial of the drawn one's moments; of so many in all some part has come by
    now as of dice, and where days come in bursts what is done says as much less.
    """
    drawn = draw_count(person, team, ahead, rng)
    mean, spread = float(drawn.mean()), float(drawn.var())
    top = int(max(mean + 12 * spread**0.5, 2 * done, done / max(by_now.expected, 0.05)) + 30)
    chance = _before(mean, max(spread, mean * (1 + 1e-6)), top) + _by_now(round(done), by_now, top)
    weight = np.exp(chance - chance.max())
    found = np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(count))
    return np.maximum(found.astype(np.float64), done)


def _before(mean: float, spread: float, top: int) -> Draws:
    """Logs of a negative binomial from 0 to `top`, but for a constant."""
    if mean <= 0:
        return np.where(np.arange(top + 1) == 0, 0.0, -1e6)
    size, place = mean * mean / (spread - mean), np.arange(top)
    return np.concatenate([[0.0], np.cumsum(np.log((place + size) / (place + 1) * (1 - mean / spread)))])


def _by_now(done: int, by_now: ByNow, top: int) -> Draws:
    """Logs of so many having come of each number in all, from 0 to `top`."""
    part, every = min(max(by_now.expected, 1e-9), 1 - 1e-9), np.arange(top + 1)
    facts = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, top + 1)))])
    rest = np.maximum(every - done, 0)
    told = facts[every] - facts[rest] + done * math.log(part) + rest * math.log1p(-part)
    return np.where(every < done, -1e9, told / by_now.bursts)


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
