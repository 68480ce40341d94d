"""The door of a CRM's frame: a session kept apart for the account's own host, and answers that only it may frame."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from connector.pipeline.bench import Workbench
from connector.provider import ShowsPages
from connector.web.headers import FRAMED_BY
from connector.web.sessions import IDLE, Session
from connector.web.site import Site

COOKIE = "kpi_frame"
HOME_COOKIE = "kpi_frame_of"
"""Which account's frame this is: to tell, once the session is over, how to open it again."""
DOOR = "frame"
_ENTERED = "entered"
"""In a request's state: the session that this very request began."""
_KEPT = "Path=/; HttpOnly; Secure; SameSite=None; Partitioned"
"""Apart for each site that frames us (CHIPS); Starlette knows Partitioned only from Python 3.14 on."""


def by_frame(site: Site, request: Request) -> Session | None:
    """Who came in through a CRM's frame; from then on this answer may be framed by that CRM, and nobody else."""
    session = getattr(request.state, _ENTERED, None) or site.keys.opened(request.cookies.get(COOKIE, ""), site.now())
    if not isinstance(session, Session) or session.door != DOOR or session.account not in site.benches:
        return None
    frame(request, site.benches[session.account])
    return session


def enter(request: Request, session: Session) -> None:
    """From now on this request is his, whether or not the browser keeps cookies."""
    setattr(request.state, _ENTERED, session)


def keep(site: Site, answer: Response, session: Session) -> None:
    """The cookie of a session, good for another while."""
    lasting = f"Max-Age={IDLE // 1000}; {_KEPT}"
    answer.headers.append("set-cookie", f"{COOKIE}={site.keys.sealed(session)}; {lasting}")
    answer.headers.append("set-cookie", f"{HOME_COOKIE}={session.account}; Max-Age=2592000; {_KEPT}")


def speak(request: Request, answer: Response, name: str, language: str) -> None:
    """The chosen language, where an ordinary cookie would not be kept."""
    if request.cookies.get(COOKIE):
        answer.headers.append("set-cookie", f"{name}={language}; Max-Age=31536000; {_KEPT}")


def frame(request: Request, bench: Workbench) -> None:
    """This answer may stand in a frame of the account's own host."""
    if isinstance(bench.provider, ShowsPages):
        setattr(request.state, FRAMED_BY, bench.provider.framed_by)


def closed_at(request: Request, site: Site) -> str | None:
    """Where a frame whose session is over is told so; None for a request that is of no frame."""
    account = request.cookies.get(HOME_COOKIE, "")
    framed = request.headers.get("sec-fetch-dest") == "iframe" and account in site.benches
    return f"/embed/{account}/closed" if framed else None
