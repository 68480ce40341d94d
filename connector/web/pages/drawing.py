"""Charts as JSON, for whoever may see the numbers they are made of."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, HTTPException
from fastapi.responses import JSONResponse

from connector.pipeline.activity import activity_of
from connector.pipeline.bench import Workbench
from connector.pipeline.showing import PLANNED, deals_now
from connector.records import Pipeline, Stage
from connector.result import Result
from connector.store.crm import records
from connector.web.pages.people import months
from connector.web.pages.proofs import explained
from connector.web.personal.advice import advice_of
from connector.web.views import charts
from connector.web.views.calendar import activity_chart
from connector.web.visiting import Visit, Visiting

room = APIRouter(prefix="/charts")


@room.get("/people/{user}/pace")
def pace(user: str, visit: Visiting) -> JSONResponse:
    """Plan and fact."""
    return _pace(visit, f"user:{visit.person(user)}")


@room.get("/teams/{team}/pace")
def team_pace(team: str, visit: Visiting) -> JSONResponse:
    """The same of a team."""
    return _pace(visit, f"team:{visit.team(team)}")


@room.get("/people/{user}/trend/{kpi}")
def trend(user: str, kpi: str, visit: Visiting) -> JSONResponse:
    """A KPI month by month."""
    return _trend(visit, f"user:{visit.person(user)}", kpi)


@room.get("/teams/{team}/trend/{kpi}")
def team_trend(team: str, kpi: str, visit: Visiting) -> JSONResponse:
    """The same of a team."""
    return _trend(visit, f"team:{visit.team(team)}", kpi)


@room.get("/people/{user}/funnel")
def funnel(user: str, visit: Visiting) -> JSONResponse:
    """His open deals by stage."""
    return _funnel(visit, frozenset({visit.person(user)}))


@room.get("/board/funnel")
def board_funnel(visit: Visiting) -> JSONResponse:
    """Those of all whom he leads."""
    visit.allow(visit.access.leads)
    return _funnel(visit, visit.access.people)


@room.get("/teams/{team}/funnel")
def team_funnel(team: str, visit: Visiting) -> JSONResponse:
    """Those of a team."""
    return _funnel(visit, _members(visit, visit.team(team)))


@room.get("/people/{user}/activity")
def activity(user: str, visit: Visiting) -> JSONResponse:
    """His calls and meetings by day."""
    return _activity(visit, frozenset({visit.person(user)}))


@room.get("/board/activity")
def board_activity(visit: Visiting) -> JSONResponse:
    """Those of all whom he leads together."""
    visit.allow(visit.access.leads)
    return _activity(visit, visit.access.people)


@room.get("/teams/{team}/activity")
def team_activity(team: str, visit: Visiting) -> JSONResponse:
    """Those of a team together."""
    return _activity(visit, _members(visit, visit.team(team)))


@room.get("/people/{user}/gap")
def gap(user: str, visit: Visiting) -> JSONResponse:
    """Where his gap to the team comes from; nothing where he cannot be compared."""
    told = advice_of(visit, visit.person(user))
    if told is None or told.people[0].alone:
        return JSONResponse({"kind": "waterfall", "labels": []})
    return JSONResponse(charts.gap_chart(told.people[0], visit.bench.currency(), visit.language))


@room.get("/board/compare/{kpi}")
def compare(kpi: str, visit: Visiting) -> JSONResponse:
    """All whom he leads side by side."""
    visit.allow(visit.access.leads)
    return _compare(visit, kpi, visit.access.people)


@room.get("/teams/{team}/compare/{kpi}")
def team_compare(team: str, kpi: str, visit: Visiting) -> JSONResponse:
    """A team's people side by side."""
    return _compare(visit, kpi, _members(visit, visit.team(team)))


def _members(visit: Visit, team: str) -> frozenset[str]:
    return visit.seen.everyone.members.get(team, frozenset()) & visit.access.people


def _activity(visit: Visit, people: frozenset[str]) -> JSONResponse:
    found = visit.of(activity_of, visit.period)
    return JSONResponse(activity_chart(found.of(people), visit.language))


def _pace(visit: Visit, subject: str) -> JSONResponse:
    seen = visit.seen
    told = visit.of(explained, PLANNED, subject, visit.period)
    if told is None:
        raise HTTPException(404)
    return JSONResponse(charts.pace_chart(seen, subject, told, visit.bench.calendar(), visit.language))


def _trend(visit: Visit, subject: str, kpi: str) -> JSONResponse:
    seen = visit.seen
    known = {one.key: one for one in seen.report.kpis}
    if kpi not in known:
        raise HTTPException(404)
    results = months(visit, subject, (kpi,))
    return JSONResponse(charts.trend_chart(results, known[kpi], seen.report.currency, visit.language))


def _funnel(visit: Visit, people: frozenset[str]) -> JSONResponse:
    bench = visit.bench
    deals = [one for one in visit.of(deals_now) if one.deal.owner_id in people]
    stages, pipelines = visit.of(_stages)
    return JSONResponse(charts.funnel_chart(deals, stages, pipelines, bench.currency(), visit.language))


def _compare(visit: Visit, kpi: str, people: frozenset[str]) -> JSONResponse:
    seen = visit.seen
    known = {one.key: one for one in seen.report.kpis}
    if kpi not in known:
        raise HTTPException(404)
    results: dict[str, Result] = {
        user: one for user in people if (one := seen.results.get((f"user:{user}", kpi))) is not None and one.n
    }
    return JSONResponse(
        charts.compare_chart(results, seen.everyone.users, known[kpi], seen.report.currency, visit.language)
    )


def _stages(bench: Workbench) -> tuple[Mapping[str, Stage], Mapping[str, Pipeline]]:
    with bench.store.read() as conn:
        return records.directory(conn, bench.account, Stage), records.directory(conn, bench.account, Pipeline)
