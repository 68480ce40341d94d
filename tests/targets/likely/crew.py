"""A simulated team that does and tries things, whose truth is known: gamma rates, beta shares, months that swing."""

from __future__ import annotations

import numpy as np

from connector.targets.likely.midway import CUTS, Part
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


def parts(people: tuple[Tallied, ...], seed: int, *, bend: float = 1.3, together: float = 0.0) -> list[Part]:
    """How far everybody had come in each of those months: later than time goes by (`bend`), in bursts (`together`: the
    intraclass correlation of when tries of a month are made).
    """
    rng = np.random.default_rng(seed)
    found: list[Part] = [Part(cut, {}, {}) for cut in CUTS]
    for one in people:
        for month in one.months:
            tries, hits, gone = int(month.tries), int(month.hits), 0.0
            for part in found:
                usual = (part.cut**bend - gone) / (1 - gone)
                strength = 1 / together - 1 if together else 0.0
                share = rng.beta(usual * strength, (1 - usual) * strength) if together else usual
                made = int(rng.binomial(tries, share))
                came = int(rng.hypergeometric(hits, tries - hits, made)) if made else 0
                tries, hits, gone = tries - made, hits - came, part.cut**bend
                part.gone[month.label] = part.cut  # type: ignore[index]  # still being made
                done = Tally(month.label, month.days, month.hits - hits, month.tries - tries)
                part.done[one.user, month.label] = done  # type: ignore[index]  # the same
    return found


def counted_parts(some: list[Part]) -> list[Part]:
    """The same with tries as the thing that is counted."""
    return [
        Part(one.cut, one.gone, {mark: Tally(t.label, t.days, t.tries) for mark, t in one.done.items()}) for one in some
    ]
