"""Did it help: a KPI after a talk beside colleagues whom nobody talked to. Pure.

Whoever is chosen for being low rises by himself. So what came after is held against what was to be expected anyway: his
bad weeks drawn towards his own eight weeks before them, as far as such weeks come and go by themselves in this team and
the more so the less they look like a real change, plus what untouched colleagues gained meanwhile (difference in
differences). The verdict is three words and an interval, never "the talk brought +37 %".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from connector.advice.feedback.weeks import Counted
from connector.kpi.interval import Z90
from connector.kpi.text import Text

Verdict = Literal["better", "same", "worse", "early"]
Basis = Literal["colleagues", "mean"]
WORDS: dict[Verdict, Text] = {
    "better": Text("стало явно лучше", "better than expected"),
    "same": Text("разницы не видно", "no visible difference"),
    "worse": Text("стало явно хуже", "worse than expected"),
    "early": Text("пока рано судить", "still too early"),
}
COLLEAGUES = 2
"""Fewer untouched ones say nothing of what the times brought."""
FLOOR = 0.05
"""By how much a share moves from month to month at least, whatever the team shows (standard deviation)."""
CHANGE, WIDE, WIDE_BY_DAY = 0.05, 0.3, 0.7
"""How often something really happens to somebody within a month, and how far it then takes him (standard deviation), of
shares and of the logarithm of what is counted by the day.
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One person's good cases: in the eight weeks before, in the four judged, and in as many days after the talk.

    Of something that is counted by the day, such as wins, `n` are the days worked.
    """

    own: Counted
    before: Counted
    after: Counted


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """Shares 0..1 with more being better, or how many a worked day; `gain` is `after` less `expected` with its 90 %
    interval, of what is counted by the day the part by which it is more.

    `basis`: whether colleagues told what was to be expected besides, or only the return to his own mean.
    """

    verdict: Verdict
    basis: Basis
    by_day: bool = False
    before: float
    after: float
    expected: float
    gain: float
    low: float
    high: float
    n: int
    colleagues: int
    first: str
    last: str
    """The days measured, YYYY-MM-DD, both included."""


Estimate = tuple[float, float]
"""A mean and its variance, on the scale on which they add up."""
Scale = Callable[[Counted], Estimate]


def share(one: Counted) -> Estimate:
    """With one good and one bad case added, so that none of three is no certainty (Agresti and Caffo)."""
    middle = (one.good + 1) / (one.n + 2)
    return middle, middle * (1 - middle) / (one.n + 2)


def by_day(one: Counted) -> Estimate:
    """The logarithm of so many a day: factors add up there, and so do chance's."""
    return math.log((one.good + 0.5) / max(one.n, 1)), 1 / (one.good + 0.5)


def measured(
    person: Seen, colleagues: Sequence[Seen], *, enough: bool, days: tuple[str, str], scale: Scale = share
) -> Effect:
    """The effect; "early" where there is not `enough` after the talk. `days`: the first and last one measured."""
    untouched = [one for one in colleagues if one.before.n and one.after.n]
    several = len(untouched) >= COLLEAGUES
    alone, shift, after = _alone(person, untouched, scale), _moved(untouched, scale), scale(person.after)
    middle = after[0] - alone[0] - shift[0]
    half = Z90 * math.sqrt(after[1] + alone[1] + shift[1])
    fallen = after[0] - scale(person.before)[0] - shift[0]  # not reaching what was hoped for is not getting worse
    worse = fallen + Z90 * math.sqrt(after[1] + scale(person.before)[1] + shift[1]) < 0
    verdict: Verdict = "better" if middle - half > 0 else "worse" if worse else "same"
    expected, daily = alone[0] + shift[0], scale is by_day
    expected = math.exp(expected) if daily else min(1.0, max(0.0, expected))
    seen = person.after.share / expected - 1 if daily else person.after.share - expected
    low, high = (math.exp(end) - 1 if daily else max(-1.0, min(1.0, end)) for end in (middle - half, middle + half))
    return Effect(
        verdict=verdict if enough else "early",
        basis="colleagues" if several else "mean",
        by_day=daily,
        before=person.before.share,
        after=person.after.share,
        expected=expected,
        gain=min(high, max(low, seen)),
        low=low,
        high=high,
        n=person.after.good if daily else person.after.n,
        colleagues=len(untouched) if several else 0,
        first=days[0],
        last=days[1],
    )


def _alone(person: Seen, colleagues: Sequence[Seen], scale: Scale) -> Estimate:
    """His bad weeks drawn towards his weeks before them: by chance's part of what months differ."""
    bad, chance = scale(person.before)
    if not person.own.n:
        return bad, chance
    usual, doubt = scale(person.own)
    real, around = _drift(colleagues, scale) ** 2, chance + doubt
    wide = (WIDE_BY_DAY if scale is by_day else WIDE) ** 2
    plain, changed = (_density(bad - usual, spread + around) for spread in (real, wide))
    weight = CHANGE * changed / (CHANGE * changed + (1 - CHANGE) * plain)
    kept = weight * wide / (wide + chance) + (1 - weight) * real / (real + chance)
    return kept * bad + (1 - kept) * usual, kept * chance + (1 - kept) ** 2 * doubt


def _density(value: float, variance: float) -> float:
    """Of a normal variable around 0."""
    return math.exp(-value * value / (2 * variance)) / math.sqrt(2 * math.pi * variance)


def _drift(colleagues: Sequence[Seen], scale: Scale) -> float:
    """How much weeks really differ from weeks, beyond chance, by those whom nobody talked to."""
    both = [(scale(one.own), scale(one.before)) for one in colleagues if one.own.n and one.before.n]
    if len(both) < COLLEAGUES:
        return FLOOR
    moved = [(now - then) ** 2 - doubt - before for (then, before), (now, doubt) in both]
    return max(FLOOR, math.sqrt(max(0.0, math.fsum(moved) / len(moved))))


def _moved(colleagues: Sequence[Seen], scale: Scale) -> Estimate:
    """What untouched colleagues gained between the judged weeks and after; nothing where they are too few."""
    if len(colleagues) < COLLEAGUES:
        return 0.0, 0.0
    (before, doubt), (after, more) = (
        scale(sum(some, Counted(0, 0)))
        for some in ((one.before for one in colleagues), (one.after for one in colleagues))
    )
    return after - before, doubt + more
