"""GET /months, POST /months/PERIOD/closed and /reopened: for admins, confirmed and with a reason."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, HTTPException, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from connector.errors import Busy
from connector.moment import Period
from connector.pipeline.closable import Unclosable, months_standing
from connector.pipeline.closing import close_month, reopen_month
from connector.web.closing.views import month_lines, unclosable
from connector.web.forms import LONGEST_TEXT, Fields
from connector.web.visiting import Visit, Visiting, month_of
from connector.web.words import WORDS

room = APIRouter()
MONTHS = 12


@room.get("/months")
def months(visit: Visiting) -> HTMLResponse:
    """The last year, and whatever else was closed."""
    return _page(visit)


@room.post("/months/{label}/{what}")
async def done(label: str, what: str, visit: Visiting, fields: Fields) -> Response:
    """A month is closed or opened again."""
    visit.allow(visit.access.company)
    if what not in ("closed", "reopened"):
        raise HTTPException(404)
    return await run_in_threadpool(_done, visit, month_of(label), what == "closed", fields)


def _done(visit: Visit, month: Period, closing: bool, fields: Mapping[str, str]) -> Response:
    reason = fields.get("reason", "").strip()[:LONGEST_TEXT]
    author = visit.access.signed
    if not reason or fields.get("sure") != "yes":
        return _page(visit, WORDS["unsure" if reason else "unreasoned"](visit.language), 400)
    try:
        if closing:
            close_month(visit.bench, month, author=author, reason=reason, force=fields.get("early") == "yes")
        else:
            reopen_month(visit.bench, month, author=author, reason=reason)
    except Unclosable as error:
        return _page(visit, unclosable(error, visit.language), 400)
    except Busy:
        return _page(visit, WORDS["busy_now"](visit.language), 503)
    return RedirectResponse(f"/months#month-{month.label}", 303)


def _page(visit: Visit, problem: str = "", status: int = 200) -> HTMLResponse:
    visit.allow(visit.access.company)
    lines = month_lines(months_standing(visit.bench, MONTHS), visit.bench.zone(), visit.language)
    return visit.page("months.html", status=status, lines=lines, problem=problem)
