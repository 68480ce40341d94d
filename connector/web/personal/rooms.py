"""Parts of a person's page that take longer or are not for everybody who sees his numbers."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from connector.pipeline.advice.following import chosen
from connector.web.personal.advice import advice_of, advice_page
from connector.web.personal.talks import talk_lines
from connector.web.visiting import Visiting

room = APIRouter()


@room.get("/people/{user}/advice")
def advice(user: str, visit: Visiting) -> HTMLResponse:
    """What to raise and why, with records that show it."""
    told = advice_of(visit, visit.person(user))
    own = user == visit.access.user
    page = None if told is None else advice_page(told, own=own, language=visit.language)
    return visit.page("advice.html", page=page)


@room.get("/people/{user}/talks")
def talks(user: str, visit: Visiting) -> HTMLResponse:
    """Private feedback: for him and for who leads him, not for admins."""
    visit.person(user)
    visit.allow(visit.access.feedback(user))
    found = [one for one in chosen(visit.bench) if one.user == user]
    lines = talk_lines(found, visit.bench.zone(), visit.language, leads=user != visit.access.user)
    return visit.page("talks.html", lines=lines)
