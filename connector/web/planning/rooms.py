"""GET and POST /plans/people/ID: for who leads him and for admins; nobody sets his own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Query, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from connector.errors import BadConfig
from connector.kpi.definition import Kpi
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.planning.chances import odds
from connector.pipeline.planning.likely import REVENUE
from connector.pipeline.planning.plans import agree, barred, looked_at
from connector.pipeline.showing import running_month
from connector.result import Plan
from connector.store.agreed.plan_guard import NotTaken
from connector.web import locale
from connector.web.forms import LONGEST_TEXT, Fields
from connector.web.planning.views import asked_odds, odds_lines, plan_page, read, refused, settable
from connector.web.visiting import Visit, Visiting
from connector.web.words import WORDS

room = APIRouter()


@room.get("/plans/people/{user}")
def plans(user: str, visit: Visiting, saved: str = "", same: str = "") -> HTMLResponse:
    """His plans of a month, each with its chance, a form and its history."""
    _allowed(visit, user)
    known = visit.of(looked_at, visit.period).kpis
    said = next(
        (WORDS[word](visit.language).format(kpi=known[key].title(visit.language))
         for word, key in (("plan_saved", saved), ("plan_same", same)) if key in known),
        "",
    )  # fmt: skip
    return _page(visit, user, said=said)


@room.get("/plans/people/{user}/chance")
def chance(
    user: str,
    visit: Visiting,
    value: Annotated[str, Query(max_length=40)] = "",
    kpi: Annotated[str, Query(max_length=80)] = REVENUE,
) -> HTMLResponse:
    """How likely a plan would be reached, while it is typed."""
    _allowed(visit, user)
    seen = visit.of(looked_at, visit.period)
    wanted = asked_odds(seen, user)
    if kpi not in wanted:
        raise HTTPException(404)
    told = visit.of(odds, visit.period, wanted)[kpi]
    lines = odds_lines(told, user, read(value, seen.kpis[kpi]), seen.currency, visit.language)
    return visit.page("plan_chance.html", lines=lines)


@room.post("/plans/people/{user}")
async def agreed(user: str, visit: Visiting, fields: Fields) -> Response:
    """A new version of one plan, or why it is not taken."""
    return await run_in_threadpool(_agreed, visit, user, fields)


def _allowed(visit: Visit, user: str) -> None:
    visit.allow(visit.access.plans(user))


def _agreed(visit: Visit, user: str, fields: Mapping[str, str]) -> Response:
    _allowed(visit, user)
    seen = visit.of(looked_at, visit.period)
    kpi = seen.kpis.get(fields.get("kpi", ""))
    if kpi is None or not settable(kpi):
        raise HTTPException(404)
    if problem := _wrong(kpi, fields, visit):
        return _page(visit, user, problem, fields, status=400)
    pipeline, value = fields.get("pipeline", ""), read(fields["value"], kpi)
    assert value is not None, "looked at above"
    reason = fields.get("reason", "").strip()[:LONGEST_TEXT]
    before = seen.agreed.get(f"user:{user}", {}).get((kpi.key, pipeline), ())
    wanted = Plan(
        subject=f"user:{user}", kpi=kpi.key, period=visit.period.label, pipeline=pipeline, value=value,
        author=visit.access.signed, reason=reason,
    )  # fmt: skip
    try:
        done = agree(visit.bench, wanted)
    except NotTaken as error:
        return _page(visit, user, "; ".join(refused(one, visit.language) for one in error.refusals), fields, status=400)
    except BadConfig as error:
        return _page(visit, user, visit.told(error), fields, status=400)
    word = "saved" if done.version > len(before) else "same"
    address = f"/plans/people/{quote(user, safe='')}?period={visit.period.label}&{word}={quote(kpi.key, safe='')}"
    return RedirectResponse(address, 303)


def _wrong(kpi: Kpi, fields: Mapping[str, str], visit: Visit) -> str:
    """What is wrong with a form, before anybody is asked whether it comes too late."""
    typed = fields.get("value", "")
    value = read(typed, kpi)
    if value is None:
        return WORDS["refused_value"](visit.language).format(value=typed[:40])
    if kpi.exceeds(value):
        return WORDS["refused_share"](visit.language)
    return "" if fields.get("reason", "").strip() else WORDS["refused_no_reason"](visit.language)


def _page(
    visit: Visit,
    user: str,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
    *,
    said: str = "",
    status: int = 200,
) -> HTMLResponse:
    bench, period = visit.bench, visit.period
    seen = visit.of(looked_at, period)
    told = visit.of(odds, period, asked_odds(seen, user))
    page = plan_page(seen, user, told, barred(bench, period), typed or {}, visit.language)
    later = Period.month(period.end)
    ahead = None if later.start > _ahead(bench).start else (later.label, locale.month(later.label, visit.language))
    return visit.page("plans.html", status=status, page=page, problem=problem, said=said, later=ahead)


def _ahead(bench: Workbench) -> Period:
    """The last month for which plans are set: a quarter on."""
    month = running_month(bench)
    for _ in range(3):
        month = Period.month(month.end)
    return month
