"""A simulated team that does and tries things, whose truth is known: gamma rates, beta shares, months that swing."""

from __future__ import annotations

import numpy as np

from connector.targets.likely.tally import Tallied, Tally
from connector.targets.series import months_before

LABEL = "2026-10"


def crew(
    seed: int, *, people: int = 8, months: int = 13, rate: float = 3.0, swing: float = 0.0, alike: float = 0.0
) -> tuple[Tallied, ...]:
    """`rate`: tries a day; of them 30 % hit on average. `swing`, `alike`: how months of one person differ."""
    rng = np.random.default_rng(seed)
    return tuple(_one(rng, str(500 + number), months, rate, swing, alike) for number in range(people))


def _one(rng: np.random.Generator, user: str, months: int, rate: float, swing: float, alike: float) -> Tallied:
    own, share = rate * rng.gamma(8, 1 / 8), rng.beta(9, 21)
    told = []
    for label in months_before(LABEL, months):
        days = float(rng.integers(16, 23))
        tries = int(rng.poisson(own * days * (rng.gamma(1 / swing, swing) if swing else 1)))
        strength = 1 / alike - 1 if alike else 0
        month = rng.beta(share * strength, (1 - share) * strength) if alike else share
        told.append(Tally(label, days, int(rng.binomial(tries, month)), tries))
    return Tallied(user, f"Seller {user}", tuple(told))
