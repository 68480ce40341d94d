"""The target of a share or of an average for somebody who is to grow: a third of the way to the team's better ones, at
a value that is reached with the agreed chance (methods.md 3.2.8). Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from connector.advice.diagnosis.shares import DRAWS, Series, Share, estimate
from connector.targets.suggest import CHANCE

STRETCH, NEW = 0.3, 0.15
"""How much of the way to the team's better quarter a month asks for; of somebody new less."""
TRIED, FITS = 24, 0.1
"""Predicted months below which nothing is said about chances, and how far what came true may be from the stated."""
TRAINING = 3


@dataclass(frozen=True, slots=True)
class Target:
    """What to reach, as a value of the KPI; `chance`: to reach it, None where no backtest vouches for chances."""

    value: float
    chance: float | None


def stretched(now: float, best: float, *, newcomer: bool = False, less: bool = False) -> float:
    """Where somebody is to get: towards the better ones, never away from them."""
    better = best < now if less else best > now
    return now + (NEW if newcomer else STRETCH) * (best - now) if better else now


def target(
    one: Share,
    aim: float,
    tries: int,
    rng: np.random.Generator,
    *,
    chance: float = CHANCE,
    less: bool = False,
    vouched: bool = False,
) -> Target:
    """A share's target by whole percents (tenths below ten): what so many tries around the aim reach with this chance.

    Where chance alone would let that be no better than today, it is the aim itself; who is to hold what he has is asked
    for just that. `less`: a small share is the good one.
    """
    drawn, now = _shares(one, aim, tries, rng), one.mean
    value = _shown(now)
    if aim != now:
        wanted = float(np.quantile(drawn, chance if less else 1 - chance))
        value = _beyond(wanted if (wanted < now if less else wanted > now) else aim, now, less=less)
    reached = (drawn <= value + 1e-9) if less else (drawn >= value - 1e-9)
    return Target(value, round(float(reached.mean()), 2) if vouched else None)


def _digits(value: float) -> int:
    return 3 if value < 0.1 else 2


def _shown(value: float) -> float:
    return round(value, _digits(value))


def _beyond(value: float, now: float, *, less: bool) -> float:
    """Rounded, and at least one step from where he is."""
    digits = _digits(value)
    step = 10.0**-digits
    if less:
        return max(round(min(value, _shown(now) - step), digits), 0.0)
    return min(round(max(value, _shown(now) + step), digits), 1.0)


def vouches(series: Series, rng: np.random.Generator) -> bool:
    """Whether chances of this share came true before: each month predicted from those before it, without a stretch."""
    stated, came = [], []
    for place in range(TRAINING, max((len(months) for months in series.values()), default=0)):
        known = estimate({user: months[:place] for user, months in series.items() if len(months) > place})
        for user, one in known.items():
            hits, tries = series[user][place]
            if tries >= 1 and one.n:
                told = target(one, one.mean, round(tries), rng, vouched=True)
                stated.append(told.chance or 0.0)
                came.append(hits / tries >= told.value - 1e-9)
    return len(stated) >= TRIED and abs(_mean(stated) - _mean(came)) <= FITS


def _shares(
    one: Share, aim: float, tries: int, rng: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What the share of so many tries turns out to be."""
    strength, count = one.a + one.b, max(tries, 1)
    middle = min(max(aim, 1e-3), 1 - 1e-3)
    truth = rng.beta(middle * strength, (1 - middle) * strength, DRAWS)
    found: np.ndarray[tuple[int], np.dtype[np.float64]] = rng.binomial(count, truth) / count
    return found


def _mean(some: Sequence[float]) -> float:
    return sum(some) / len(some)
