"""More of his open deals than of the team's lie untouched beyond their stage's norm (K-24), as they stood last Sunday.

Without a team to compare with, against his own share eight weeks before.
"""

from __future__ import annotations

from connector.advice.feedback.look import Look
from connector.advice.feedback.weak import beside_team, team_or_own

RULE = "stuck_deals"
KPI = "stuck_deal_share"


def reference(look: Look) -> float:
    """The share it is held against, of deals that are not stuck."""
    return team_or_own(look).share


def speaks(look: Look) -> float | None:
    """The chance of so few where nothing is amiss; None where it is silent."""
    return beside_team(look)
