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
    amounts = np.array([odds.amount for odds in priced], dtype=np.float64)
    known = _won(priced, luck, rng) @ amounts if priced else np.zeros(len(left))
    unknown = _won(bare, luck, rng).sum(axis=1).astype(np.int64) + rng.binomial(left, seen.fresh)
    return np.asarray(fact + known + sums(unknown, one, team, rng), dtype=np.float64)


def _luck(one: Posterior, team: Prior, rng: np.random.Generator, count: int) -> Draws:
    """How much more than the team he wins, drawn, as nobody knows. What moves whole months at once is mostly how much
    is asked for, and of the open deals that has come already.
    """
    alpha, beta = team.conversion
    return np.asarray(rng.beta(*one.conversion, count) / (alpha / (alpha + beta)), dtype=np.float64)


def _won(deals: Sequence[Odds], luck: Draws, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which of these are won in each draw."""
    chances = np.array([odds.chance for odds in deals], dtype=np.float64)
    hazards = -np.log1p(-np.minimum(chances, 0.999))
    return np.asarray(rng.random((len(luck), len(deals))) < 1 - np.exp(-np.outer(luck, hazards)))
