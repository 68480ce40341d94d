"""The addresses that CRMs open: Bitrix24 posts to a page, an amoCRM widget asks for a key to its frame."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from connector.errors import KpiError, Refused
from connector.pipeline.bench import Workbench
from connector.provider import InstallsPages, Knock, ShowsPages
from connector.redact import redact
from connector.web.embed import door, entering
from connector.web.headers import NONCE
from connector.web.limiting import FORGED
from connector.web.rendering import render
from connector.web.sessions import Session
from connector.web.site import session_of, site_of
from connector.web.visiting import NotSignedIn, language_of

room = APIRouter(prefix="/embed/{account}")
log = logging.getLogger("kpi.web")


@room.post("")
async def page(account: str, request: Request) -> Response:
    """A placement of the CRM opens: proven, then the page at once."""
    knock = await entering.knock_of(request)
    return await run_in_threadpool(_page, account, request, knock)


@room.options("/key")
def before_key(account: str, request: Request) -> Response:
    """The browser asks whether the widget's page may ask us."""
    _, provider = entering.bench_of(site_of(request), account)
    return _shared(request, provider, Response(status_code=204))


@room.post("/key")
async def key(account: str, request: Request) -> Response:
    """A widget with its one-time token gets an address for its frame."""
    knock = await entering.knock_of(request)
    return await run_in_threadpool(_key, account, request, knock)


@room.get("/in/{code}")
def by_key(account: str, code: str, request: Request, place: str = "") -> Response:
    """That frame."""
    site = site_of(request)
    bench, _ = entering.bench_of(site, account)
    door.frame(request, bench)
    session = entering.session_by(site, bench, code)
    if session is None:
        return _said(request, bench, "embed_old", 403)
    return _welcomed(request, bench, session, place)


@room.get("/start")
def start(account: str, request: Request, place: str = "") -> Response:
    """After signing in: on to the pages, where the browser kept the session."""
    site = site_of(request)
    bench, _ = entering.bench_of(site, account)
    door.frame(request, bench)
    session = session_of(request)
    if session is None or session.account != account:
        return _said(request, bench, "embed_blocked", 200)
    return RedirectResponse(entering.path_of(place), 303)


@room.get("/closed")
def closed(account: str, request: Request) -> Response:
    """A frame whose session is over."""
    bench, _ = entering.bench_of(site_of(request), account)
    door.frame(request, bench)
    return _said(request, bench, "embed_old", 200)


@room.post("/install")
async def install(account: str, request: Request) -> Response:
    """An administrator installs us in the CRM."""
    knock = await entering.knock_of(request)
    return await run_in_threadpool(_install, account, request, knock)


def _page(account: str, request: Request, knock: Knock) -> Response:
    site = site_of(request)
    bench, provider = entering.bench_of(site, account)
    door.frame(request, bench)
    try:
        guest = entering.admitted(site, bench, provider, knock)
    except KpiError as error:
        return _failed(request, bench, error)
    session = entering.session_by(site, bench, entering.code_for(site, bench, guest.user))
    assert session is not None  # made a moment ago, by us
    return _welcomed(request, bench, session, guest.place)


def _welcomed(request: Request, bench: Workbench, session: Session, place: str) -> Response:
    try:
        return entering.welcome(request, site_of(request), session, place)
    except NotSignedIn:
        return _said(request, bench, "embed_unknown", 403)


def _key(account: str, request: Request, knock: Knock) -> Response:
    site = site_of(request)
    bench, provider = entering.bench_of(site, account)
    try:
        guest = entering.admitted(site, bench, provider, knock)
    except KpiError as error:
        refused = _noted(request, bench, error)
        told = JSONResponse({"error": "refused" if refused else "try later"}, 403 if refused else 503)
        return _shared(request, provider, told)
    code = entering.code_for(site, bench, guest.user)
    frame = f"{str(request.base_url).rstrip('/')}/embed/{account}/in/{code}?place={guest.place}"
    return _shared(request, provider, JSONResponse({"frame": frame}))


def _install(account: str, request: Request, knock: Knock) -> Response:
    bench, provider = entering.bench_of(site_of(request), account)
    if not isinstance(provider, InstallsPages):
        raise HTTPException(404)
    door.frame(request, bench)
    address = f"{str(request.base_url).rstrip('/')}/embed/{account}"
    try:
        installed = provider.install(knock, entering.known(bench), address)
    except KpiError as error:
        return _failed(request, bench, error)
    nonce = secrets.token_urlsafe(16)
    setattr(request.state, NONCE, nonce)
    return HTMLResponse(render("embed_installed.html", language_of(request, bench), installed=installed, nonce=nonce))


def _shared(request: Request, provider: ShowsPages, answer: Response) -> Response:
    """Readable by scripts of the account's own host, and by nobody else's."""
    owner = provider.framed_by
    answer.headers["vary"] = "Origin"
    if request.headers.get("origin") == owner:
        answer.headers["access-control-allow-origin"] = owner
        answer.headers["access-control-allow-methods"] = "POST"
        answer.headers["access-control-allow-headers"] = "X-Auth-Token, Content-Type, X-Requested-With"
        answer.headers["access-control-max-age"] = "600"
    return answer


def _failed(request: Request, bench: Workbench, error: KpiError) -> Response:
    refused = _noted(request, bench, error)
    return _said(request, bench, "refused" if refused else "failed", 403 if refused else 503)


def _noted(request: Request, bench: Workbench, error: KpiError) -> bool:
    """Told in the log. Whether it was refused, which counts against whoever posted it; what failed may pass later."""
    log.warning("%s: %s", bench.settings.name, redact(str(error)))
    refused = isinstance(error, Refused)
    setattr(request.state, FORGED, refused)
    return refused


def _said(request: Request, bench: Workbench, key: str, status: int, **values: Any) -> HTMLResponse:
    return HTMLResponse(render("embed_said.html", language_of(request, bench), key=key, **values), status)
