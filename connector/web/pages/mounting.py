"""Every page on one application: routes, files, headers, and what is said where something goes wrong."""

from __future__ import annotations

import logging

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.base import RequestResponseEndpoint
from starlette.staticfiles import StaticFiles

from connector.errors import KpiError
from connector.redact import redact
from connector.web import live
from connector.web.cache import NotYet
from connector.web.closing import rooms as closing
from connector.web.embed import door
from connector.web.embed import rooms as embed
from connector.web.embed import summary as totals
from connector.web.exports import rooms as exports
from connector.web.headers import Headers
from connector.web.levels import rooms as levels
from connector.web.pages import boards, card, contesting, deciding, drawing, people, proofs, running, signing
from connector.web.personal import rooms as personal
from connector.web.planning import rooms as planning
from connector.web.rendering import STATIC, render
from connector.web.site import COOKIE, Site, session_of, site_of
from connector.web.uploading import rooms as uploading
from connector.web.visiting import VISIT, NoMonth, NotSignedIn, Visit, language_of
from connector.web.waiting import ASKED, wants_page

log = logging.getLogger("kpi.web")
_AGAIN = "700ms"
"""After which a page asks once more for what is being measured."""
_SAID = {403: "refused", 413: "refused", 415: "refused", 404: "not_found", 405: "not_found"}


def mount(app: FastAPI, site: Site, pulses: live.Pulses | None = None) -> None:
    """Add the pages to it. `pulses`: how often changes are looked for."""
    app.state.site = site
    site.doors.insert(0, door.by_frame)
    own = (signing, people, boards, proofs, contesting, deciding, running, drawing, card)
    for one in (*own, uploading, planning, closing, levels, personal, embed, totals, exports):
        app.include_router(one.room)
    watching = pulses or live.Pulses()
    watching.ready = lambda bench: people.made_ready(site, bench)
    app.include_router(live.room(site, watching))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(NotSignedIn, _to_sign_in)
    app.add_exception_handler(NotYet, _measuring)
    apologise(app)
    app.middleware("http")(_renewed)
    app.add_middleware(Headers)


def apologise(app: FastAPI) -> None:
    """Say what went wrong as pages do."""
    app.add_exception_handler(StarletteHTTPException, _said)
    app.add_exception_handler(RequestValidationError, _not_there)
    app.add_exception_handler(KpiError, _failed)


async def _renewed(request: Request, go_on: RequestResponseEndpoint) -> Response:
    """A page looked at keeps the session going; streams and files do not."""
    answer = await go_on(request)
    session = getattr(request.state, "renew", None)
    if session is not None and request.url.path not in ("/live", "/out"):
        site: Site = request.app.state.site
        now = site.now()
        if request.method == "POST":
            site.note_change(session)
        if session.renewed(now).until - session.until > 60_000:
            if session.door == door.DOOR:
                door.keep(site, answer, session.renewed(now))
            else:
                signing.keep(request, answer, session.renewed(now))
    return answer


async def _to_sign_in(request: Request, _error: Exception) -> Response:
    if wants_page(request):
        answer: Response = RedirectResponse(door.closed_at(request, request.app.state.site) or "/in", 303)
    else:
        answer = JSONResponse({"error": "sign in"}, 401)
    answer.delete_cookie(COOKIE)
    return answer


async def _measuring(request: Request, _error: Exception) -> Response:
    """Where a page would wait for seconds: its frame, or the place of a part of it, which then asks by itself."""
    visit: Visit = getattr(request.state, VISIT)
    answer: Response = JSONResponse({"waits": True}, 202)
    if wants_page(request):
        visit.wait.late.clear()  # what was known of other parts is not shown
        answer = visit.page("measuring.html", again=_AGAIN)
    elif "hx-request" in request.headers:
        address = f"{request.url.path}?{request.url.query}"
        answer = HTMLResponse(
            render("measuring_part.html", visit.language, here=address, again=_AGAIN, long=visit.wait.long)
        )
    answer.headers[ASKED] = repr(visit.wait.asked)
    return answer


async def _said(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException | StarletteHTTPException)
    if not wants_page(request):
        return JSONResponse({"error": error.detail}, error.status_code, dict(error.headers or {}))
    key = "no_month" if isinstance(error, NoMonth) else _SAID.get(error.status_code, "failed")
    return _told(request, key, error.status_code)


async def _not_there(request: Request, _error: Exception) -> Response:
    """An address with something in it that can be nothing of ours."""
    return await _said(request, HTTPException(404))


async def _failed(request: Request, error: Exception) -> Response:
    log.error("%s", redact(str(error)))
    if not wants_page(request):
        return JSONResponse({"error": "the store is in trouble; the log says more"}, 503)
    return _told(request, "failed", 503)


def _told(request: Request, key: str, status: int) -> HTMLResponse:
    session = session_of(request)
    bench = None if session is None else site_of(request).benches[session.account]
    return HTMLResponse(render("said.html", language_of(request, bench), key=key), status)
