"""Signing in by a link, signing out, choosing the language."""

from __future__ import annotations

import secrets
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from connector.store.secret import sign_ins
from connector.web import forms
from connector.web.embed import door
from connector.web.forms import BROWSER_COOKIE, Fields
from connector.web.rendering import render
from connector.web.sessions import IDLE, Session
from connector.web.site import COOKIE, Site, session_of, site_of
from connector.web.visiting import LANGUAGE_COOKIE, Visiting, language_of

room = APIRouter()
YEAR = 365 * 86400


@room.get("/in")
@room.get("/in/{code}")
def sign_in_page(request: Request, code: str = "") -> Response:
    """A button instead of the act: whoever only looks at a link, as messengers do, does not use it up."""
    return _page(request, code=code, bad=False)


@room.post("/in")
async def sign_in(request: Request, fields: Fields) -> Response:
    """The code against a session."""
    return await run_in_threadpool(_signed_in, request, fields.get("code", ""))


@room.post("/out")
async def sign_out(request: Request, _fields: Fields) -> Response:
    """This session is over, wherever its cookie is."""
    session = session_of(request)
    if session is not None:
        await run_in_threadpool(_end, site_of(request), session)
    answer = RedirectResponse("/in", 303)
    answer.delete_cookie(COOKIE)
    return answer


@room.post("/language")
async def language(request: Request, fields: Fields) -> Response:
    """Kept by the browser alone."""
    back = fields.get("back", "/")
    answer = RedirectResponse(back if _inside(back) else "/", 303)
    chosen = "en" if fields.get("language") == "en" else "ru"
    answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR, samesite="lax", secure=_secure(request), httponly=True)
    door.speak(request, answer, LANGUAGE_COOKIE, chosen)
    return answer


@room.get("/")
def home(visit: Visiting) -> Response:
    """Where the day of each role begins."""
    access = visit.access
    return RedirectResponse(
        "/company" if access.company else "/board" if access.leads else f"/people/{access.user}", 303
    )


def keep(request: Request, answer: Response, session: Session) -> None:
    """The cookie of a session, good for another while."""
    sealed = site_of(request).keys.sealed(session)
    answer.set_cookie(
        COOKIE, sealed, max_age=IDLE // 1000, httponly=True, samesite="lax", secure=_secure(request), path="/"
    )


def _signed_in(request: Request, code: str) -> Response:
    session = _session_by(site_of(request), code)
    if session is None:
        return _page(request, code="", bad=True)
    answer = RedirectResponse("/", 303)
    keep(request, answer, session)
    return answer


def _session_by(site: Site, code: str) -> Session | None:
    """Whom a code lets in; None where it is used, too old, or of an account that is not served here."""
    if not code or not site.benches:
        return None
    now, store = site.now(), next(iter(site.benches.values())).store  # they share one
    with store.write() as conn:
        row = sign_ins.use(conn, code, now=now)
    if row is None:
        return None
    name = next((one.settings.name for one in site.benches.values() if one.account == row.account), None)
    if name is None:
        return None
    return Session(account=name, user=row.user_id, sign_in=row.id or 0, since=now, until=now).renewed(now)


def _end(site: Site, session: Session) -> None:
    with site.benches[session.account].store.write() as conn:
        sign_ins.end(conn, session.sign_in, now=site.now())


def _page(request: Request, **values: Any) -> HTMLResponse:
    site, session = site_of(request), session_of(request)
    browser = request.cookies.get(BROWSER_COOKIE) or secrets.token_urlsafe(24)
    token = forms.token_for(site, session) if session is not None else site.keys.form_token(browser)
    body = render("sign_in.html", language_of(request), token=token, **values)
    answer = HTMLResponse(body, 400 if values["bad"] else 200)
    answer.set_cookie(BROWSER_COOKIE, browser, httponly=True, samesite="strict", secure=_secure(request))
    return answer


def _inside(address: str) -> bool:
    """A path of ours, never another host."""
    return address.startswith("/") and not address.startswith(("//", "/\\")) and "\\" not in address


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
