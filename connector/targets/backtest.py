"""What stated chances were worth on the account's own past: each month predicted from those before it. Pure.

Peers are what people do without a model: last month plus ten percent, the mean of three, one's own 40th percentile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from connector.targets.model import prior
from connector.targets.series import COMPARABLE, Ahead, Month, Person, labels
from connector.targets.suggest import CHANCE, predict

TRAINING = 5
"""Months before the first that is predicted."""
ENOUGH = 24
"""Predictions below which nothing is said about chances."""
STATED = (0.2, 0.35, 0.5, 0.6, 0.75, 0.9)
FITS = 0.1
"""How far what came true may be from what was stated."""


@dataclass(frozen=True, slots=True)
class Score:
    """A way to set targets: how many were reached, and the pinball loss at that chance, by mean revenue."""

    method: str
    n: int
    attained: float
    pinball: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """The model and its peers over the same months; `calibration`: stated chance, how often it came true, of how many.

    `covered`: how many months lay within the 80 % interval.
    """

    scores: tuple[Score, ...]
    calibration: tuple[tuple[float, float, int], ...]
    covered: float
    n: int

    @property
    def vouches(self) -> bool:
        """Whether there is enough to state chances, and those near the usual one come true."""
        near = [abs(stated - true) for stated, true, _ in self.calibration if 0.4 <= stated <= 0.8]
        return self.n >= ENOUGH and bool(near) and sum(near) / len(near) <= FITS


@dataclass(frozen=True, slots=True)
class _Case:
    """One predicted month: the draws, what came, what the peers said, and the size of it all."""

    draws: np.ndarray[tuple[int], np.dtype[np.float64]]
    actual: float
    said: tuple[float, ...]
    scale: float


_PEERS: tuple[tuple[str, Callable[[Sequence[Month]], float]], ...] = (
    ("last_month_plus_10", lambda months: months[-1].revenue * 1.1),
    ("mean_3_plus_10", lambda months: sum(month.revenue for month in months[-3:]) / 3 * 1.1),
    ("mean_3", lambda months: sum(month.revenue for month in months[-3:]) / 3),
    ("own_p40", lambda months: float(np.quantile([month.revenue for month in months], 0.4))),
)


def backtest(account: str, people: Sequence[Person], *, chance: float = CHANCE, last: int = 6) -> Backtest:
    """The last months of everybody who has enough before them."""
    cases = [case for label in labels(people)[TRAINING:][-last:] for case in _month(account, people, label)]
    if not cases:
        return Backtest((), (), 0.0, 0)
    ours = [float(np.quantile(case.draws, 1 - chance)) for case in cases]
    scores = [_score("model", cases, ours, chance)]
    for place, (name, _) in enumerate(_PEERS):
        scores.append(_score(name, cases, [case.said[place] for case in cases], chance))
    calibration = tuple((stated, _came_true(cases, stated), len(cases)) for stated in STATED)
    within = [np.quantile(case.draws, 0.1) <= case.actual <= np.quantile(case.draws, 0.9) for case in cases]
    return Backtest(tuple(scores), calibration, sum(map(bool, within)) / len(cases), len(cases))


def _month(account: str, people: Sequence[Person], label: str) -> list[_Case]:
    known = [person.until(label) for person in people]
    team = prior([person for person in known if person.comparable])
    if team is None:
        return []
    cases = []
    for person, before in zip(people, known, strict=True):
        month = next((one for one in person.months if one.label == label), None)
        if month is None or month.days <= 0 or before.comparable < COMPARABLE:
            continue
        draws = predict(account, before, team, Ahead(label, {person.user: float(month.days)}))
        scale = sum(one.revenue for one in before.months) / len(before.months)
        cases.append(
            _Case(draws, float(month.revenue), tuple(say(before.months) for _, say in _PEERS), max(scale, 1.0))
        )
    return cases


def _score(method: str, cases: Sequence[_Case], targets: Sequence[float], chance: float) -> Score:
    attained = sum(bool(case.actual >= target) for case, target in zip(cases, targets, strict=True)) / len(cases)
    level = 1 - chance
    losses = [
        max(level * (case.actual - target), (level - 1) * (case.actual - target)) / case.scale
        for case, target in zip(cases, targets, strict=True)
    ]
    return Score(method, len(cases), round(attained, 3), round(float(sum(losses)) / len(losses), 4))


def _came_true(cases: Sequence[_Case], stated: float) -> float:
    reached = sum(bool(case.actual >= np.quantile(case.draws, 1 - stated)) for case in cases)
    return round(reached / len(cases), 3)
