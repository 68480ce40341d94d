"""What waits for a head: plans that the evidence speaks against, and calls to score."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, HTTPException, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from connector.errors import BadConfig, Busy
from connector.pipeline.planning import replanning
from connector.pipeline.talks import people_scoring
from connector.pipeline.talks.people_scoring import Answered
from connector.quality.score import Answer
from connector.web.forms import LONGEST_TEXT, Fields
from connector.web.views.deciding import CallForm, call_form, call_lines, proposal_lines
from connector.web.visiting import Visit, Visiting

room = APIRouter()
_ANSWERS: dict[str, Answer] = {"yes": "yes", "no": "no", "not_applicable": "not_applicable"}
OWN = "-"
"""The account in which one is signed in: addresses of the CRM's tasks name it."""


@room.get("/corrections")
def corrections(visit: Visiting) -> HTMLResponse:
    """Of the plans of whom he leads."""
    return _corrections(visit)


@room.post("/corrections/{number}/{what}")
async def corrected(number: int, what: str, visit: Visiting, fields: Fields) -> Response:
    """Approved or declined, with a reason that stays in the plan's history."""
    if what not in ("approved", "declined"):
        raise HTTPException(404)
    reason = fields.get("reason", "")[:LONGEST_TEXT]
    return await run_in_threadpool(_corrected, visit, number, what == "approved", reason)


@room.get("/calls")
def calls(visit: Visiting) -> HTMLResponse:
    """Those that wait for him."""
    waiting = people_scoring.drawn(visit.bench, rater=visit.access.user)
    return visit.page("calls.html", lines=call_lines(waiting, visit.language), uploads=visit.access.company)


@room.get("/calls/{account}/{week}")
def week(account: str, week: str, visit: Visiting) -> HTMLResponse:
    """Those of a week that he was asked for: where tasks in the CRM lead."""
    visit.allow(account in (OWN, visit.bench.settings.name))
    drawn = people_scoring.drawn(visit.bench, week=week, rater=visit.access.user)
    return visit.page("calls.html", lines=call_lines(drawn, visit.language), uploads=False)


@room.get("/calls/{account}/{week}/{call}")
def call(account: str, week: str, call: str, visit: Visiting) -> HTMLResponse:
    """The form of one call."""
    visit.allow(account in (OWN, visit.bench.settings.name))
    return visit.page("call.html", form=_form(visit, call), week=week, problem="", answers={})


@room.post("/calls/{account}/{week}/{call}")
async def scored(account: str, week: str, call: str, visit: Visiting, fields: Fields) -> Response:
    """All questions, or none is taken."""
    visit.allow(account in (OWN, visit.bench.settings.name))
    return await run_in_threadpool(_scored, visit, week, call, fields)


def _scored(visit: Visit, week: str, call: str, fields: Mapping[str, str]) -> Response:
    form = _form(visit, call)
    try:
        people_scoring.submit(visit.bench, call, visit.access.user, _answers(form, fields))
    except (BadConfig, Busy) as error:
        told = visit.told(error)
        return visit.page("call.html", status=400, form=form, week=week, problem=told, answers=dict(fields))
    return RedirectResponse("/calls", 303)


def _answers(form: CallForm, fields: Mapping[str, str]) -> dict[str, Answered]:
    found = {}
    for question in form.questions:
        told = _ANSWERS.get(fields.get(f"answer:{question.key}", ""))
        if told is not None:
            found[question.key] = Answered(told, note=fields.get(f"note:{question.key}", "")[:500])
    return found


def _form(visit: Visit, call: str) -> CallForm:
    """A call for which nobody asked him does not exist for him."""
    try:
        asked = people_scoring.form(visit.bench, call, visit.access.user)
    except BadConfig:
        raise HTTPException(404) from None
    return call_form(asked, visit.bench.zone(), visit.language)


def _corrected(visit: Visit, number: int, approved: bool, reason: str) -> Response:
    known = [one for one in replanning.proposed(visit.bench) if one.id == number]
    visit.allow(visit.access.leads and bool(known) and visit.access.subject(known[0].proposal.subject))
    try:
        replanning.decide(
            visit.bench, number, "approved" if approved else "declined", by=visit.access.user, reason=reason
        )
    except BadConfig as error:
        return _corrections(visit, visit.told(error), 400)
    return RedirectResponse("/corrections", 303)


def _corrections(visit: Visit, problem: str = "", status: int = 200) -> HTMLResponse:
    visit.allow(visit.access.leads)
    found = [one for one in replanning.proposed(visit.bench) if visit.access.subject(one.proposal.subject)]
    lines = proposal_lines(found, visit.bench.currency(), visit.access, visit.bench.zone(), visit.language)
    return visit.page("corrections.html", status=status, lines=lines, problem=problem)
