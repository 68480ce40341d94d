"""Any number and its proof, with links to the cards in the CRM."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from connector.errors import BadConfig
from connector.kpi.definition import Kpi
from connector.kpi.explain import Explanation
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_of
from connector.pipeline.official import official_explanation
from connector.pipeline.talks.rubrics import names_of
from connector.quality.telling import Names
from connector.web.views.proof import proof
from connector.web.visiting import Visit, Visiting

room = APIRouter()


@room.get("/explain/{kpi}/user/{id}")
def of_person(kpi: str, id: str, visit: Visiting, page: int = 1) -> HTMLResponse:
    """Of a person."""
    return _shown(visit, kpi, f"user:{visit.person(id)}", page)


@room.get("/explain/{kpi}/team/{id}")
def of_team(kpi: str, id: str, visit: Visiting, page: int = 1) -> HTMLResponse:
    """Of a team: only for whoever leads it, as it lists its people's records."""
    return _shown(visit, kpi, f"team:{visit.team(id)}", page)


def _shown(visit: Visiting, kpi: str, subject: str, page: int) -> HTMLResponse:
    told = visit.of(explained, kpi, subject, visit.period)
    if told is None:
        raise HTTPException(404)
    own = subject == f"user:{visit.access.user}"
    names = visit.of(criteria) if any(item.evidence for item in (*told.items, *told.left_out)) else {}
    counter = _counter(visit, told.kpi)
    shown = proof(told, visit.bench.zone(), visit.language, page=page, counter=counter, own=own, names=names)
    return visit.page("proof.html", page=shown)


def _counter(visit: Visit, kpi: Kpi) -> str:
    """Its title; empty where this KPI has none that is measured here."""
    other = catalogue_of(visit.bench).get(kpi.counter) if kpi.counter else None
    return "" if other is None else other.title(visit.language)


def explained(bench: Workbench, kpi: str, subject: str, period: Period) -> Explanation | None:
    """None for a KPI, a person or a team that is none."""
    kind, _, id = subject.partition(":")
    if kpi not in catalogue_of(bench):
        return None
    user, team = (id, None) if kind == "user" else (None, id)
    try:
        return official_explanation(bench, kpi, period, user=user, team=team)
    except BadConfig:
        return None


def criteria(bench: Workbench) -> Names:
    """What the account's checklists call their criteria; of a broken file, which scoring names, nothing is called."""
    try:
        return names_of(bench)
    except BadConfig:
        return {}
