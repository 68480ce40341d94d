"""What doing a thing well is worth: how much oftener deals are won where it was done, like compared with like. Pure.

The Mantel-Haenszel difference over strata (source and month): a tie that need not be a cause, and every text that shows
it says so. Its interval comes from drawing the deals again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

RESAMPLED = 400
LEAST = 20
"""Deals with it and without it below which nothing is said."""


class Case(NamedTuple):
    """A deal: what it is compared within, whether it was done well, whether it was won."""

    stratum: str
    done: bool
    won: bool


@dataclass(frozen=True, slots=True)
class Worth:
    """How much more of the deals are won (a difference of shares), with its 90 % interval, of how many deals."""

    difference: float
    low: float
    high: float
    n: int


def worth(cases: Iterable[Case], rng: np.random.Generator) -> Worth | None:
    """None where too few were done well, or too few were not, in strata that have both."""
    cells: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in cases:
        cells[one.stratum][2 * one.done + one.won] += 1
    both = np.array([counts for _, counts in sorted(cells.items()) if sum(counts[:2]) and sum(counts[2:])], dtype=float)
    if not len(both) or min(both[:, :2].sum(), both[:, 2:].sum()) < LEAST:
        return None
    found = float(_difference(both[None, :, :])[0])
    low, high = np.quantile(_difference(_again(both, rng)), (0.05, 0.95))
    return Worth(found, float(low), float(high), int(both.sum()))


def _difference(
    tables: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Of tables (draw, stratum, [not done and lost, not done and won, done and lost, done and won])."""
    without, having = tables[..., :2].sum(axis=-1), tables[..., 2:].sum(axis=-1)
    shares = tables[..., 3] / np.maximum(having, 1) - tables[..., 1] / np.maximum(without, 1)
    weights = without * having / np.maximum(without + having, 1)
    total = weights.sum(axis=-1)
    found: np.ndarray[tuple[int], np.dtype[np.float64]] = (weights * shares).sum(axis=-1) / np.maximum(total, 1e-9)
    return found


def _again(
    both: np.ndarray[tuple[int, ...], np.dtype[np.float64]], rng: np.random.Generator
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The deals of every stratum drawn again."""
    drawn = [rng.multinomial(int(counts.sum()), counts / counts.sum(), RESAMPLED) for counts in both]
    return np.stack(drawn, axis=1).astype(np.float64)
