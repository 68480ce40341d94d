"""Between which two values a number lies with 90 % confidence (rule C12). Pure, and the same for the same facts."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from decimal import Decimal

Z90 = 1.6448536269514722
"""The 95th percentile of the normal distribution: 90 % lie between its two signs."""
Interval = tuple[Decimal, Decimal]
RESAMPLED, MANY = 1000, 2000
"""How often a mean is drawn again, and from how many values on the normal distribution says the same."""


def wilson(hits: float, n: float) -> Interval:
    """Of a proportion; n > 0."""
    return _decimals(*_score(hits, n))


def of_counts(top: float, bottom: float) -> Interval:
    """Of the ratio of two counts of different events, each a Poisson one; bottom > 0.

    Of all of them together the upper ones are a share, whose odds are the ratio. Where some of the lower become the
    upper, the ratio varies less than that.
    """
    low, high = _score(top, top + bottom)
    return _decimals(low / (1 - low), high / (1 - high))


def of_count(events: float, over: float) -> Interval:
    """Of how many events there are in one of `over` days, as a Poisson count varies (Byar's ends); over > 0."""
    low = 0.0 if events <= 0 else _byar(events, -Z90)
    return _decimals(max(0.0, low) / over, _byar(events + 1, Z90) / over)


def _byar(events: float, z: float) -> float:
    return events * (1 - 1 / (9 * events) + z / (3 * math.sqrt(events))) ** 3


def _score(hits: float, n: float) -> tuple[float, float]:
    share, z2 = hits / n, Z90 * Z90
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z90 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def of_mean(values: Sequence[float], seed: str) -> Interval | None:
    """Of a mean, by drawing the values again and again; None for fewer than two."""
    import numpy as np  # a tenth of a second, only where an interval is wanted

    if len(values) < 2:
        return None
    seen = np.sort(np.asarray(values, dtype=float))  # whatever the order in which a database gives them
    if len(values) >= MANY:
        half = Z90 * float(seen.std(ddof=1)) / math.sqrt(len(values))
        return _decimals(float(seen.mean()) - half, float(seen.mean()) + half)
    draw = np.random.default_rng(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big"))
    means = seen[draw.integers(0, len(seen), (RESAMPLED, len(seen)))].mean(axis=1)
    low, high = np.quantile(means, (0.05, 0.95))
    return _decimals(float(low), float(high))


def of_quantile(ordered: Sequence[float], quantile: float) -> Interval | None:
    """Of a quantile, by the ranks it may have: no assumption on how the values are spread. None for fewer than two."""
    n = len(ordered)
    if n < 2:
        return None
    half = Z90 * math.sqrt(n * quantile * (1 - quantile))
    low = max(0, math.floor(n * quantile - half) - 1)
    high = min(n - 1, math.ceil(n * quantile + half))
    return _decimals(ordered[low], ordered[high])


def _decimals(low: float, high: float) -> Interval:
    return Decimal(str(round(low, 6))), Decimal(str(round(high, 6)))
