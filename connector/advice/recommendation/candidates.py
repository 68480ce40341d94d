"""The KPIs that might be set for somebody: where he and the team stand, a target, and what it would bring. Pure.

Shares of the catalogue are drawn towards the team; conversion, average deal and refunds carry their factor's money, and
a KPI of how something is done the money of the deals that are won more often where it was (`worth`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from connector.advice.diagnosis.casemix import Mix
from connector.advice.diagnosis.factors import ENOUGH
from connector.advice.diagnosis.gap import CONTROLLABLE
from connector.advice.diagnosis.shares import Series, Share, estimate, middle, verdict
from connector.advice.diagnosis.values import Diagnosis, Estimate
from connector.advice.diagnosis.verdict import GAP, Verdict
from connector.advice.recommendation.recommend import Candidate, Effect
from connector.advice.recommendation.stretch import Target, stretched, target
from connector.advice.recommendation.worth import Worth
from connector.kpi.definition import Kpi
from connector.targets.suggest import CHANCE, generator

BETTER = 0.75
"""The team's better quarter begins here."""
PERFECT = 0.985
"""A share that the whole team reaches, or of a defect nobody has, tells nobody apart."""
EXPLAINED = 0.95
"""Observed over expected wins from which on the case mix explains a low conversion."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A share of the catalogue that may be recommended. `factor`: the one it is; `scored`: facts that tell how well it
    was done on a deal; `minimum`: facts below which nothing is said, else the KPI's own.
    """

    kpi: str
    controllable: float = 1.0
    minimum: int | None = None
    factor: str | None = None
    scored: str | None = None


