"""Shares of people, each drawn towards the team as far as little data deserves (methods.md 3.2.5). Pure.

A series holds for each month, oldest first, how many were tried and how many of them came out; older months count less.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connector.advice.diagnosis.verdict import Verdict, enough, judge
from connector.targets.model import FADING, beta_prior

Counted = tuple[float, float]
"""Hits and tries of a month."""
Series = Mapping[str, Sequence[Counted]]
"""By user; months in the same order for all."""
DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Share:
    """A beta posterior, what was seen without a prior (`seen`, faded; None of nothing), of how many tries (`n`, whole),
    and how many tries the team's prior is worth (`strength`).
    """

    a: float
    b: float
    seen: float | None
    n: int
    strength: float

    @property
    def weight(self) -> float:
        """How much of a try is left, as older months fade."""
        return (self.a + self.b - self.strength) / self.n if self.n else 1.0

    @property
    def mean(self) -> float:
        """The estimate: never 0 and never 1."""
        return self.a / (self.a + self.b)

    def draw(self, rng: np.random.Generator, count: int = DRAWS) -> NDArray[np.float64]:
        """From the posterior."""
        return rng.beta(self.a, self.b, count)


def faded(months: Sequence[Counted]) -> Counted:
    """Hits and tries of all months, the last one counted wholly."""
    weights = [FADING ** (len(months) - 1 - place) for place in range(len(months))]
    hits = sum(weight * month[0] for weight, month in zip(weights, months, strict=True))
    return hits, sum(weight * month[1] for weight, month in zip(weights, months, strict=True))


def estimate(series: Series) -> dict[str, Share]:
    """Everybody's posterior; empty where nobody ever tried."""
    told = {user: faded(months) for user, months in sorted(series.items())}
    if not any(n for _, n in told.values()):
        return {}
    a, b = beta_prior([(n, hits) for hits, n in told.values()], 0.5)
    return {
        user: Share(
            a + hits, b + n - hits, hits / n if n else None, round(sum(month[1] for month in series[user])), a + b
        )
        for user, (hits, n) in told.items()
    }


def middle(values: Sequence[float], part: float = 0.5) -> float:
    """The median, or another quantile, of some estimates."""
    return float(np.quantile(np.asarray(values, dtype=float), part))


def verdict(one: Share, reference: float, minimum: int, rng: np.random.Generator, *, less: bool = False) -> Verdict:
    """One person beside the team's share; `less`: a small share is the good one."""
    drawn = one.draw(rng)
    sign = -1 if less else 1
    below = float((drawn * sign < reference * sign).mean())
    gap = sign * (reference - one.mean) / reference
    seen = one.mean if one.seen is None else one.seen
    needed = enough(sign * (reference - seen), reference, one.mean * (1 - one.mean), one.strength)
    whole = None if needed is None else math.ceil(needed / max(one.weight, 0.2))
    return judge(below, gap, one.n, minimum, whole)
