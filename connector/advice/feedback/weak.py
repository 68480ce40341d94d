"""A finding about a share, and the two ways to earn one: against the team or oneself, and against a norm. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connector.advice.feedback.chance import by_chance
from connector.advice.feedback.weeks import Counted, Weeks

UNLIKELY = 0.001
"""A chance below which a shortfall is no longer put down to luck. Eight people, five KPIs and four Mondays are 160
looks a month; measured with all rules on in docs/benchmarks.md."""
ALIKE = 0.01
"""How far cases of one person and month are alike (their intraclass correlation): clients and weeks come in swings of
five points and more that are nobody's doing, so fifty cases tell no more than thirty-four independent ones."""
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
    return now.share <= reference.share * (1 - GAP) and odds(now, reference) <= unlikely


def odds(now: Counted, reference: Counted) -> float:
    """The chance of so few good ones where both are alike, each case being worth less than a whole one."""
    fold = 1 + max(0, now.n - 1) * ALIKE
    return by_chance(*_fewer(now, fold), *_fewer(reference, fold))


def _fewer(one: Counted, fold: float) -> tuple[int, int]:
    n = max(1, round(one.n / fold)) if one.n else 0
    return round(one.share * n), n


def against(rule: str, kpi: str, user: str, weeks: Weeks, reference: Counted) -> Weak:
    """The finding, with what it was held against."""
    now, own, team = weeks.of(kpi, user), weeks.own(kpi, user), weeks.others(kpi, user)
    return Weak(rule, kpi, user, now, own, team, odds(now, reference), reference.share - now.share)


def beside_team(rule: str, kpi: str, user: str, weeks: Weeks) -> Iterator[Weak]:
    """Lower than the team's share; without a team to compare with, than his own in the eight weeks before."""
    if kpi not in weeks.kpis:
        return
    least, now, team = weeks.kpis[kpi].minimum, weeks.of(kpi, user), weeks.others(kpi, user)
    reference = team if team.n >= least else weeks.own(kpi, user)
    if now.n >= least and reference.n >= least and below(now, reference):
        yield against(rule, kpi, user, weeks, reference)
