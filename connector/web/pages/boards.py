"""A head's board, and the company's page."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from connector.kpi.diff.reading import Comparison
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.showing import Shown, moved, running_month, tasks_of, yesterday
from connector.web import locale
from connector.web.views.board import board as board_of
from connector.web.views.board import changes as changes_of
from connector.web.views.company import company as company_of
from connector.web.visiting import Visit, Visiting

room = APIRouter()


@room.get("/board")
def board(visit: Visiting, team: str | None = None) -> HTMLResponse:
    """All whom he leads, or one team of his."""
    visit.allow(visit.access.leads)
    seen = visit.seen
    teams = sorted(visit.access.teams) if team is None else [visit.team(team)]
    people = _people(visit, seen, teams if team is not None else None)
    tasks = [one for one in tasks_of(visit.bench) if one.head == visit.access.user or visit.access.company]
    page = board_of(seen, people, teams, tasks, visit.language, _settable(visit, people))
    subject = "board" if team is None else f"teams/{team}"
    return visit.page("board.html", page=page, subject=subject, team=team)


@room.get("/board/changes")
def changes(visit: Visiting, team: str | None = None) -> HTMLResponse:
    """A part of it that takes longer: what changed since yesterday, and why."""
    visit.allow(visit.access.leads)
    seen = visit.seen
    people = frozenset(_people(visit, seen, None if team is None else [visit.team(team)]))
    since = yesterday(visit.bench).astimezone(visit.bench.zone())
    told = visit.of(_changes, visit.period, people)
    found = changes_of(told, seen, visit.bench.provider.link_to, visit.language)
    return visit.page("changes.html", changes=found, since=locale.moment(since, visit.language))


@room.get("/company")
def company(visit: Visiting) -> HTMLResponse:
    """Teams and every KPI of each."""
    visit.allow(visit.access.company)
    seen = visit.seen
    people = _people(visit, seen, None)
    page = company_of(
        seen, sorted(visit.access.teams), visit.language, people=people, settable=_settable(visit, people)
    )
    return visit.page("company.html", page=page)


def _settable(visit: Visit, people: list[str]) -> frozenset[str]:
    return frozenset(user for user in people if visit.access.plans(user))


def _people(visit: Visit, seen: Shown, teams: list[str] | None) -> list[str]:
    members = seen.everyone.members
    ours = visit.access.people
    if teams is not None:
        ours = ours & frozenset[str]().union(*(members.get(id, frozenset()) for id in teams))
    return sorted(user for user in ours if user in seen.everyone.users)


def _changes(bench: Workbench, period: Period, people: frozenset[str]) -> list[Comparison]:
    """Of the running month: a past one changes by corrections, which have a page of their own."""
    return moved(bench, period, people, yesterday(bench)) if period == running_month(bench) else []
