"""How likely an open deal is to be won by a day, by its stage and how long it has stood there. Pure.

By what became of the deals that stood on the same stage as long (Aalen-Johansen: wins, losses and moves of each day
among those still on it; who moved on, as deals that came to the next stage), never by the chance that a CRM writes
beside a stage (kpi definitions K-19).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    for at, stage, on in steps(entries):
        if at > last:
            break
        left, to = (None, "") if on is None or on[0] > last else ((on[0] - at) / A_DAY, on[1])
        yield Stay(stage, (last - at) / A_DAY, outcome, left, to)


def steps(entries: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str, tuple[int, str] | None]]:
    """When a deal first came to each stage (epoch ms), and when it went on and to which, None where it never did."""
    seen: set[str] = set()
    for place, (at, stage) in enumerate(entries):
        if stage not in seen:
            seen.add(stage)
            yield at, stage, next((one for one in entries[place + 1 :] if one[1] != stage), None)


@dataclass(slots=True)
class Counted:
    """Deals that came to a stage, by how (`won`, `lost`, `open`; `moved` on) and on which day after it: how they ended,
    how they left the stage, and where to. A deal that ends within a day of its beginning ends on day 1.
    """

    ended: Counter[tuple[str, int]] = field(default_factory=Counter)
    left: Counter[tuple[str, int]] = field(default_factory=Counter)
    to: Counter[str] = field(default_factory=Counter)

    def add(self, stay: Stay) -> None:
        """One more."""
        ended = stay.outcome, _day(stay.days)
        self.ended[ended] += 1
        self.left[ended if stay.left is None else ("moved", _day(stay.left))] += 1
        if stay.left is not None:
            self.to[stay.to] += 1

    def hazard(self) -> Hazard:
        """How they ended."""
        parts = _parts(self.ended)
        return Hazard(self.ended.total(), parts["won"], parts["lost"])

    def leaving(self) -> Leaving:
        """How they left."""
        parts, moved = _parts(self.left), self.to.total()
        shares = {stage: round(count / moved, 6) for stage, count in sorted(self.to.items())}
        return Leaving(self.left.total(), parts["won"], parts["lost"], parts["moved"], shares)


def chances(stays: Iterable[Stay]) -> Chances:
    """From what became of the deals."""
    counted: dict[str, Counted] = {}
    for stay in stays:
        counted.setdefault(stay.stage, Counted()).add(stay)
    return chances_of(counted)


def chances_of(counted: Mapping[str, Counted]) -> Chances:
    """From how many went which way, by stage."""
    every = Counted()
    for one in counted.values():
        every.ended.update(one.ended)
        every.left.update(one.left)
    stages = sorted(counted.items())
    leaving = {stage: one.leaving() for stage, one in stages} | {"": every.leaving()}
    return Chances(every.hazard(), {stage: one.hazard() for stage, one in stages}, leaving)


def _day(days: float) -> int:
    return min(int(days) + 1, LONGEST)


def _parts(ways: Mapping[tuple[str, int], int]) -> dict[str, dict[int, float]]:
    """By kind and day, which part of those still there went so."""
    at_risk, parts = sum(ways.values()), {kind: dict[int, float]() for kind in ("won", "lost", "moved")}
    for day in sorted({day for _, day in ways}):
        gone = 0
        for kind in ("won", "lost", "moved", "open"):
            if count := ways.get((kind, day), 0):
                gone += count
                if kind != "open":
                    parts[kind][day] = round(count / at_risk, 6)
        at_risk -= gone
    return parts
