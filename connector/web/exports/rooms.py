"""GET /export/results.FORM, /export/explain/{kpi}/{user|team}/{id}.FORM, /print: what one sees, to take away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import HTMLResponse

from connector.web.exports import sheets, tables
from connector.web.exports.printing import printed
from connector.web.pages.proofs import explained
from connector.web.visiting import Visiting

room = APIRouter(include_in_schema=False)
Form = Literal["csv", "xlsx"]


@room.get("/export/results.{form}")
def results(form: Form, visit: Visiting) -> Response:
    """Every KPI of all whom he may see, in the shown month."""
    found = tables.results(tables.visible(visit.seen.report, visit.access), visit.language)
    return _file(found, form, f"kpi-{visit.bench.settings.name}-{visit.period.label}")


@room.get("/export/explain/{kpi}/user/{id}.{form}")
def of_person(kpi: str, id: str, form: Form, visit: Visiting) -> Response:
    """The proof of a person's number."""
    return _proof(visit, kpi, f"user:{visit.person(id)}", form)


@room.get("/export/explain/{kpi}/team/{id}.{form}")
def of_team(kpi: str, id: str, form: Form, visit: Visiting) -> Response:
    """The proof of a team's number."""
    return _proof(visit, kpi, f"team:{visit.team(id)}", form)


@room.get("/print")
def month(visit: Visiting, user: str | None = None) -> HTMLResponse:
    """The month on paper: of one person, or of all whom he may see. The browser makes a PDF of it."""
    people = sorted(visit.access.people) if user is None else [visit.person(user)]
    return visit.page("print.html", page=printed(visit.seen, people, visit.language))


def _proof(visit: Visiting, kpi: str, subject: str, form: Form) -> Response:
    told = visit.of(explained, kpi, subject, visit.period)
    if told is None:
        raise HTTPException(404)
    name = f"{kpi}-{subject.replace(':', '-')}-{visit.period.label}"
    return _file(tables.proof(told, visit.bench.zone(), visit.language), form, name)


def _file(found: Sequence[sheets.Table], form: Form, name: str) -> Response:
    """Of a CSV all tables under one another: a file has one sheet."""
    if form == "xlsx":
        body, kind = sheets.as_xlsx(found), sheets.XLSX
    else:
        rows = [row for table in found for row in table.rows]
        body, kind = sheets.as_csv(sheets.Table("", found[0].head, rows)), sheets.CSV
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in name)
    told = f"attachment; filename=\"{plain}.{form}\"; filename*=UTF-8''{quote(name, safe='')}.{form}"
    return Response(body, media_type=kind, headers={"content-disposition": told})
