"""Against what a team without a plan of its own is held: plans of the teams under it, else of its people. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from connector.kpi.definition import Kpi
from connector.kpi.spans import COMPANY, NOBODY_MOVED, Parts
from connector.moment import DAY, Period
from connector.result import Plan

Agreed = Mapping[tuple[str, str], Decimal]
"""Plans by subject and KPI."""


def plan_of(
    kpi: Kpi, subject: str, members: Iterable[str], agreed: Agreed, parts: Parts = NOBODY_MOVED
) -> Decimal | None:
    """The subject's own; for a team without one the sum of those that make it up, of who moved by his days in it."""
    if kpi.plan is None:
        return None
    own = _own(kpi.plan, subject, agreed)
    if own is not None or subject.startswith("user:"):
        return own
    teams = teams_under(kpi, subject, agreed, parts)
    theirs = [agreed[f"team:{team}", kpi.plan] for team in teams]
    alone = frozenset(members) - _of(teams, parts)
    plans = ((one, agreed.get((f"user:{parts.user(one)}", kpi.plan))) for one in sorted(alone))
    theirs += [parts.share(plan, one) for one, plan in plans if plan is not None]
    return sum(theirs, Decimal(0)) if theirs else None


def held_to(kpi: Kpi, subject: str, members: frozenset[str], agreed: Agreed, parts: Parts) -> frozenset[str]:
    """Whose facts are held against the plan: of a team that is measured by the plans under it those whom these cover.

    Who has none is left out on both sides (rule C9, pitfall D4): his sales would be nobody's attainment.
    """
    if kpi.plan is None or subject.startswith("user:") or _own(kpi.plan, subject, agreed) is not None:
        return members
    covered = _of(teams_under(kpi, subject, agreed, parts), parts)
    own = {one for one in members - covered if agreed.get((f"user:{parts.user(one)}", kpi.plan))}
    return (members & covered) | own or members


def teams_under(kpi: Kpi, subject: str, agreed: Agreed, parts: Parts) -> list[str]:
    """The topmost teams under this one that have a plan of their own: it is everybody's in them."""
    found, waiting, seen = [], list(parts.below.get(subject.removeprefix("team:"), ())), set[str]()
    while waiting:
        team = waiting.pop(0)
        if team in seen:
            continue
        seen.add(team)
        if kpi.plan is not None and agreed.get((f"team:{team}", kpi.plan)):
            found.append(team)
        else:
            waiting += parts.below.get(team, ())
    return found


def subjects_of(kpi: Kpi, subject: str, members: Iterable[str], agreed: Agreed, parts: Parts) -> list[str]:
    """Whose plans make up that of a subject without one: teams, then people."""
    teams = teams_under(kpi, subject, agreed, parts)
    people = {parts.user(one) for one in frozenset(members) - _of(teams, parts)}
    return [*(f"team:{team}" for team in teams), *(f"user:{user}" for user in sorted(people))]


def whose(subject: str) -> str:
    """Under whom a subject's own plan is agreed: the company's is the account's."""
    return "account" if subject == f"team:{COMPANY}" else subject


def _own(plan: str, subject: str, agreed: Agreed) -> Decimal | None:
    return agreed.get((whose(subject), plan))


def _of(teams: Iterable[str], parts: Parts) -> frozenset[str]:
    return frozenset().union(*(parts.members.get(team, frozenset()) for team in teams))


def targets(told: Iterable[Sequence[Plan]]) -> frozenset[str]:
    """Users with a plan of their own in force, of any KPI or pipeline; `told`: versions of each, the oldest first."""
    people = (some[-1] for some in told if some[-1].subject.startswith("user:"))
    return frozenset(plan.subject.removeprefix("user:") for plan in people if plan.value > 0)


def labels(period: Period) -> tuple[str, ...]:
    """Under which a plan of the period may be agreed on: its own, and those of the months that it touches."""
    touched = replace(period, start=period.start.replace(day=1), end=Period.month(period.end - DAY).end)
    return tuple(dict.fromkeys((period.label, *touched.months())))
