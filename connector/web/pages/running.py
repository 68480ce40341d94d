"""How far the numbers can be trusted, and how the account runs."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from connector.health.drift_words import titles
from connector.kpi.definition import Text
from connector.pipeline.overseeing import holding_still, overseen, would_write
from connector.pipeline.trust.health import quality_of
from connector.web import tokens
from connector.web.views.admin import admin_page
from connector.web.views.data import data_page
from connector.web.views.plan import as_of
from connector.web.visiting import Visit, Visiting
from connector.web.words import WORDS

room = APIRouter()


@room.get("/data")
def data(visit: Visiting) -> HTMLResponse:
    """For heads and admins: what is amiss concerns the whole account."""
    visit.allow(visit.access.leads)
    seen = visit.seen
    found = visit.of(quality_of, visit.period)
    page = data_page(
        found.findings,
        [_held(what, kpis) for what, kpis in holding_still(visit.bench)],
        period=visit.period.label,
        as_of=as_of(seen, visit.language),
        currency=found.currency,
        link_to=found.link_to,
        language=visit.language,
    )
    return visit.page("data.html", page=page)


@room.get("/admin")
def admin(visit: Visiting) -> HTMLResponse:
    """For admins of the CRM."""
    return admin_shown(visit)


def admin_shown(visit: Visit, problem: str = "", status: int = 200) -> HTMLResponse:
    """The page, with what went wrong with a form of it."""
    visit.allow(visit.access.company)
    bench, told = visit.bench, overseen(visit.bench)
    known = [one for one, _ in tokens.listed(bench.store) if one.account in (None, bench.account)]
    touched = visit.of(would_write, visit.language)
    page = admin_page(told, touched, known, bench.zone(), visit.language)
    return visit.page("admin.html", status=status, page=page, problem=problem)


def _held(what: Text, kpis: tuple[str, ...]) -> Text:
    line = WORDS["frozen_line"]
    return Text(*(line(one).format(what=what(one), kpis=titles(kpis, one)) for one in ("ru", "en")))
