"""How likely so few hits are by chance alone. Exact, and pure."""

from __future__ import annotations

import math


def by_chance(hits: int, n: int, others: int, of: int) -> float:
    """The chance of so few hits or fewer in n tries where others had `others` hits of `of` tries and nobody differs.

    Fisher's exact test on one side: 1 where there is nothing to compare with.
    """
    total, good = n + of, hits + others
    if not n or not of:
        return 1.0
    whole = _log_choose(total, n)
    least = max(0, n - (total - good))
    terms = (_log_choose(good, k) + _log_choose(total - good, n - k) - whole for k in range(least, hits + 1))
    return min(1.0, math.fsum(math.exp(term) for term in terms))


def at_most(hits: int, n: int, share: float) -> float:
    """The chance of so few hits or fewer in n tries that come out with this share; 0 < share < 1."""
    yes, no = math.log(share), math.log1p(-share)
    terms = (_log_choose(n, k) + k * yes + (n - k) * no for k in range(hits + 1))
    return min(1.0, math.fsum(math.exp(term) for term in terms))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
