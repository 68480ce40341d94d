"""How likely an open deal is to be won by a day, by its stage and how long it has stood there. Pure.

By what became of the deals that stood on the same stage as long (Aalen-Johansen: wins and losses of each day among
those still open on it), never by the chance that a CRM writes beside a stage (kpi definitions K-19).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec

LONGEST = 365
"""Days; what lasts longer is taken for that old."""
ENOUGH = 20
"""Deals that stood on a stage below which all stages together tell."""


class Stay(NamedTuple):
    """A deal that came to a stage: how many days later it was won or lost, or how many it has been open since."""

    stage: str
    days: float
    outcome: Literal["won", "lost", "open"]


class Hazard(msgspec.Struct, frozen=True):
    """Of `n` deals, which part of those still open was won and lost on each day after it began; days without are left
    out.
    """

    n: int
    won: dict[int, float] = {}
    lost: dict[int, float] = {}

    def chance(self, age: int, horizon: int) -> float:
        """Of being won within so many more days, having been open for `age`."""
        still, won = 1.0, 0.0
        for day in range(min(age, LONGEST) + 1, min(age + horizon, LONGEST) + 1):
            win, loss = self.won.get(day, 0.0), self.lost.get(day, 0.0)
            won += still * win
            still *= max(0.0, 1 - win - loss)
        return won


class Chances(msgspec.Struct, frozen=True):
    """Of every stage, and of all together."""

    every: Hazard
    stages: dict[str, Hazard] = {}

    def of(self, stage: str | None, age: float, horizon: float) -> float | None:
        """None where too few deals were ever seen to say anything."""
        known = self.stages.get(stage or "")
        hazard = known if known is not None and known.n >= ENOUGH else self.every
        if hazard.n < ENOUGH:
            return None
        return hazard.chance(max(int(age), 0), max(round(horizon), 0))


def chances(stays: Iterable[Stay]) -> Chances:
    """From what became of the deals."""
    by_stage: dict[str, list[Stay]] = {}
    for stay in stays:
        by_stage.setdefault(stay.stage, []).append(stay)
    every = [stay for some in by_stage.values() for stay in some]
    return Chances(_hazard(every), {stage: _hazard(some) for stage, some in sorted(by_stage.items())})


def _hazard(stays: list[Stay]) -> Hazard:
    """A deal that ends within a day of its beginning ends on day 1."""
    ended: dict[str, Counter[int]] = {"won": Counter(), "lost": Counter(), "open": Counter()}
    for stay in stays:
        ended[stay.outcome][min(int(stay.days) + 1, LONGEST)] += 1
    at_risk, parts = len(stays), {"won": dict[int, float](), "lost": dict[int, float]()}
    for day in sorted({day for counter in ended.values() for day in counter}):
        for outcome, found in parts.items():
            if count := ended[outcome][day]:
                found[day] = round(count / at_risk, 6)
        at_risk -= sum(counter[day] for counter in ended.values())
    return Hazard(len(stays), parts["won"], parts["lost"])
