"""Missed calls are returned within the norm less often than in the team (K-27).

Without a team to compare with, less often than he himself did in the eight weeks before.
"""

from __future__ import annotations

from connector.advice.feedback.look import Look
from connector.advice.feedback.weak import beside_team, team_or_own

RULE = "missed_calls"
KPI = "callback_in_norm"


def reference(look: Look) -> float:
    """The share it is held against."""
    return team_or_own(look).share


def speaks(look: Look) -> float | None:
    """The chance of so few where nothing is amiss; None where it is silent."""
    return beside_team(look)
