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


def drawn_at_most(hits: int, n: int, a: float, b: float) -> float:
    """The same where the share itself is drawn from a beta(a, b): the beta-binomial."""
    whole = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) - math.lgamma(a + b + n)
    terms = (whole + _log_choose(n, k) + math.lgamma(a + k) + math.lgamma(b + n - k) for k in range(hits + 1))
    return min(1.0, math.fsum(math.exp(term) for term in terms))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


SPREAD = 2.0
"""Variance of a deal's size in units of its squared mean: a log-normal one of sigma 1 has 1.7."""


def so_little(fact: float, expected: float, average: float) -> float:
    """The chance of so little money or less where `expected` should have come in deals of this average size.

    A gamma with the mean and variance of such a sum; it knows nothing of months without any deal, so never less than
    the chance of so few average deals.
    """
    deals = expected / average
    few = math.floor(fact / average)
    counted = math.fsum(math.exp(-deals + k * math.log(deals) - math.lgamma(k + 1)) for k in range(few + 1))
    shape = deals / (1 + SPREAD)
    return min(1.0, max(counted, _gamma_below(shape, shape * fact / expected)))


def _gamma_below(shape: float, x: float) -> float:
    """The regularised lower incomplete gamma function, by its series; above the mean no more than 1 is wanted."""
    if x <= 0:
        return 0.0
    term = total = 1 / shape
    place = shape
    while term > total * 1e-12:
        place += 1
        term *= x / place
        total += term
    return min(1.0, total * math.exp(-x + shape * math.log(x) - math.lgamma(shape)))
