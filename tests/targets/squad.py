"""A simulated team whose truth is known: gamma leads, beta conversion, log-normal deals, a season, late months."""

from __future__ import annotations

import numpy as np

from connector.targets.series import Month, Person, months_before


def squad(
    seed: int, people: int = 8, months: int = 14, *, season: float = 0.1, same: bool = False, end: str = "2026-10"
) -> list[Person]:
    """`same`: everybody has the same true rates; what differs is chance."""
    rng = np.random.default_rng(seed)
    labels = months_before(end, months)
    found = []
    for number in range(people):
        rate = 1.5 if same else rng.gamma(8, 1 / 8) * 1.5
        conversion = 0.2 if same else rng.beta(20, 80)
        size = np.log(50_000) + (0 if same else rng.normal(0, 0.3))
        found.append(
            Person(
                str(500 + number),
                f"Seller {number}",
                tuple(_month(rng, label, rate, conversion, size, season) for label in labels),
            )
        )
    return found


def _month(rng: np.random.Generator, label: str, rate: float, conversion: float, size: float, season: float) -> Month:
    days = float(rng.integers(16, 23))
    leads = int(rng.poisson(rate * days * (1 + season * np.sin(int(label[5:]) / 12 * 2 * np.pi))))
    wins = int(rng.binomial(leads, conversion))
    amounts = tuple(float(amount) for amount in np.exp(rng.normal(size, 0.7, wins)))
    return Month(label, days, leads, leads, wins, amounts, tuple(float(at) for at in rng.beta(1.6, 1, wins)))
