"""Whether somebody wins fewer because of what he was given: observed wins over those expected of his mix. Pure.

Each enquiry is expected to be won as often as the team wins such ones: the same source, pipeline and size. A cell with
few enquiries is drawn towards the team's whole. O/E under 1 is worse than the mix explains.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from connector.targets.model import beta_prior

_Z90 = 1.645
SIZES = (1 / 3, 2 / 3)
"""Deals are small, middling or large by thirds of the account's amounts."""
Cell = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """Enquiries of one person in one cell: how many are ripe, and how many of them were won."""

    user: str
    cell: Cell
    n: int
    won: int


@dataclass(frozen=True, slots=True)
class Mix:
    """Observed and expected wins of a person and their ratio with its 90 % interval. `luck`: how often the team wins
    enquiries such as his, beside how often it wins any; over 1 he was given the better ones.
    """

    observed: int
    expected: float
    ratio: float
    low: float
    high: float
    luck: float


def mixes(cases: Iterable[Case]) -> dict[str, Mix]:
    """By user; nobody where no enquiry is ripe."""
    everything = sorted(cases, key=lambda one: (one.user, one.cell))
    rates = _rates(everything)
    total = sum(one.n for one in everything)
    overall = sum(one.won for one in everything) / total if total else 0.0
    by_user: dict[str, list[Case]] = defaultdict(list)
    for one in everything:
        by_user[one.user].append(one)
    found = {user: _mix(some, rates, overall) for user, some in by_user.items()}
    return {user: mix for user, mix in found.items() if mix is not None}


def size_of(amount: float | None, thirds: Sequence[float]) -> str:
    """`small`, `middling`, `large`; `unknown` without an amount or where all are alike."""
    if not amount or len(thirds) < 2 or thirds[0] >= thirds[1]:
        return "unknown"
    return "small" if amount <= thirds[0] else "middling" if amount <= thirds[1] else "large"


def thirds(amounts: Iterable[float]) -> tuple[float, ...]:
    """The two amounts that cut them into thirds; nothing of fewer than nine."""
    ordered = sorted(one for one in amounts if one)
    if len(ordered) < 9:
        return ()
    return tuple(ordered[min(math.floor(len(ordered) * part), len(ordered) - 1)] for part in SIZES)


def _rates(cases: Sequence[Case]) -> Mapping[Cell, float]:
    tried: dict[Cell, int] = defaultdict(int)
    won: dict[Cell, int] = defaultdict(int)
    for one in cases:
        tried[one.cell] += one.n
        won[one.cell] += one.won
    if not any(tried.values()):
        return {}
    a, b = beta_prior([(n, won[cell]) for cell, n in sorted(tried.items())], 0.5)
    return {cell: (a + won[cell]) / (a + b + n) for cell, n in tried.items()}


def _mix(cases: Sequence[Case], rates: Mapping[Cell, float], overall: float) -> Mix | None:
    n = sum(one.n for one in cases)
    expected = sum(one.n * rates[one.cell] for one in cases if one.n)
    if not expected or not overall:
        return None
    observed = sum(one.won for one in cases)
    spread = math.sqrt(sum(one.n * rates[one.cell] * (1 - rates[one.cell]) for one in cases if one.n) / expected)
    low, high = _poisson(observed)
    ratio = observed / expected
    return Mix(
        observed,
        expected,
        ratio,
        ratio - (ratio - low / expected) * spread,
        ratio + (high / expected - ratio) * spread,
        expected / n / overall,
    )


def _poisson(count: int) -> tuple[float, float]:
    """The 90 % interval of a count by Wilson and Hilferty; wins of few enquiries vary less, which the caller knows."""
    low = 0.0 if not count else count * max(0.0, 1 - 1 / (9 * count) - _Z90 / (3 * math.sqrt(count))) ** 3
    more = count + 1
    return low, more * (1 - 1 / (9 * more) + _Z90 / (3 * math.sqrt(more))) ** 3
