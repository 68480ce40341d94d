"""Plans that the evidence speaks against: another value, with what it rests on and the chance before and after. Pure.

A plan is proposed lower where it is out of reach though nothing is amiss with the person, where he is away on days that
it was agreed with (only where plans are not prorated by themselves), or where the team gets fewer enquiries than before
by more than chance explains. It is proposed higher where it was all but certain before the month began and still is:
a good month of his own is no reason. Nothing is proposed without a backtest that vouches for chances, near the end of a
period or after it, nothing again that was declined for it, and nothing that is reached already: such a plan asks for
nothing. A head decides; until then the plan stands.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import msgspec
import numpy as np

from connector.result import Plan
from connector.targets.model import Draws
from connector.targets.suggest import CHANCE, chance_of, rounded

Why = Literal["out_of_reach", "too_easy", "away", "fewer_leads"]
OUT_OF_REACH, TOO_EASY = 0.1, 0.95
NOTHING_AMISS = 0.2
"""How often so little would have come by now if nothing was amiss: below, it is not the plan that should be changed."""
DOUBTFUL = 0.45
"""A chance below which an outer cause is worth a correction (targets.suggest: realistic from here on)."""
AWAY = 0.1
"""The part of the agreed days that must be lost."""
FEWER = 0.85
"""Of the enquiries a day before: even the upper end of the interval must be below."""
LATEST = 0.9
"""Of the period's working time, after which nothing is proposed."""
WORTH = 0.05
"""A smaller change of the plan is not worth a decision."""
_MANY, _SOME, _Z = 60, 20, 1.645


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """The team's enquiries now beside before, by worked days of equal season; `noise`: variance over mean."""

    before: int
    before_days: float
    now: int
    now_days: float
    noise: float = 1.0

    @property
    def ratio(self) -> float:
        """Now of before, a day."""
        return (self.now / self.now_days) / (self.before / self.before_days)

    @property
    def interval(self) -> tuple[float, float]:
        """In 90 % of cases, of log-normal error."""
        error = _Z * math.sqrt(max(self.noise, 1.0) * (1 / self.now + 1 / self.before))
        return self.ratio * math.exp(-error), self.ratio * math.exp(error)

    @property
    def down(self) -> bool:
        """Whether enquiries became fewer for sure."""
        enough = self.before >= _MANY and self.now >= _SOME and self.before_days > 0 and self.now_days > 0
        return enough and self.interval[1] < FEWER


@dataclass(frozen=True, slots=True)
class Case:
    """One person's plan of a period and what is known of it. `draws`: the period drawn many times, with what was won by
    now; `at_start`: its chance by his history alone. `days`: that he works in it, `days_agreed`: as known when the plan
    was agreed on. `prorated`: absences are taken off by themselves; `part`: what his days leave of the plan then, above
    0. `done`: of what the draws are of, by now.
    """

    name: str
    plan: Plan
    draws: Draws
    surprise: float
    at_start: float
    share_gone: float
    days: int
    days_agreed: int
    prorated: bool = True
    part: float = 1.0
    done: float = 0.0
    flow: Flow | None = None

    def chance(self, plan: float) -> float:
        """To reach what his days leave of such a plan."""
        return chance_of(self.draws, plan * self.part)


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """Another value for a plan. `version`: of the plan it speaks of; values in the KPI's unit, chances 0..1.

    `low`, `expected`, `high`: where the period ends, in the middle and in 80 % of cases. `part`: what his days leave of
    either plan; the chances are of that.
    """

    subject: str
    name: str
    kpi: str
    period: str
    version: int
    was: Decimal
    value: Decimal
    why: tuple[Why, ...]
    before: float
    after: float
    low: int
    expected: int
    high: int
    days: int
    days_agreed: int
    part: float = 1.0
    flow: Flow | None = None


Key = tuple[str, str, str]
"""Subject, KPI and period of a plan."""


def proposals(cases: Sequence[Case], *, vouched: bool, settled: Collection[Key] = ()) -> tuple[Proposal, ...]:
    """What to propose, in the order of the cases. `vouched`: chances came true before; `settled`: plans for which
    nothing is to be proposed, as something waits for a decision already or was decided.
    """
    if not vouched:
        return ()
    made = (_proposal(case) for case in cases if _key(case.plan) not in settled and case.share_gone < LATEST)
    return tuple(one for one in made if one is not None)


def _key(plan: Plan) -> Key:
    return plan.subject, plan.kpi, plan.period


def _proposal(case: Case) -> Proposal | None:
    why = reasons(case)
    was = case.plan.value
    value = Decimal(_value(case, why)) if why else was
    lower = "too_easy" not in why
    if was <= 0 or (value < was) is not lower or abs(value - was) < was * Decimal(str(WORTH)):
        return None
    if float(value) * case.part <= case.done:
        return None
    low, middle, high = (rounded(float(np.quantile(case.draws, part))) for part in (0.1, 0.5, 0.9))
    return Proposal(
        subject=case.plan.subject,
        name=case.name,
        kpi=case.plan.kpi,
        period=case.plan.period,
        version=case.plan.version,
        was=was,
        value=value,
        why=why,
        before=round(case.chance(float(was)), 3),
        after=round(case.chance(float(value)), 3),
        low=low,
        expected=middle,
        high=high,
        days=case.days,
        days_agreed=case.days_agreed,
        part=case.part,
        flow=case.flow if "fewer_leads" in why else None,
    )


def reasons(case: Case) -> tuple[Why, ...]:
    """What speaks against the plan, empty where nothing does."""
    chance = case.chance(float(case.plan.value))
    if chance > TOO_EASY:
        return ("too_easy",) if case.at_start > TOO_EASY else ()
    found: list[Why] = []
    if chance < OUT_OF_REACH and case.surprise > NOTHING_AMISS:
        found.append("out_of_reach")
    if not case.prorated and case.days_agreed > 0 and case.days <= case.days_agreed * (1 - AWAY):
        found.append("away")
    if case.flow is not None and case.flow.down and chance < DOUBTFUL:
        found.append("fewer_leads")
    return tuple(found)


def _value(case: Case, why: Collection[Why]) -> int:
    """What six of ten drawn periods reach; where only days are missing, the plan of the days that are left."""
    if tuple(why) == ("away",):
        return floored(float(case.plan.value) * case.days / case.days_agreed)
    return floored(float(np.quantile(case.draws, 1 - CHANCE)) / case.part)


def floored(value: float) -> int:
    """To three digits, downwards: where deals are all alike, rounding up costs a whole deal's chance."""
    step = 10 ** max(0, math.floor(math.log10(value)) - 2) if value >= 1 else 1
    return int(value // step * step)
