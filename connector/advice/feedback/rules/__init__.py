"""The rules beside "behind the plan", one a file. Each yields what it found about people of whom there is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from connector.advice.feedback.rules import missed_calls, quality_drop, slow_response, stuck_deals
from connector.advice.feedback.weak import Weak
from connector.advice.feedback.weeks import Weeks

Rule = Callable[[Weeks, str], Iterator[Weak]]
RULES: tuple[Rule, ...] = (quality_drop.find, slow_response.find, stuck_deals.find, missed_calls.find)
KPIS = (*quality_drop.KPIS, slow_response.KPI, slow_response.SHOWN, stuck_deals.KPI, missed_calls.KPI)
"""All that they look at or tell."""


def found(weeks: Weeks, user: str) -> Iterator[Weak]:
    """What all rules say of one person."""
    for rule in RULES:
        yield from rule(weeks, user)
