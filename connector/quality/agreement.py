"""How far raters agree beyond chance: Cohen's kappa, Gwet's AC1, Krippendorff's alpha. Pure, nominal answers.

Cohen 1960; Gwet 2008 (AC1 does not collapse where nearly every answer is yes); Krippendorff 2011, "Computing
Krippendorff's alpha-reliability": missing answers are allowed, any number of raters.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

Pairs = Sequence[tuple[Hashable, Hashable]]
DRAWS = 400


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one criterion: answers compared, the part that is alike, and kappa with its 90 % interval.

    None where nothing can be said: no pair, or everybody always gave one and the same answer.
    """

    n: int
    alike: float | None
    kappa: float | None
    low: float | None
    high: float | None
    ac1: float | None


def cohen(pairs: Pairs) -> float | None:
    """(observed - expected) / (1 - expected); None without pairs, or where chance explains everything."""
    n = len(pairs)
    if not n:
        return None
    left, right = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    observed = sum(one == other for one, other in pairs) / n
    expected = sum(left[answer] * right[answer] for answer in left) / n**2
    return None if expected >= 1 else (observed - expected) / (1 - expected)


def gwet(pairs: Pairs) -> float | None:
    """AC1: chance as two raters guessing, not as their habits."""
    n = len(pairs)
    kinds = Counter(answer for pair in pairs for answer in pair)
    if not n or len(kinds) < 2:
        return None
    observed = sum(one == other for one, other in pairs) / n
    expected = sum((count / (2 * n)) * (1 - count / (2 * n)) for count in kinds.values()) / (len(kinds) - 1)
    return (observed - expected) / (1 - expected)


def krippendorff(units: Iterable[Iterable[Hashable]]) -> float | None:
    """Alpha over units (calls), each with the answers that raters gave; units with fewer than two say nothing."""
    told = [Counter(unit) for unit in units]
    told = [unit for unit in told if unit.total() >= 2]
    totals: Counter[Hashable] = Counter()
    for unit in told:
        totals.update(unit)
    n = totals.total()
    apart = sum(
        (unit.total() ** 2 - sum(count**2 for count in unit.values())) / (unit.total() - 1) for unit in told
    )  # fmt: skip
    by_chance = n**2 - sum(count**2 for count in totals.values())
    return None if not by_chance else 1 - (n - 1) * apart / by_chance


def agreement(pairs: Pairs, seed: int = 0) -> Agreement:
    """All of it; the interval by drawing calls anew."""
    n = len(pairs)
    alike = sum(one == other for one, other in pairs) / n if n else None
    low, high = _interval(pairs, random.Random(seed))
    return Agreement(n, alike, cohen(pairs), low, high, gwet(pairs))


def too_far_apart(n: int, kappa: float | None, below: float, least: int) -> bool:
    """Whether a program agrees with people too little on a criterion, with enough calls to say so."""
    return n >= least and kappa is not None and kappa < below


def muted(found: Mapping[str, Agreement], below: float, least: int) -> frozenset[str]:
    """Criteria that are too far apart."""
    return frozenset(key for key, one in found.items() if too_far_apart(one.n, one.kappa, below, least))


def _interval(pairs: Pairs, chance: random.Random) -> tuple[float | None, float | None]:
    if len(pairs) < 5:
        return None, None
    drawn = (cohen(chance.choices(pairs, k=len(pairs))) for _ in range(DRAWS))
    told = sorted(one for one in drawn if one is not None)
    if not told:
        return None, None
    return told[int(0.05 * len(told))], told[min(int(0.95 * len(told)), len(told) - 1)]
