"""GET /setup/CODE and what follows: one browser is answered, the one that used the link; forms carry its token."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from connector.errors import BadConfig, KpiError
from connector.kpi.text import Language
from connector.pipeline.switching import FIRST
from connector.redact import redact
from connector.said import in_language
from connector.web.forms import BROWSER_COOKIE, Fields
from connector.web.rendering import render
from connector.web.setup import keeping, steps, views
from connector.web.setup.state import Setup
from connector.web.site import site_of
from connector.web.visiting import language_of

room = APIRouter()
Act = Callable[[Setup, Mapping[str, str], Language], None]


def setup_of(request: Request) -> Setup:
    """The one that this process is for."""
    found: Setup = request.app.state.setup
    return found


def ours(request: Request) -> Setup:
    """The same, for its own browser. Raises 404."""
    setup = setup_of(request)
    if not setup.owned_by(request.cookies.get(BROWSER_COOKIE, "")):
        raise HTTPException(404)
    return setup


@room.get("/")
def home() -> Response:
    """Where it is."""
    return RedirectResponse("/setup", 303)


@room.get("/setup")
def present(request: Request) -> HTMLResponse:
    """The step that one has come to, or the work that is under way."""
    return _page(request, ours(request))


@room.get("/setup/progress")
def progress(request: Request) -> Response:
    """A part of the page while work is under way; once it is over the whole page is asked for."""
    setup = ours(request)
    if setup.job is None or not setup.job.running:
        return Response(headers={"HX-Redirect": "/setup"})
    language = language_of(request)
    return HTMLResponse(render("setup_progress.html", language, progress=views.progress(setup, language)))


@room.get("/setup/in/{code}")
def enter_page(request: Request, code: str) -> HTMLResponse:
    """A button instead of the act: whoever only looks at a link does not use it up."""
    return _enter(request, code, used=bool(setup_of(request).owner))


@room.post("/setup/in")
async def enter(request: Request, fields: Fields) -> Response:
    """The code against this browser, once."""
    setup = setup_of(request)
    if setup.owned_by(request.cookies.get(BROWSER_COOKIE, "")):
        return RedirectResponse("/setup", 303)
    if setup.begin(fields.get("code", ""), request.cookies.get(BROWSER_COOKIE, "")):
        return RedirectResponse("/setup", 303)
    return _enter(request, "", used=True)


@room.post("/setup/{act}")
async def done(act: str, request: Request, fields: Fields) -> Response:
    """One step on or back."""
    setup = ours(request)
    if act not in ACTS:
        raise HTTPException(404)
    return await run_in_threadpool(_done, request, setup, act, fields)


def acted(setup: Setup, act: str, fields: Mapping[str, str], language: Language) -> bool:
    """Do it where its turn is; False where it is not: it was done already, or work is under way. Raises as it does."""
    steps_of, does = ACTS[act]
    with setup.lock:
        if setup.step not in steps_of or (setup.job is not None and setup.job.running):
            return False
        does(setup, fields, language)
        return True


def _done(request: Request, setup: Setup, act: str, fields: Mapping[str, str]) -> Response:
    try:
        acted(setup, act, fields, language_of(request))
    except BadConfig as error:
        return _page(request, setup, [redact(line) for line in error.problems], fields, 400)
    except KpiError as error:
        return _page(request, setup, [redact(str(error))], fields, 503)
    except OSError as error:  # of temporary files
        return _page(request, setup, keeping.unwritten(error, language_of(request)).problems, fields, 503)
    if setup.step == "done":
        setup.finished.set()
        return _page(request, setup)
    return RedirectResponse("/setup", 303)


def _skip(setup: Setup, _fields: Mapping[str, str], _language: Language) -> None:
    setup.step = "done" if setup.found is None else "levels"


def _finish(setup: Setup, _fields: Mapping[str, str], _language: Language) -> None:
    setup.step = "done"


def _level(setup: Setup, fields: Mapping[str, str], _language: Language) -> None:
    """The one whose turn it is; switched on only where its changes were looked at."""
    level = next((one for one in FIRST if one not in setup.settled), None)
    if level is not None and fields.get("level") == level:
        steps.decide(setup, level, fields.get("on") == "yes" and fields.get("sure") == "yes")


ACTS: dict[str, tuple[tuple[str, ...], Act]] = {
    "connect": (("connect",), steps.connect),
    "answers": (("answers",), steps.answer),
    "judged": (("judged",), steps.judge),
    "write": (("review",), lambda setup, fields, language: steps.write(setup, language)),
    "compare": (("written",), lambda setup, fields, language: steps.compare(setup)),
    "skip": (("written",), _skip),
    "level": (("levels",), _level),
    "finish": (("levels",), _finish),
    "back": (("answers", "judged", "review"), lambda setup, fields, language: steps.back(setup)),
}
"""Which acts belong to which steps."""


def _page(
    request: Request,
    setup: Setup,
    problems: list[str] | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    """`typed`: what a form that was refused said, its key left out."""
    language, job = language_of(request), setup.job
    if job is not None and job.running:
        return _shown(
            request, "setup_wait.html", setup, {"what": job.what, "progress": views.progress(setup, language)}
        )
    told = list(problems or []) + ([job.error] if job is not None and job.error else [])
    values = views.step_page(setup, language) | {"problems": [in_language(one, language) for one in told]}
    if typed is not None and setup.step == "connect":
        values["typed"] = {key: typed.get(key, "") for key in views.TYPED}
    return _shown(request, f"setup_{setup.step}.html", setup, values, status)


def _enter(request: Request, code: str, *, used: bool) -> HTMLResponse:
    """With a cookie by which this browser is known from now on."""
    browser = request.cookies.get(BROWSER_COOKIE) or secrets.token_urlsafe(24)
    language = language_of(request)
    token = site_of(request).keys.form_token(browser)
    body = render("setup_enter.html", language, token=token, code=code, used=used, back=request.url.path)
    answer = HTMLResponse(body, 404 if used else 200)
    secure = request.url.scheme == "https"
    answer.set_cookie(BROWSER_COOKIE, browser, httponly=True, samesite="strict", secure=secure)
    return answer


def _shown(
    request: Request, template: str, setup: Setup, values: Mapping[str, object], status: int = 200
) -> HTMLResponse:
    language = language_of(request)
    token = site_of(request).keys.form_token(setup.owner)
    frame = {"token": token, "back": "/setup", "steps": views.steps(setup, language)}
    return HTMLResponse(render(template, language, **(frame | dict(values))), status)
