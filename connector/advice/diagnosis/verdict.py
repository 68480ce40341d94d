"""Whether somebody is really below the team or chance made it look so, and how much more data would tell. Pure.

With eight equal sellers the worst of thirty enquiries each lies 20 points under the best (kpi/statistics.md). So only
what is nine times out of ten below, and by a tenth at least, is called confirmed (methods.md 5.3).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Finding = Literal["confirmed", "likely", "level", "few", "strength"]
"""`level`: no different as far as one can see. `few`: too little data to say."""
CONFIRMED, LIKELY = 0.9, 0.8
REACHABLE = 4
"""Times the data there are: what would take more is as good as no different."""
GAP = 0.1
"""Part of the reference below which a difference is not worth a talk."""
_Z = 1.2816 + 0.8416
"""Nine times out of ten on one side, and eight times out of ten that it comes out so."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`below`: how likely the person is worse than the reference; `gap`: by which part of it, negative where better.

    `n`: what it rests on. `needed`: how much more would settle it, None where nothing is to be settled.
    """

    finding: Finding
    below: float
    gap: float
    n: int
    needed: int | None = None

    @property
    def speaks(self) -> bool:
        """Whether it is worth acting on."""
        return self.finding in ("confirmed", "likely")


def judge(below: float, gap: float, n: int, minimum: int, needed: int | None = None) -> Verdict:
    """By the probability of being below and the size of the gap; with fewer than `minimum` nothing is said.

    `needed`: how much it would take in all, where what was seen so far is the truth.
    """
    reachable = needed if needed is not None and needed <= REACHABLE * max(n, minimum) else None
    if n < minimum:
        return Verdict("few", below, gap, n, max(minimum, reachable or 0) - n)
    if below > CONFIRMED and gap >= GAP:
        return Verdict("confirmed", below, gap, n)
    more = reachable - n if reachable is not None and reachable > n else None
    if below > LIKELY and gap >= GAP:
        return Verdict("likely", below, gap, n, more)
    if below < 1 - CONFIRMED and gap <= -GAP:
        return Verdict("strength", below, gap, n)
    return Verdict("few" if more is not None else "level", below, gap, n, more)


def enough(difference: float, reference: float, variance: float, strength: float) -> int | None:
    """How many tries would confirm a difference eight times out of ten if it is as it was seen; None where even a real
    one would not be worth it.

    `variance`: of one try. `strength`: of how many tries the team's prior is worth. From n of them on the estimate lies
    n/(n + strength) of the difference below the reference, with the variance of n + strength tries; that must be a
    tenth of the reference and 2.12 standard deviations.
    """
    least = GAP * reference
    if difference <= least * 1.05 or variance <= 0:
        return None
    wide = strength * least / (difference - least)
    z2 = _Z * _Z * variance
    sure = (z2 + math.sqrt(z2 * z2 + 4 * difference**2 * z2 * strength)) / (2 * difference**2)
    return math.ceil(max(wide, sure))
