"""Missed calls are returned within the norm less often than in the team (K-27)."""

from __future__ import annotations

from collections.abc import Iterator

from connector.advice.feedback.weak import Weak, against, below
from connector.advice.feedback.weeks import Weeks

RULE = "missed_calls"
KPI = "callback_in_norm"


def find(weeks: Weeks, user: str) -> Iterator[Weak]:
    """Without a team to compare with, less often than he himself did in the eight weeks before."""
    if KPI not in weeks.kpis:
        return
    least, now, team = weeks.kpis[KPI].minimum, weeks.of(KPI, user), weeks.others(KPI, user)
    reference = team if team.n >= least else weeks.own(KPI, user)
    if now.n >= least and reference.n >= least and below(now, reference):
        yield against(RULE, KPI, user, weeks, reference)
