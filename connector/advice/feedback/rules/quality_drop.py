"""Objections or scripts are handled worse than he himself did in the eight weeks before."""

from __future__ import annotations

from collections.abc import Iterator

from connector.advice.feedback.weak import AGREES, Weak, against, below
from connector.advice.feedback.weeks import Weeks

RULE = "quality_drop"
KPIS = ("objection_handling", "script_compliance")
UNLIKELY = 0.002
"""Twice as much as elsewhere, as two comparisons must agree."""


def find(weeks: Weeks, user: str) -> Iterator[Weak]:
    """A drop below his own that chance does not explain; not where the team has it too, as by a new checklist."""
    for kpi in (one for one in KPIS if one in weeks.kpis):
        least, now, own = weeks.kpis[kpi].minimum, weeks.of(kpi, user), weeks.own(kpi, user)
        if now.n < least or own.n < least or not below(now, own, UNLIKELY):
            continue
        team = weeks.others(kpi, user)
        if team.n < least or below(now, team, AGREES):
            yield against(RULE, kpi, user, weeks, own)
