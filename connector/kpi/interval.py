"""Between which two values a number lies with 90 % confidence (rule C12). Pure, and the same for the same facts."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.random import Generator

Z90 = 1.6448536269514722
"""The 95th percentile of the normal distribution: 90 % lie between its two signs."""
Interval = tuple[Decimal, Decimal]
Pair = tuple[float, float]
"""What a client or deal has above and below."""
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
    return _decimals(*_odds(top, bottom))


def of_count(events: float, over: float) -> Interval:
    """Of how many events there are in one of `over` days, as a Poisson count varies (Byar's ends); over > 0."""
    low, high = _ends(events)
    return _decimals(low / over, high / over)


def of_sum(total: float, squares: float, over: float) -> Interval | None:
    """Of what events bring in one of `over` days (over > 0); `squares`: the sum of the squares of what each brings.

    Their number varies and so does what each brings: a compound Poisson sum, whose variance is estimated by the sum of
    the squares. As many alike would vary the same as their weighted number says, so their ends are those of that number
    (as Fay and Feuer have it of weighted counts). None where they bring nothing.
    """
    if total <= 0 or squares <= 0:
        return None
    each = squares / total
    low, high = _ends(total / each)
    return _decimals(low * each / over, high * each / over)


def of_sum_by_count(total: float, squares: float, bottom: float) -> Interval | None:
    """Of such a sum divided by a Poisson count of other events; None where there are none or they bring nothing."""
    if total <= 0 or squares <= 0 or bottom <= 0:
        return None
    each = squares / total
    low, high = _odds(total / each, bottom)
    return _decimals(low * each, high * each)


def of_sum_share(part: float, whole: float, squares: tuple[float, float]) -> Interval | None:
    """Of a part of a sum; `squares`: the sums of the squares of what makes up either. None where it is no part.

    Wilson's for as many equal ones as would vary the same (the share linearised), and for no more than the whole comes
    to (Kish), as few small ones say little of how the others would vary.
    """
    if not 0 <= part <= whole or whole <= 0 or squares[1] <= 0:
        return None
    share, n = part / whole, whole * whole / squares[1]
    varies = (squares[0] * (1 - 2 * share) + squares[1] * share * share) / (whole * whole)
    if 0 < share < 1 and varies > 0:
        n = min(n, share * (1 - share) / varies)
    return wilson(share * n, n)


def _ends(events: float) -> tuple[float, float]:
    low = 0.0 if events <= 0 else _byar(events, -Z90)
    return max(0.0, low), _byar(events + 1, Z90)


def _odds(top: float, bottom: float) -> tuple[float, float]:
    low, high = _score(top, top + bottom)
    return low / (1 - low), high / (1 - high)


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
    means = seen[_chance(seed).integers(0, len(seen), (RESAMPLED, len(seen)))].mean(axis=1)
    low, high = np.quantile(means, (0.05, 0.95))
    return _decimals(float(low), float(high))


def of_ratio(pairs: Iterable[Pair], seed: str) -> Interval | None:
    """Of the sum above by the sum below, by drawing the pairs again and again; None for fewer than two, or where there
    is nothing below.

    What is drawn varies less than it should where there are few, so the ends lie further out (expanded percentiles).
    """
    import numpy as np

    top, bottom = np.asarray(sorted(pairs), dtype=float).reshape(-1, 2).T
    n, below = len(top), float(bottom.sum())
    if n < 2 or below <= 0:
        return None
    if n >= MANY:
        ratio = float(top.sum()) / below
        half = Z90 * math.sqrt(float(np.square(top - ratio * bottom).sum()) * n / (n - 1)) / below
        return _decimals(ratio - half, ratio + half)
    drawn = _chance(seed).integers(0, n, (RESAMPLED, n))
    above, under = top[drawn].sum(axis=1), bottom[drawn].sum(axis=1)
    tail = NormalDist().cdf(-_student(n - 1) * math.sqrt(n / (n - 1)))
    low, high = np.quantile(above[under > 0] / under[under > 0], (tail, 1 - tail))
    return _decimals(float(low), float(high))


def _student(freedom: int) -> float:
    """The 95th percentile of Student's distribution (Cornish and Fisher's first two terms)."""
    z = Z90
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom * freedom)


def _chance(seed: str) -> Generator:
    import numpy as np

    return np.random.default_rng(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big"))


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
