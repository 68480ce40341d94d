"""Whether a training helped (K-12): the technique's pass rate after it beside before, and beside untrained colleagues.

Before: the 28 days up to the training. After: from a week past it, 28 days. The lift is a difference of two shares
(Newcombe's interval, 90 %); against colleagues a difference of differences (normal, with a call of each sort added).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

BEFORE, SETTLING, AFTER = timedelta(days=28), timedelta(days=7), timedelta(days=28)
ENOUGH = 10
"""Scored calls before, and after, below which nothing is said."""
Z = 1.6448536269514722
Verdict = Literal["grew", "fell", "unchanged", "too_little"]


@dataclass(frozen=True, slots=True)
class Tried:
    """A scored call in which the technique applied, and whether it was used."""

    user: str
    at: datetime
    passed: bool


@dataclass(frozen=True, slots=True)
class Training:
    """Who was trained in what, when. `criterion`: of the checklist."""

    user: str
    technique: str
    criterion: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rate:
    """Passed of tried."""

    passed: int
    n: int

    @property
    def share(self) -> float | None:
        return self.passed / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Lift:
    """One training. `lift`, `against`: after minus before, his own, and less the colleagues' change; each (value, low,
    high), None where there is nothing to subtract. `over`: whether the weeks after it are.
    """

    training: Training
    before: Rate
    after: Rate
    colleagues_before: Rate
    colleagues_after: Rate
    lift: tuple[float, float, float] | None
    against: tuple[float, float, float] | None
    verdict: Verdict
    over: bool


def lift(training: Training, tried: Sequence[Tried], trained: Iterable[Training], now: datetime) -> Lift:
    """`trained`: all trainings, so that colleagues trained in the same technique by then are left out."""
    end = training.at + SETTLING + AFTER
    same = {one.user for one in trained if one.criterion == training.criterion and one.at < end}
    own = [one for one in tried if one.user == training.user]
    others = [one for one in tried if one.user not in same]
    before, after = _rates(own, training.at)
    theirs_before, theirs_after = _rates(others, training.at)
    alone = newcombe(after, before)
    enough = min(before.n, after.n) >= ENOUGH
    compared = against(after, before, theirs_after, theirs_before)
    judged = compared if min(theirs_before.n, theirs_after.n) >= ENOUGH else alone
    told = _verdict(judged) if enough and judged is not None else "too_little"
    return Lift(training, before, after, theirs_before, theirs_after, alone, compared, told, now >= end)


def newcombe(one: Rate, other: Rate) -> tuple[float, float, float] | None:
    """The difference of two shares with its 90 % interval from Wilson's (Newcombe 1998, method 10)."""
    if one.share is None or other.share is None:
        return None
    (l1, u1), (l2, u2) = _wilson(one), _wilson(other)
    value = one.share - other.share
    low = value - math.sqrt((one.share - l1) ** 2 + (u2 - other.share) ** 2)
    high = value + math.sqrt((u1 - one.share) ** 2 + (other.share - l2) ** 2)
    return value, max(-1.0, low), min(1.0, high)


def against(after: Rate, before: Rate, theirs_after: Rate, theirs_before: Rate) -> tuple[float, float, float] | None:
    """His change less theirs."""
    rates = (after, before, theirs_after, theirs_before)
    shares = [rate.share for rate in rates]
    if None in shares:
        return None
    a, b, c, d = (share or 0.0 for share in shares)
    value = (a - b) - (c - d)
    spread = Z * math.sqrt(sum(_variance(rate) for rate in rates))
    return value, max(-2.0, value - spread), min(2.0, value + spread)


def _rates(some: Iterable[Tried], at: datetime) -> tuple[Rate, Rate]:
    before = [one.passed for one in some if at - BEFORE <= one.at < at]
    after = [one.passed for one in some if at + SETTLING <= one.at < at + SETTLING + AFTER]
    return Rate(sum(before), len(before)), Rate(sum(after), len(after))


def _wilson(rate: Rate) -> tuple[float, float]:
    p, n = rate.passed / rate.n, rate.n
    middle, spread = p + Z * Z / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (middle - spread) / (1 + Z * Z / n), (middle + spread) / (1 + Z * Z / n)


def _variance(rate: Rate) -> float:
    p = (rate.passed + 1) / (rate.n + 2)
    return p * (1 - p) / (rate.n + 2)


def _verdict(told: tuple[float, float, float]) -> Verdict:
    _, low, high = told
    return "grew" if low > 0 else "fell" if high < 0 else "unchanged"
