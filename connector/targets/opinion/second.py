"""Where a month ends if its open deals go the way of those before them, and new ones come as they usually do. Pure.

An open deal is won by the month's end as deals of its stage and age were (connector/kpi/chance.py), more often where
its owner wins more of his enquiries than the team does. The wins of deals that are not there yet are the part of the
model's that usually comes from such.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from connector.targets.model import Draws, Posterior, Prior, sums
from connector.targets.opinion.standing import Odds, Standing

_AT_ONCE = 500


def second(
    one: Posterior,
    team: Prior,
    left: NDArray[np.int64],
    fact: float,
    seen: Standing,
    rng: np.random.Generator,
) -> Draws:
    """The whole month, as often as `left`, the wins that the model expects until its end; `fact`: what is there."""
    own = seen.open.get(one.user, ())
    priced = [odds for odds in own if odds.amount is not None]
    bare = [odds for odds in own if odds.amount is None]
    luck = _luck(one, team, rng, len(left))
    known = _won(priced, luck, rng)
    unknown = _won([Odds(odds.chance, 1.0) for odds in bare], luck, rng).astype(np.int64)
    unknown += rng.binomial(left, seen.fresh)
    return np.asarray(fact + known + sums(unknown, one, team, rng), dtype=np.float64)


def _luck(one: Posterior, team: Prior, rng: np.random.Generator, count: int) -> Draws:
    """How much more than the team he wins, drawn, as nobody knows. What moves whole months at once is mostly how much
    is asked for, and of the open deals that has come already.
    """
    alpha, beta = team.conversion
    return np.asarray(rng.beta(*one.conversion, count) / (alpha / (alpha + beta)), dtype=np.float64)


def _won(deals: Sequence[Odds], luck: Draws, rng: np.random.Generator) -> Draws:
    """What those of these that are won come to in each draw; a few hundred draws at a time are what a cache holds."""
    found = np.zeros(len(luck))
    amounts = np.array([odds.amount for odds in deals], dtype=np.float64)
    chances = np.array([odds.chance for odds in deals], dtype=np.float64)
    losing = np.log1p(-np.minimum(chances, 0.999))
    for start in range(0, len(luck) if deals else 0, _AT_ONCE):
        some = luck[start : start + _AT_ONCE]
        chance = np.outer(some, losing)
        np.exp(chance, out=chance)
        np.subtract(1, chance, out=chance)
        found[start : start + _AT_ONCE] = (rng.random(chance.shape) < chance) @ amounts
    return found
