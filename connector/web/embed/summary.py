"""An iframe of a CRM's own dashboard: it sends dates and a language, and nothing of who looks. Totals only."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.showing import running_month, shown
from connector.web.embed import door, entering
from connector.web.rendering import render
from connector.web.site import site_of
from connector.web.views.summary import summary
from connector.web.visiting import language_of

room = APIRouter(prefix="/embed/{account}")


@room.get("/summary/{key}")
def totals(account: str, key: str, request: Request, lang: str = "", date_from: str = "") -> HTMLResponse:
    """Of the month in which the asked dates begin."""
    site = site_of(request)
    if not site.keys.opens_summary(account, key):
        raise HTTPException(404)
    bench, _ = entering.bench_of(site, account)
    door.frame(request, bench)
    language = "ru" if lang == "ru" else "en" if lang == "en" else language_of(request, bench)
    page = summary(site.cache.of(bench, shown, _month(bench, date_from)), language)
    return HTMLResponse(render("embed_summary.html", language, page=page))


def _month(bench: Workbench, told: str) -> Period:
    """`dd.mm.yyyy`, as amoCRM writes it; the running month for anything else and for what is to come."""
    running = running_month(bench)
    try:
        day, month, year = (int(part) for part in told.split("."))
        asked = Period.month(date(year, month, day))
    except ValueError:
        return running
    return min(asked, running, key=lambda period: period.start)
