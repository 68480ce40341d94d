"""Which three to five KPIs to set for somebody, and with which weights (methods.md 5.5 and 5.6). Pure.

Money expected of a target times how sure it is that he is behind, how far he can move it himself, and how good the data
are; but always a result in money beside it, and a process, a client and a quality KPI where there are data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from connector.advice.diagnosis.verdict import Verdict
from connector.advice.recommendation.stretch import Target
from connector.kpi.definition import Kpi

LEAST, MOST = 3, 5
BUDGETS: Mapping[str, int] = {"financial": 50, "process": 25, "quality": 25}
"""Of a hundred; what is about clients shares the budget of quality."""
NEW_BUDGETS: Mapping[str, int] = {"financial": 20, "process": 50, "quality": 30}
"""Somebody new is judged by what he does and learns (methods.md 5.5)."""
STEP, LIGHTEST, HEAVIEST = 5, 10, 50
REQUIRED = ("process", "client", "quality")
Role = Literal["result", "grow", "hold", "keep"]
"""`result`: the money all serves. `grow`: weak, to be raised. `hold`: for balance. `keep`: a strength."""


_ROLES: tuple[Role, ...] = ("result", "grow", "keep", "hold")


@dataclass(frozen=True, slots=True)
class Effect:
    """What reaching the target brings in a month, minor units, with its 90 % interval. `tie`: it rests on how often
    deals are won where this was done, which need not be its cause. `deals`: won deals more, likewise.
    """

    minor: int
    low: int
    high: int
    tie: bool = False
    deals: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A KPI that might be set: what is so today, in the team's middle and at its better end, and what it could be.

    `controllable`: how far the person moves it himself, 0..1. `minimum`: facts below which nothing is said.
    """

    kpi: Kpi
    verdict: Verdict
    now: float
    team: float
    best: float
    target: Target
    controllable: float
    minimum: int
    effect: Effect | None = None

    @property
    def priority(self) -> tuple[float, float, str]:
        """Money first, then how sure and how large; the key decides between equals, so no order of input matters."""
        told = self.verdict
        weight = told.below * self.controllable * told.n / (told.n + self.minimum)
        return max(self.effect.minor if self.effect else 0, 0) * weight, max(told.gap, 0.0) * weight, self.kpi.key

    @property
    def known(self) -> bool:
        """Whether there are data enough to set it at all."""
        return self.verdict.n >= self.minimum and self.controllable > 0


@dataclass(frozen=True, slots=True)
class Chosen:
    """A KPI to be set, why, and its weight in percent."""

    candidate: Candidate
    role: Role
    weight: int = 0


def recommend(candidates: Iterable[Candidate], result: Candidate | None, *, newcomer: bool = False) -> list[Chosen]:
    """At most five with weights that sum to 100, the result first; nothing where nothing can be set."""
    known = sorted((one for one in candidates if one.known), key=lambda one: one.priority, reverse=True)
    weak = [one for one in known if one.verdict.speaks]
    chosen: dict[str, Chosen] = {}
    if result is not None:
        chosen[result.kpi.key] = Chosen(result, "result")
    if not weak:
        _take(chosen, _strongest(known), "keep")
    for family in REQUIRED:
        if not any(one.candidate.kpi.family == family for one in chosen.values()):
            _take(chosen, next((one for one in weak if one.kpi.family == family), None), "grow")
        if not any(one.candidate.kpi.family == family for one in chosen.values()):
            _take(chosen, _steadiest(one for one in known if one.kpi.family == family), "hold")
    rest = [one for one in weak if one.kpi.family != "financial"] if newcomer else weak
    for one in rest:
        _take(chosen, one, "grow")
    while len(chosen) < LEAST and (more := _steadiest(one for one in known if one.kpi.key not in chosen)):
        _take(chosen, more, "hold")
    ordered = sorted(chosen.values(), key=_place)
    return weighted(ordered, NEW_BUDGETS if newcomer else BUDGETS)


def weighted(chosen: Sequence[Chosen], budgets: Mapping[str, int] = BUDGETS) -> list[Chosen]:
    """With weights: each group's budget by priority, each between 10 and 50, in steps of 5, together 100.

    A group that nobody is in leaves its budget to the others. One KPI alone has it all.
    """
    if not chosen:
        return []
    heaviest = max(HEAVIEST, 100 // len(chosen))
    ideal = _ideal(chosen, budgets)
    found = [LIGHTEST] * len(chosen)
    for _ in range((100 - LIGHTEST * len(chosen)) // STEP):
        open_ = [place for place in range(len(found)) if found[place] + STEP <= heaviest]
        place = max(open_, key=lambda at: (ideal[at] - found[at], chosen[at].candidate.kpi.key))
        found[place] += STEP
    return [Chosen(one.candidate, one.role, weight) for one, weight in zip(chosen, found, strict=True)]


def _place(one: Chosen) -> tuple[int, float, float, str]:
    """The result, then what is to be raised by priority, then what is to be kept."""
    money, size, key = one.candidate.priority
    return _ROLES.index(one.role), -money, -size, key


def _take(chosen: dict[str, Chosen], one: Candidate | None, role: Role) -> None:
    if one is not None and len(chosen) < MOST and one.kpi.key not in chosen:
        chosen[one.kpi.key] = Chosen(one, role)


def _strongest(known: Sequence[Candidate]) -> Candidate | None:
    """What he does better than the team, the surest first."""
    strong = [one for one in known if one.verdict.finding == "strength"]
    return min(strong, key=lambda one: (one.verdict.below, one.verdict.gap, one.kpi.key), default=None)


def _steadiest(some: Iterable[Candidate]) -> Candidate | None:
    """Where nobody is weak: what most is known of."""
    return max(some, key=lambda one: (one.verdict.n / (one.verdict.n + one.minimum), one.kpi.key), default=None)


def _ideal(chosen: Sequence[Chosen], budgets: Mapping[str, int]) -> list[float]:
    groups = [_group(one) for one in chosen]
    there = {group: budgets[group] for group in sorted(set(groups))}
    told = [_importance(one, chosen) for one in chosen]
    sums = {group: sum(value for value, own in zip(told, groups, strict=True) if own == group) for group in there}
    whole = sum(there.values())
    return [100 * there[group] / whole * value / sums[group] for value, group in zip(told, groups, strict=True)]


def _importance(one: Chosen, chosen: Sequence[Chosen]) -> float:
    """Its priority in money beside the largest; what has none counts a little, the result as much as the largest."""
    money = [max(other.candidate.priority[0], 0.0) for other in chosen]
    if one.role == "result":
        return 1.0
    return max(one.candidate.priority[0] / max(money), 0.2) if max(money) > 0 else 1.0


def _group(one: Chosen) -> str:
    family = one.candidate.kpi.family
    return "quality" if family == "client" else family
