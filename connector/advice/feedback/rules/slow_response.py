"""Enquiries wait longer than the norm: even the lower end of the median does (K-06).

The median is above the norm just where fewer than half are answered in it; so the test needs no curve.
"""

from __future__ import annotations

from connector.advice.feedback.chance import at_most
from connector.advice.feedback.look import Look
from connector.advice.feedback.weeks import Weeks

RULE = "slow_response"
KPI, SHOWN = "lead_answered_in_norm", "lead_response_minutes"
"""Judged by the share answered in norm, those never answered included; shown beside it is the median."""
HALF = 0.5
UNLIKELY = 0.002
"""Only who is exactly at the norm is often held against it: who keeps it is far from here."""


def reference(_look: Look) -> float:
    """Half of the enquiries."""
    return HALF


def speaks(look: Look) -> float | None:
    """The chance of so few where nothing is amiss; None where it is silent."""
    chance = at_most(look.now.good, look.now.n, HALF)
    return chance if look.now.n >= look.least and chance <= UNLIKELY else None


def median_is_over(weeks: Weeks, user: str) -> bool:
    """Of those answered, as far as it is known: who answers at once or not at all is a case for the alerts."""
    seen = weeks.results.get((SHOWN, f"user:{user}"))
    return seen is None or seen.interval is None or seen.interval[0] > weeks.rules.lead_norm_minutes
