"""Did it help: a KPI after a talk beside colleagues whom nobody talked to. Pure.

Whoever is chosen for being low rises by himself. So what came after is held against what was to be expected anyway: his
bad weeks drawn towards his own eight weeks before them, as far as such weeks come and go by themselves in this team,
plus what untouched colleagues gained meanwhile (difference in differences). The verdict is three words and an interval,
never "the talk brought +37 %".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True)
class Seen:
    """One person's good cases: in the eight weeks before, in the four judged, and in as many days after the talk."""

    own: Counted
    before: Counted
    after: Counted


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """Shares 0..1 with more being better; `gain` is `after` less `expected`, with its 90 % interval.

    `basis`: whether colleagues told what was to be expected besides, or only the return to his own mean.
    """

    verdict: Verdict
    basis: Basis
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


def measured(person: Seen, colleagues: Sequence[Seen], minimum: int, first: str, last: str) -> Effect:
    """The effect; "early" where there are fewer than `minimum` cases after it."""
    untouched = [one for one in colleagues if one.before.n and one.after.n]
    base, base_variance = _expected_alone(person, untouched)
    shift, shift_variance = _moved(untouched)
    expected = min(1.0, max(0.0, base + shift))
    after, variance = _smooth(person.after), base_variance + shift_variance + _variance(person.after)
    half, gain = Z90 * math.sqrt(variance), person.after.share - expected
    middle = after - expected
    verdict: Verdict = "better" if middle - half > 0 else "worse" if middle + half < 0 else "same"
    return Effect(
        verdict="early" if person.after.n < minimum else verdict,
        basis="colleagues" if len(untouched) >= COLLEAGUES else "mean",
        before=person.before.share,
        after=person.after.share,
        expected=expected,
        gain=gain,
        low=max(-1.0, middle - half),
        high=min(1.0, middle + half),
        n=person.after.n,
        colleagues=len(untouched) if len(untouched) >= COLLEAGUES else 0,
        first=first,
        last=last,
    )


def _expected_alone(person: Seen, colleagues: Sequence[Seen]) -> tuple[float, float]:
    """His bad weeks drawn towards his weeks before them: by chance's part of what months differ."""
    if not person.own.n:
        return _smooth(person.before), _variance(person.before)
    chance, real = _variance(person.before), _drift(colleagues) ** 2
    kept = real / (real + chance)
    mean = kept * _smooth(person.before) + (1 - kept) * _smooth(person.own)
    return mean, kept * chance + (1 - kept) ** 2 * _variance(person.own)


def _drift(colleagues: Sequence[Seen]) -> float:
    """How much a share really moves from weeks to weeks, beyond chance, by those whom nobody talked to."""
    both = [one for one in colleagues if one.own.n and one.before.n]
    if len(both) < COLLEAGUES:
        return FLOOR
    moved = [(_smooth(one.before) - _smooth(one.own)) ** 2 - _variance(one.before) - _variance(one.own) for one in both]
    return max(FLOOR, math.sqrt(max(0.0, math.fsum(moved) / len(moved))))


def _moved(colleagues: Sequence[Seen]) -> tuple[float, float]:
    """What untouched colleagues gained between the judged weeks and after; nothing where they are too few."""
    if len(colleagues) < COLLEAGUES:
        return 0.0, 0.0
    before = sum((one.before for one in colleagues), Counted(0, 0))
    after = sum((one.after for one in colleagues), Counted(0, 0))
    return _smooth(after) - _smooth(before), _variance(before) + _variance(after)


def _smooth(one: Counted) -> float:
    """With one good and one bad case added, so that none of three is no certainty (Agresti and Caffo)."""
    return (one.good + 1) / (one.n + 2)


def _variance(one: Counted) -> float:
    share = _smooth(one)
    return share * (1 - share) / (one.n + 2)
