"""How likely an open deal is to be won by a day, by its stage and how long it has stood there. Pure.

By what became of the deals that stood on the same stage as long (Aalen-Johansen: wins, losses and moves of each day
among those still on it; who moved on, as deals that came to the next stage), never by the chance that a CRM writes
beside a stage (kpi definitions K-19).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

import msgspec

LONGEST = 365
"""Days; what lasts longer is taken for that old."""
ENOUGH = 20
"""Deals that stood on a stage below which all stages together tell."""
A_DAY = 86_400_000
Outcome = Literal["won", "lost", "open"]


class Stay(NamedTuple):
    """A deal that came to a stage: how many days later it was won or lost, or how many it has been open since; after
    how many it went on and to which stage, None where it stood there until its end, or stands there.
    """

    stage: str
    days: float
    outcome: Outcome
    left: float | None = None
    to: str = ""


class Hazard(msgspec.Struct, frozen=True):
    """Of `n` deals, which part of those still open was won and lost on each day after it began; days without are left
    out.
    """

    n: int
    won: dict[int, float] = {}
    lost: dict[int, float] = {}

    def within(self, age: int = 0) -> list[float]:
        """The chance of being won within so many more days, by days, of one that came to the stage `age` days ago."""
        still, found = 1.0, [0.0]
        for day in range(age + 1, LONGEST + 1):
            win, loss = self.won.get(day, 0.0), self.lost.get(day, 0.0)
            found.append(found[-1] + still * win)
            still *= max(0.0, 1 - win - loss)
        return found


class Leaving(Hazard, frozen=True):
    """The same among those still on the stage; `moved`: which part of them went on, `to`: where, as parts of these."""

    moved: dict[int, float] = {}
    to: dict[str, float] = {}


class Chances(msgspec.Struct, frozen=True, dict=True):
    """Of every stage, and of all together; `leaving`: by stage, "" of all; empty in older rows."""

    every: Hazard
    stages: dict[str, Hazard] = {}
    leaving: dict[str, Leaving] = {}

    def of(self, stage: str | None, age: float, horizon: float) -> float | None:
        """None where too few deals were ever seen to say anything."""
        known = self.stages.get(stage or "")
        name = (stage or "") if known is not None and known.n >= ENOUGH else ""
        if not name and self.every.n < ENOUGH:
            return None
        key = name, min(max(int(age), 0), LONGEST), min(max(round(horizon), 0), LONGEST)
        if key not in self._told:
            self._told[key] = self._chance(*key)
        return self._told[key]

    def _chance(self, name: str, age: int, horizon: int) -> float:
        if not self.leaving:
            within = (self.stages[name] if name else self.every).within(age)
            return within[min(horizon, len(within) - 1)]
        leaving, after = self.leaving[name], self._after[name]
        still, won = 1.0, 0.0
        for day in range(age + 1, min(age + horizon, LONGEST) + 1):
            win, loss, move = leaving.won.get(day, 0.0), leaving.lost.get(day, 0.0), leaving.moved.get(day, 0.0)
            rest = horizon - (day - age)  # who goes on does so in the middle of a day
            won += still * (win + move * (after[rest] + after[rest + 1]) / 2)
            still *= max(0.0, 1 - win - loss - move)
        return min(won, 1.0)

    @cached_property
    def _told(self) -> dict[tuple[str, int, int], float]:
        return {}

    @cached_property
    def _after(self) -> Mapping[str, Sequence[float]]:
        """By stage, the chance of being won within so many days of leaving it for another one."""
        within = {name: one.within() for name, one in self.stages.items() if one.n >= ENOUGH}
        every = self.every.within()
        found = {}
        for name, one in self.leaving.items():
            parts = [(share, within.get(to, every)) for to, share in one.to.items()] if name else [(1.0, every)]
            found[name] = [sum(share * some[day] for share, some in parts) for day in range(LONGEST + 1)]
        return found


def passed(entries: Sequence[tuple[int, str]], last: int, outcome: Outcome) -> Iterator[Stay]:
    """Each stage that a deal came to, once: `entries` (epoch ms, stage) in order; `last`: when it ended as `outcome`,
    or until when it was seen open.
    """
    seen: set[str] = set()
    for place, (at, stage) in enumerate(entries):
        if at > last:
            break
        if stage not in seen:
            seen.add(stage)
            on = next(((when, to) for when, to in entries[place + 1 :] if to != stage and when <= last), None)
            left, to = (None, "") if on is None else ((on[0] - at) / A_DAY, on[1])
            yield Stay(stage, (last - at) / A_DAY, outcome, left, to)


def chances(stays: Iterable[Stay]) -> Chances:
    """From what became of the deals."""
    by_stage: dict[str, list[Stay]] = {}
    for stay in stays:
        by_stage.setdefault(stay.stage, []).append(stay)
    every = [stay for some in by_stage.values() for stay in some]
    stages = sorted(by_stage.items())
    leaving = {stage: _leaving(some) for stage, some in stages} | {"": _leaving(every)}
    return Chances(_hazard(every), {stage: _hazard(some) for stage, some in stages}, leaving)


def _hazard(stays: Sequence[Stay]) -> Hazard:
    """A deal that ends within a day of its beginning ends on day 1."""
    parts = _parts([(stay.outcome, stay.days) for stay in stays])
    return Hazard(len(stays), parts["won"], parts["lost"])


def _leaving(stays: Sequence[Stay]) -> Leaving:
    exits = [(stay.outcome, stay.days) if stay.left is None else ("moved", stay.left) for stay in stays]
    parts, to = _parts(exits), Counter(stay.to for stay in stays if stay.left is not None)
    shares = {stage: round(count / to.total(), 6) for stage, count in sorted(to.items())}
    return Leaving(len(stays), parts["won"], parts["lost"], parts["moved"], shares)


def _parts(exits: Sequence[tuple[str, float]]) -> dict[str, dict[int, float]]:
    """By kind and day, which part of those still there went so."""
    ended: dict[str, Counter[int]] = {kind: Counter() for kind in ("won", "lost", "moved", "open")}
    for kind, days in exits:
        ended[kind][min(int(days) + 1, LONGEST)] += 1
    at_risk, parts = len(exits), {kind: dict[int, float]() for kind in ("won", "lost", "moved")}
    for day in sorted({day for counter in ended.values() for day in counter}):
        for kind, found in parts.items():
            if count := ended[kind][day]:
                found[day] = round(count / at_risk, 6)
        at_risk -= sum(counter[day] for counter in ended.values())
    return parts
