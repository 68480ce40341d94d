"""More of his open deals than of the team's lie untouched beyond their stage's norm (K-24)."""

from __future__ import annotations

from collections.abc import Iterator

from connector.advice.feedback.weak import Weak, beside_team
from connector.advice.feedback.weeks import Weeks

RULE = "stuck_deals"
KPI = "stuck_deal_share"


def find(weeks: Weeks, user: str) -> Iterator[Weak]:
    """As they stood last Sunday. Without a team to compare with, against his own share eight weeks before."""
    return beside_team(RULE, KPI, user, weeks)
