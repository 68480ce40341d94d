"""The right to contest a record: by whose number it is, decided by whoever leads him."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, HTTPException, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from connector.errors import BadConfig, Busy
from connector.pipeline.contesting.contested import Asked, record_of
from connector.pipeline.contesting.contests import Said, contest_of, contests_of, decide, open_contest, withdraw
from connector.pipeline.showing import who_is_who
from connector.web.forms import LONGEST_TEXT, Fields
from connector.web.views.contest import About, about, contest_lines
from connector.web.views.facts import Card
from connector.web.visiting import Visit, Visiting

room = APIRouter()
PATIENCE = 10.0
"""Seconds for which a decision waits for a sync to let go of the account."""


@room.get("/contests")
def contests(visit: Visiting) -> HTMLResponse:
    """His own, and those of whom he leads."""
    return _page(visit)


@room.get("/contests/new")
def new(visit: Visiting, fact: str) -> HTMLResponse:
    """A form for one fact in his own numbers."""
    return _form(visit, fact[:LONGEST_TEXT])


@room.post("/contests")
async def opened(visit: Visiting, fields: Fields) -> Response:
    """His own words are the reason; nobody contests for somebody else."""
    asked = Asked(fact=fields.get("fact", ""))
    said = Said(by=visit.access.user, reason=fields.get("reason", "")[:LONGEST_TEXT], via="web")
    try:
        await run_in_threadpool(open_contest, visit.bench, asked, said)
    except BadConfig as error:
        return _form(visit, asked.fact or "", visit.told(error), 400)
    return RedirectResponse("/contests", 303)


@room.post("/contests/{number}/{what}")
async def judged(number: int, what: str, visit: Visiting, fields: Fields) -> Response:
    """Accepted or declined by a head, withdrawn by its owner."""
    said = Said(by=visit.access.user, reason=fields.get("reason", "")[:LONGEST_TEXT], via="web")
    if what not in ("accepted", "declined", "withdrawn"):
        raise HTTPException(404)

    def act() -> object:
        _seen(visit, number)
        if what == "withdrawn":
            return withdraw(visit.bench, number, said)
        return decide(visit.bench, number, "accepted" if what == "accepted" else "declined", said, patience=PATIENCE)

    return await run_in_threadpool(_done, visit, act)


def _form(visit: Visit, fact: str, problem: str = "", status: int = 200) -> HTMLResponse:
    """For one fact; a key that is of no record is asked about as it is written."""
    try:
        record = record_of(fact)
        shown = about(fact, record, visit.bench.provider.link_to(record), visit.language)
    except BadConfig:
        shown = About(Card(fact, ""), "")
    return visit.page("contest_new.html", status=status, fact=fact, about=shown, problem=problem)


def _done(visit: Visit, act: Callable[[], object]) -> Response:
    try:
        act()
    except BadConfig as error:
        return _page(visit, visit.told(error), 400)
    except Busy as busy:
        return _page(visit, visit.told(busy), 503)
    return RedirectResponse("/contests", 303)


def _seen(visit: Visit, number: int) -> None:
    """What concerns people whom he may not see does not exist for him."""
    try:
        found = contest_of(visit.bench, number)
    except BadConfig:
        raise HTTPException(404) from None
    visit.person(found.contest.ruling.user)


def _page(visit: Visit, problem: str = "", status: int = 200) -> HTMLResponse:
    users, _, _ = visit.of(who_is_who, visit.period)
    lines = contest_lines(contests_of(visit.bench), visit.access, users, visit.bench.zone(), visit.language)
    return visit.page("contests.html", status=status, lines=lines, problem=problem)
