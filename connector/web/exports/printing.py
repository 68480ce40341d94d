"""A month to print: each person on a page of his own, plan and numbers with what they rest on, and two signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connector.kpi.spans import COMPANY
from connector.kpi.text import Language
from connector.pipeline.showing import PLANNED, Shown
from connector.web import locale
from connector.web.views import plan
from connector.web.views.figures import Figure, Pen, sourced


@dataclass(frozen=True, slots=True)
class Sheet:
    """One person."""

    name: str
    teams: str
    plan: plan.PlanBlock | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """Everything on it."""

    title: str
    period: str
    as_of: str
    closed: str
    sheets: tuple[Sheet, ...]


def printed(seen: Shown, people: Sequence[str], language: Language) -> Printed:
    """Of those of these people for whom anything was counted or agreed, by name."""
    report = seen.report
    pen = Pen.of(report, language)
    known = [user for user in people if user in seen.everyone.users]
    made = [_sheet(seen, user, pen) for user in sorted(known, key=lambda id: (seen.everyone.users[id], id))]
    return Printed(
        title=report.account,
        period=locale.month(report.period.label, language),
        as_of=plan.as_of(seen, language),
        closed=plan.closed(seen, language),
        sheets=tuple(sheet for sheet in made if sheet.plan is not None or any(one.n for one in sheet.figures)),
    )


def _sheet(seen: Shown, user: str, pen: Pen) -> Sheet:
    subject, teams = f"user:{user}", {id: name for id, name in seen.report.teams.items() if id != COMPANY}
    results = [seen.results[subject, key] for key in pen.kpis if (subject, key) in seen.results]
    return Sheet(
        name=seen.everyone.users[user],
        teams=", ".join(
            sorted(teams[id] for id, some in seen.everyone.members.items() if user in some and id in teams)
        ),
        plan=plan.block(seen, subject, pen, PLANNED),
        figures=tuple(pen.figure(one) for one in results if sourced(one) and (one.value is not None or one.n)),
    )
