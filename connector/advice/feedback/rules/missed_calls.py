"""Missed calls are returned within the norm less often than in the team (K-27)."""

from __future__ import annotations

from collections.abc import Iterator

from connector.advice.feedback.weak import Weak, beside_team
from connector.advice.feedback.weeks import Weeks

RULE = "missed_calls"
KPI = "callback_in_norm"


def find(weeks: Weeks, user: str) -> Iterator[Weak]:
    """Without a team to compare with, less often than he himself did in the eight weeks before."""
    return beside_team(RULE, KPI, user, weeks)
