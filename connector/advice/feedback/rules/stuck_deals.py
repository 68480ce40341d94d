"""More of his open deals than of the team's lie untouched beyond their stage's norm (K-24)."""

from __future__ import annotations

from collections.abc import Iterator

from connector.advice.feedback.weak import Weak, against, below
from connector.advice.feedback.weeks import Weeks

RULE = "stuck_deals"
KPI = "stuck_deal_share"


def find(weeks: Weeks, user: str) -> Iterator[Weak]:
    """As they stood last Sunday. Without a team to compare with, against his own share eight weeks before."""
    if KPI not in weeks.kpis:
        return
    least, now, team = weeks.kpis[KPI].minimum, weeks.of(KPI, user), weeks.others(KPI, user)
    reference = team if team.n >= least else weeks.own(KPI, user)
    if now.n >= least and reference.n >= least and below(now, reference):
        yield against(RULE, KPI, user, weeks, reference)
