"""Enquiries wait longer than the norm: even the lower end of the median does (K-06)."""

from __future__ import annotations

from collections.abc import Iterator

from connector.advice.feedback.chance import at_most
from connector.advice.feedback.weak import Weak
from connector.advice.feedback.weeks import Weeks

RULE = "slow_response"
KPI, SHOWN = "lead_answered_in_norm", "lead_response_minutes"
"""Judged by the share answered in norm, those never answered included; shown beside it is the median."""
HALF = 0.5
UNLIKELY = 0.002
"""Only who is exactly at the norm is often held against it: who keeps it is far from here."""


def find(weeks: Weeks, user: str) -> Iterator[Weak]:
    """The median is above the norm just where fewer than half are answered in it; so the test needs no curve."""
    if KPI not in weeks.kpis:
        return
    now = weeks.of(KPI, user)
    chance = at_most(now.good, now.n, HALF)
    if now.n >= weeks.kpis[KPI].minimum and chance <= UNLIKELY and _median_is_over(weeks, user):
        own, team = weeks.own(KPI, user), weeks.others(KPI, user)
        yield Weak(RULE, KPI, user, now, own, team, chance, HALF - now.share)


def _median_is_over(weeks: Weeks, user: str) -> bool:
    """Of those answered, as far as it is known: who answers at once or not at all is a case for the alerts."""
    seen = weeks.results.get((SHOWN, f"user:{user}"))
    return seen is None or seen.interval is None or seen.interval[0] > weeks.rules.lead_norm_minutes
