"""The rules beside "behind the plan", one a file: what each finds, and what it lacks to find anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from connector.advice.feedback.chance import at_most
from connector.advice.feedback.look import Look, look_at
from connector.advice.feedback.power import Speaks, more_needed
from connector.advice.feedback.rules import missed_calls, quality_drop, slow_response, stuck_deals
from connector.advice.feedback.weak import Weak, weak
from connector.advice.feedback.weeks import Weeks


@dataclass(frozen=True, slots=True)
class Rule:
    """`speaks`: the chance where it does; `reference`: the share a look is held against; `holds`: what else must be."""

    name: str
    speaks: Speaks
    reference: Callable[[Look], float]
    holds: Callable[[Weeks, str], bool] = lambda _weeks, _user: True


_SLOW = Rule(slow_response.RULE, slow_response.speaks, slow_response.reference, slow_response.median_is_over)
RULES: dict[str, Rule] = {
    **{kpi: Rule(quality_drop.RULE, quality_drop.speaks, quality_drop.reference) for kpi in quality_drop.KPIS},
    slow_response.KPI: _SLOW,
    stuck_deals.KPI: Rule(stuck_deals.RULE, stuck_deals.speaks, stuck_deals.reference),
    missed_calls.KPI: Rule(missed_calls.RULE, missed_calls.speaks, missed_calls.reference),
}
"""By the KPI they judge."""
KPIS = (*RULES, slow_response.SHOWN)
"""All that they look at or tell."""
SUSPECT = 0.1
"""How unlikely so few must look before anybody is told that data lack: what is likelier is no different."""


def found(weeks: Weeks, user: str) -> Iterator[Weak]:
    """What all rules say of one person."""
    for kpi, rule, look in _looks(weeks, user):
        chance = rule.speaks(look)
        if chance is not None and rule.holds(weeks, user):
            yield weak(rule.name, kpi, user, look, chance, rule.reference(look))


def lacking(weeks: Weeks, user: str) -> Iterator[tuple[str, int]]:
    """KPIs of one person that look low and of which a rule would speak if he had so many more cases in four weeks."""
    for kpi, rule, look in _looks(weeks, user):
        share = rule.reference(look)
        low = 0 < share < 1 and look.now.n > 0 and at_most(look.now.good, look.now.n, share) <= SUSPECT
        if low and rule.speaks(look) is None and rule.holds(weeks, user):
            more = more_needed(look, rule.speaks, share)
            if more is not None:
                yield kpi, more


def _looks(weeks: Weeks, user: str) -> Iterator[tuple[str, Rule, Look]]:
    for kpi, rule in RULES.items():
        if (look := look_at(kpi, user, weeks)) is not None:
            yield kpi, rule, look
