"""What share somebody will reach in a month: beta-binomial, over as many tries as he is going to have (methods.md 3.2).

Tries of one month are alike: clients and campaigns come in swings. How alike is learned from everybody's months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from connector.targets.likely.counts import CountPrior, count_prior, draw_count, finish_count
from connector.targets.likely.tally import ByNow, Tallied, Tally
from connector.targets.model import DRAWS, Draws, beta_prior
from connector.targets.series import Ahead

_MOST_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class SharePrior:
    """The team: its tries, the beta of the share, and how alike tries of one month are (0..1)."""

    tries: CountPrior
    share: tuple[float, float]
    alike: float


def share_prior(people: Sequence[Tallied]) -> SharePrior | None:
    """None where nobody tried."""
    tries = count_prior([person.tries() for person in people], ramped=False)
    if tries is None:
        return None
    alike = _alike(people)
    hits, of = (sum(getattr(month, name) for one in people for month in one.months) for name in ("hits", "tries"))
    return SharePrior(tries, beta_prior([_known(person, alike) for person in people], hits / of), alike)


def draw_share(person: Tallied, team: SharePrior, ahead: Ahead, rng: np.random.Generator, count: int = DRAWS) -> Draws:
    """The month drawn many times; months without a try have no share and are left out, so there may be none."""
    tries = draw_count(person.tries(), team.tries, ahead, rng, count).astype(np.int64)
    reached = rng.binomial(tries, _month(person, team, rng, count))
    return reached[tries > 0] / tries[tries > 0]


def finish_share(
    person: Tallied, team: SharePrior, ahead: Ahead, done: Tally, by_now: ByNow, rng: np.random.Generator, count: int
) -> Draws:
    """The running month drawn many times: its own share by what came of the tries so far, over those still to come."""
    tries = finish_count(person.tries(), team.tries, ahead, done.tries, by_now, rng, count)
    share = _month(person, team, rng, count)
    mean = float(share.mean())
    strength = max(mean * (1 - mean) / max(float(share.var()), 1e-9) - 1, 1e-3)
    a, b = mean * strength + done.hits, (1 - mean) * strength + max(done.tries - done.hits, 0.0)
    left = np.maximum(np.rint(tries - done.tries), 0).astype(np.int64)
    reached = done.hits + rng.binomial(left, rng.beta(a, b, count))
    return reached[tries > 0] / tries[tries > 0]


def _month(person: Tallied, team: SharePrior, rng: np.random.Generator, count: int) -> Draws:
    """A month's own share."""
    n, hits = _known(person, team.alike)
    share = rng.beta(team.share[0] + hits, team.share[1] + n - hits, count)
    if not team.alike:
        return share
    strength = 1 / team.alike - 1
    return rng.beta(np.maximum(share * strength, 1e-6), np.maximum((1 - share) * strength, 1e-6))


def _known(person: Tallied, alike: float) -> tuple[float, float]:
    """Tries and hits, faded, and worth as many independent tries as their likeness leaves of them."""
    seen = [(month, weight) for month, weight in person.faded() if month.tries]
    tries = sum(weight * month.tries for month, weight in seen)
    hits = sum(weight * month.hits for month, weight in seen)
    worth = 1 + alike * max(sum(month.tries for month, _ in seen) / max(len(seen), 1) - 1, 0.0)
    return tries / worth, hits / worth


def _alike(people: Sequence[Tallied]) -> float:
    """The intraclass correlation of one person's months, by moments."""
    beyond = pairs = 0.0
    for person in people:
        seen = [month for month in person.months if month.tries]
        tries = sum(month.tries for month in seen)
        share = sum(month.hits for month in seen) / tries if tries else 0.0
        if len(seen) < 2 or not 0 < share < 1:
            continue
        free = len(seen) / (len(seen) - 1)
        beyond += sum(free * (one.hits - one.tries * share) ** 2 for one in seen) - tries * share * (1 - share)
        pairs += sum(one.tries * (one.tries - 1) for one in seen) * share * (1 - share)
    return min(max(beyond / pairs, 0.0), _MOST_ALIKE) if pairs else 0.0