SHARES = (
    Spec("lead_answered_in_norm", scored="enquiry"),
    Spec("lead_won_share", factor="conversion"),
    Spec("refund_share", CONTROLLABLE["kept"], factor="kept"),
    Spec("successful_call_share"),
    Spec("callback_in_norm"),
    Spec("tasks_in_time"),
    Spec("csat", 0.6, 10),
    Spec("retention", 0.3),
    Spec("objection_handling", minimum=10, scored="objection"),
    Spec("script_compliance", minimum=15, scored="script_passed"),
    Spec("technique_use", minimum=10, scored="technique"),
    Spec("loss_reason_share"),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A share of everybody by month. `scale`: what the share of tries is multiplied with to be the KPI. `vouched`: its
    chances came true before. `worth`: what doing it brings, where deals tell.
    """

    kpi: Kpi
    spec: Spec
    series: Series
    scale: float = 1.0
    vouched: bool = False
    worth: Worth | None = None

    @property
    def minimum(self) -> int:
        """Facts below which nothing is said."""
        return self.spec.minimum or self.kpi.minimum

    @property
    def less(self) -> bool:
        """Whether a small share is the good one."""
        return self.kpi.direction == "less"


@dataclass(frozen=True, slots=True)
class Shared:
    """A measured share with everybody's estimate and the team's middle and better end."""

    measured: Measured
    people: Mapping[str, Share]
    team: float
    best: float


def shared(measured: Measured, users: Collection[str]) -> Shared | None:
    """Among these people; None where none of them ever tried, or all of them always manage: nothing is to be set."""
    people = estimate({user: months for user, months in measured.series.items() if user in users})
    means = [one.mean for one in people.values() if one.n]
    if not means:
        return None
    team = middle(means)
    if (1 - team if measured.less else team) > PERFECT:
        return None
    return Shared(measured, people, team, middle(means, 1 - BETTER if measured.less else BETTER))


def candidate(account: str, label: str, told: Diagnosis, one: Shared, *, chance: float = CHANCE) -> Candidate | None:
    """A share of one person; None where he never tried."""
    person, own, shown = told.estimate, one.people.get(told.estimate.user), one.measured
    if own is None or not own.n:
        return None
    rng = generator(account, f"{person.user}|{shown.kpi.key}", label)
    judged = verdict(own, one.team, shown.minimum, rng, less=shown.less)
    if shown.spec.factor == "conversion":
        judged = told.part("conversion").verdict
    tries = expected_tries(shown.series[person.user])
    aim = stretched(own.mean, one.best, newcomer=person.newcomer, less=shown.less) if judged.speaks else own.mean
    goal = target(own, aim, tries, rng, chance=chance, less=shown.less, vouched=shown.vouched)
    return Candidate(
        shown.kpi,
        judged,
        own.mean * shown.scale,
        one.team * shown.scale,
        one.best * shown.scale,
        Target(goal.value * shown.scale, goal.chance),
        shown.spec.controllable,
        shown.minimum,
        _effect(person, shown, own.mean, goal.value, tries) if judged.speaks else None,
    )


def average_deal(kpi: Kpi, told: Diagnosis, people: Sequence[Estimate]) -> Candidate:
    """The average deal of one person; its chance is not stated, as nothing vouches for it."""
    person, judged = told.estimate, told.part("size").verdict
    best = middle([one.own.size for one in people], BETTER)
    goal = stretched(person.own.size, best, newcomer=person.newcomer) if judged.speaks else person.own.size
    effect = _by_factor(person, "size", goal) if judged.speaks else None
    return Candidate(
        kpi, judged, person.own.size, told.reference.size, best, Target(goal, None), CONTROLLABLE["size"],
        ENOUGH["size"], effect,
    )  # fmt: skip


def mixed(told: Diagnosis, mix: Mix | None) -> Diagnosis:
    """The same with a low conversion that the case mix explains no longer held against him."""
    found = told.part("conversion").verdict
    if not (found.speaks and explained(told, mix)):
        return told
    level = Verdict("level", found.below, found.gap, found.n)
    parts = tuple(replace(one, verdict=level) if one.factor == "conversion" else one for one in told.parts)
    return replace(told, parts=parts)


def explained(told: Diagnosis, mix: Mix | None) -> bool:
    """Whether a conversion that looks low is what such enquiries come to."""
    return mix is not None and told.part("conversion").verdict.gap >= GAP and mix.ratio >= EXPLAINED


def expected_tries(months: Sequence[tuple[float, float]]) -> int:
    """How many a month is going to have: the mean of the last three that had any."""
    seen = [n for _, n in months if n][-3:]
    return max(1, round(sum(seen) / len(seen))) if seen else 1


def what_if(one: Estimate, factor: str, value: float) -> Effect:
    """What a month brings more when one factor is moved to a value, all else as it is."""
    return _by_factor(one, factor, value)


def _effect(person: Estimate, shown: Measured, now: float, goal: float, tries: int) -> Effect | None:
    if shown.spec.factor == "conversion":
        return _by_factor(person, "conversion", person.own.conversion * goal / now)
    if shown.spec.factor == "kept":
        return _by_factor(person, "kept", 1 - goal * shown.scale)
    if shown.worth is None:
        return None
    size = person.own.size * person.own.kept * 100
    more = (goal - now) * tries
    low, middle_, high = (more * share for share in (shown.worth.low, shown.worth.difference, shown.worth.high))
    return Effect(round(middle_ * size), round(low * size), round(high * size), True, (low, middle_, high))


def _by_factor(person: Estimate, factor: str, value: float, minor: int = 100) -> Effect:
    """Moved by the same part in every draw, so that the uncertainty is that of all the rest."""
    ratio = value / getattr(person.own, factor) - 1
    scale = person.scale * minor * ratio
    drawn = person.revenue * scale
    low, high = sorted(float(end) for end in np.quantile(drawn, (0.05, 0.95)))
    found = person.own.revenue * scale
    deals = None if factor in ("size", "kept") else tuple(one / (person.own.size * minor) for one in (low, found, high))
    return Effect(round(found), round(low), round(high), False, deals)  # type: ignore[arg-type]  # three of three
