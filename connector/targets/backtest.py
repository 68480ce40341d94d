"""What stated chances were worth on the account's own past: each month predicted from those before it. Pure.

Peers are what people do without a model: last month plus ten percent, the mean of three, one's own 40th percentile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from connector.targets.model import Draws, prior
from connector.targets.series import COMPARABLE, Ahead, Person, labels
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
class Case:
    """One predicted month: the draws, what came, what the peers said, and the size of it all. More is better."""

    draws: Draws
    actual: float
    said: tuple[float, ...]
    scale: float


PEERS: tuple[tuple[str, Callable[[Sequence[float]], float]], ...] = (
    ("last_month_plus_10", lambda values: values[-1] + abs(values[-1]) * 0.1),
    ("mean_3_plus_10", lambda values: _mean(values[-3:]) + abs(_mean(values[-3:])) * 0.1),
    ("mean_3", lambda values: _mean(values[-3:])),
    ("own_p40", lambda values: float(np.quantile(values, 0.4))),
)
NAMES = tuple(name for name, _ in PEERS)


def backtest(account: str, people: Sequence[Person], *, chance: float = CHANCE, last: int = 6) -> Backtest:
    """The last months of everybody who has enough before them."""
    return tried(
        [case for label in tested_months(labels(people), last) for case in _month(account, people, label)], chance
    )


def tested_months(known: Sequence[str], last: int = 6) -> Sequence[str]:
    """Which months are predicted: the last ones that have enough before them."""
    return known[TRAINING:][-last:]


def tried(cases: Sequence[Case], chance: float = CHANCE, peers: Sequence[str] = NAMES) -> Backtest:
    """The model beside its peers, by name as each case has what they said, and what its chances were worth."""
    if not cases:
        return Backtest((), (), 0.0, 0)
    scores = [_score("model", cases, [float(np.quantile(case.draws, 1 - chance)) for case in cases], chance)]
    for place, name in enumerate(peers):
        scores.append(_score(name, cases, [case.said[place] for case in cases], chance))
    calibration = tuple((stated, round(_reached(cases, stated), 3), len(cases)) for stated in STATED)
    return Backtest(tuple(scores), calibration, _reached(cases, 0.9) - _reached(cases, 0.1), len(cases))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _month(account: str, people: Sequence[Person], label: str) -> list[Case]:
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
        cases.append(case_of(draws, float(month.revenue), [one.revenue for one in before.months]))
    return cases


def case_of(draws: Draws, actual: float, before: Sequence[float]) -> Case:
    """`before`: what the months before it came to, oldest first; not empty."""
    scale = abs(_mean(before))
    return Case(draws, actual, tuple(say(before) for _, say in PEERS), scale or 1.0)


def _score(method: str, cases: Sequence[Case], targets: Sequence[float], chance: float) -> Score:
    attained = sum(bool(case.actual >= target) for case, target in zip(cases, targets, strict=True)) / len(cases)
    level = 1 - chance
    losses = [
        max(level * (case.actual - target), (level - 1) * (case.actual - target)) / case.scale
        for case, target in zip(cases, targets, strict=True)
    ]
    return Score(method, len(cases), round(attained, 3), round(float(sum(losses)) / len(losses), 4))


def _reached(cases: Sequence[Case], stated: float) -> float:
    """How many came to what is reached with this chance. Of small counts, where many draws are the very value that
    came, that is the part of it that lies beyond: a target of two deals is met more often than is stated of it.
    """
    return sum(_beyond(case, stated) for case in cases) / len(cases)


def _beyond(case: Case, stated: float) -> float:
    upto, same = float((case.draws <= case.actual).mean()), float((case.draws == case.actual).mean())
    return min(max((upto - (1 - stated)) / same, 0.0), 1.0) if same else float(upto >= 1 - stated)
