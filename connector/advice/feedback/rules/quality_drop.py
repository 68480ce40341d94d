"""Objections or scripts are handled worse than he himself did in the eight weeks before.

A drop that chance does not explain by his own past and his colleagues' together (`usual_odds`); his own alone must
point the same way, so that who always was below the others has not dropped; and his team's present too, so that a new
checklist is nobody's drop.
"""

from __future__ import annotations

from connector.advice.feedback.look import Look
from connector.advice.feedback.weak import AGREES, UNLIKELY, below, odds, usual_odds

RULE = "quality_drop"
KPIS = ("objection_handling", "script_compliance")
OWN_AGREES = 0.02
"""By his own past alone."""
ALONE = 0.002
"""The same where there is nobody beside him: fewer people are fewer looks."""


def reference(look: Look) -> float:
    """His own before."""
    return look.own.share


def speaks(look: Look) -> float | None:
    """The chance of so few where nothing is amiss; None where it is silent."""
    if look.now.n < look.least or look.own.n < look.least:
        return None
    if look.team.n < look.least or sum(one.n for one in look.theirs) < look.least:
        return odds(look.now, look.own) if below(look.now, look.own, ALONE) and _team_agrees(look) else None
    if not below(look.now, look.own, OWN_AGREES) or not _team_agrees(look):
        return None
    chance = usual_odds(look.now, look.own, look.theirs)
    return chance if chance <= UNLIKELY else None


def _team_agrees(look: Look) -> bool:
    return look.team.n < look.least or below(look.now, look.team, AGREES)
