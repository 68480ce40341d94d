"""How long it takes where some are still waiting: the Kaplan-Meier estimate. Pure.

Dropping who waits makes a team look quick that answers the easy ones and forgets the rest (kpi definitions K-06).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal

from connector.kpi.fold import Waited
from connector.kpi.interval import Z90

ROUNDING = 1e-9
"""A half that is reached as a product of fractions may miss 0.5 by a last bit."""


def time_until(waits: Sequence[Waited], quantile: float = 0.5) -> float | None:
    """When so large a part was over; None where that many are not over yet, so that nobody knows."""
    return next((time for time, share, _ in _curve(waits) if share <= 1 - quantile + ROUNDING), None)


def interval(waits: Sequence[Waited], quantile: float = 0.5) -> tuple[Decimal, Decimal] | None:
    """90 % confidence (Brookmeyer and Crowley, log-log): None where an end of it is not known yet."""
    low = high = None
    for time, share, variance in _curve(waits):
        below, above = _band(share, variance)
        low = time if low is None and below <= 1 - quantile + ROUNDING else low
        high = time if high is None and above <= 1 - quantile + ROUNDING else high
    if low is None or high is None:
        return None
    return Decimal(str(round(low, 6))), Decimal(str(round(high, 6)))


def _curve(waits: Sequence[Waited]) -> Iterator[tuple[float, float, float]]:
    """At every end: the share that still waits, and Greenwood's sum. At the same time ends come before censoring."""
    ordered = sorted(waits, key=lambda wait: (wait[0], not wait[1]))
    at_risk, share, greenwood, place = len(ordered), 1.0, 0.0, 0
    while place < len(ordered):
        time, over, left = ordered[place][0], 0, 0
        while place < len(ordered) and ordered[place][0] == time:
            over += ordered[place][1]
            left += 1
            place += 1
        if over:
            share *= 1 - over / at_risk
            greenwood += over / (at_risk * (at_risk - over)) if at_risk > over else math.inf
            yield time, share, greenwood
        at_risk -= left


def _band(share: float, greenwood: float) -> tuple[float, float]:
    if share <= 0 or share >= 1 or math.isinf(greenwood):
        return share, share
    width = Z90 * math.sqrt(greenwood) / abs(math.log(share))
    return share ** math.exp(width), share ** math.exp(-width)
