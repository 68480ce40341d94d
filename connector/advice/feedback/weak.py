"""A finding about a share, and the two ways to earn one: against the team or oneself, and against a norm. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from connector.advice.feedback.chance import by_chance
from connector.advice.feedback.weeks import Counted, Weeks

UNLIKELY = 0.001
"""A chance below which a shortfall is no longer put down to luck. Eight people, five KPIs and four Mondays are 160
looks a month; measured with all rules on in docs/benchmarks.md."""
AGREES = 0.05
"""The second comparison need only point the same way."""
GAP = 0.1
"""Part of the reference below which a difference is not worth a talk."""


@dataclass(frozen=True, slots=True)
class Weak:
    """One person's share that is low. `chance`: of so little if he was like the reference; `gap`: by how much, 0..1."""

    rule: str
    kpi: str
    user: str
    now: Counted
    own: Counted
    team: Counted
    chance: float
    gap: float


def below(now: Counted, reference: Counted, unlikely: float = UNLIKELY) -> bool:
    """Whether it is a tenth lower and chance does not explain it."""
    worth = now.share <= reference.share * (1 - GAP)
    return worth and by_chance(now.good, now.n, reference.good, reference.n) <= unlikely


def against(rule: str, kpi: str, user: str, weeks: Weeks, reference: Counted) -> Weak:
    """The finding, with what it was held against."""
    now = weeks.of(kpi, user)
    chance = by_chance(now.good, now.n, reference.good, reference.n)
    return Weak(
        rule, kpi, user, now, weeks.own(kpi, user), weeks.others(kpi, user), chance, reference.share - now.share
    )
