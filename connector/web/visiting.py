"""One request of somebody signed in: who he is, what he may see, in which account, month and language."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from connector.errors import BadConfig, KpiError
from connector.kpi.text import Language
from connector.moment import Period, from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.showing import Shown, beat, running_month, shown, told_until, who_is_who
from connector.records import User
from connector.said import in_language
from connector.store.crm import records
from connector.store.secret import sign_ins
from connector.web import forms, locale
from connector.web.access import Access, access_of
from connector.web.rendering import render
from connector.web.sessions import Session
from connector.web.site import Site, session_of, site_of
from connector.web.views import frame as framing
from connector.web.waiting import Wait

LANGUAGE_COOKIE = "kpi_language"
VISIT = "visit"
"""In a request's state: the visit, for whoever answers where the page could not."""
T = TypeVar("T")


class NotSignedIn(Exception):
    """Nobody, or somebody whose session is over."""


@dataclass(frozen=True, slots=True)
class Visit:
    """All that a page needs to know of who asks."""

    request: Request
    site: Site
    bench: Workbench
    session: Session
    access: Access
    period: Period
    language: Language
    wait: Wait

    def person(self, id: str) -> str:
        """An id that he may see. Raises 404."""
        return self._seen(id, self.access.person(id))

    def team(self, id: str) -> str:
        """The same for a team."""
        return self._seen(id, self.access.team(id))

    def allow(self, allowed: bool) -> None:
        """What he may not see does not exist for him. Raises 404."""
        self._seen("", allowed)

    def of(self, part: Callable[..., T], *args: Hashable) -> T:
        """A part of the account's numbers, measured once for as long as they stay the same. Not to be changed.

        Raises NotYet where a page would wait too long for it.
        """
        return self.wait.of(self.bench, part, *args)

    @property
    def seen(self) -> Shown:
        """The month that he looks at."""
        return self.of(shown, self.period)

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The page, within what all pages share."""
        url = self.request.url
        address = f"{url.path}?{url.query}" if url.query else url.path
        running, as_of = running_month(self.bench), told_until(self.bench)
        frame = framing.of(self.access, self.period, running, address, as_of, self.language)
        token = forms.token_for(self.site, self.session)
        again = values.pop("again", "2s" if self.late else "")
        shared = {"frame": frame, "token": token, "late": self.late, "again": again}
        return HTMLResponse(
            render(template, self.language, account=self.bench.settings.name, **shared, **values), status
        )

    def told(self, error: KpiError) -> str:
        """What went wrong, in the reader's language."""
        problems = error.problems if isinstance(error, BadConfig) else [str(error)]
        return "; ".join(in_language(one, self.language) for one in problems)

    @property
    def late(self) -> str:
        """Since when the oldest of what stands in for newer numbers is known; empty where nothing does."""
        if not self.wait.late:
            return ""
        return locale.dated(from_ms(min(self.wait.late)).astimezone(self.bench.zone()), self.language)

    def _seen(self, id: str, allowed: bool) -> str:
        if not allowed:
            raise HTTPException(404)
        return id


def visit(request: Request, period: str | None = None) -> Visit:
    """Who asks; raises NotSignedIn. His rights are read anew at every request: who was dismissed sees nothing."""
    site, session = site_of(request), session_of(request)
    if session is None:
        raise NotSignedIn
    bench = site.benches[session.account]
    running = running_month(bench)
    month = month_of(period) if period else running
    teams_of = month if month.start <= running.start else running  # who will be where in a coming month nobody knows
    with bench.store.read() as conn:
        lasts = sign_ins.lasts(conn, session.sign_in)
        known = records.get(conn, bench.account, User, [session.user]).get(session.user)
    now = beat(bench)
    here = lasts and known is not None and known.active
    access = _access(site, bench, session.user, teams_of, now) if here else None
    if access is None:
        raise NotSignedIn
    request.state.renew = session
    wait = Wait(site.cache, request, now, site.changed_by(session))
    made = Visit(request, site, bench, session, access, month, language_of(request, bench), wait)
    setattr(request.state, VISIT, made)
    return made


Visiting = Annotated[Visit, Depends(visit)]


def language_of(request: Request, bench: Workbench | None = None) -> Language:
    """As chosen, else as the account is written to, else as the browser asks."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in ("ru", "en"):
        return "ru" if chosen == "ru" else "en"
    if bench is not None:
        return bench.settings.language
    return "ru" if request.headers.get("accept-language", "ru").lower().startswith("ru") else "en"


class NoMonth(HTTPException):
    """An address with something else where its month should be; it is there, but not so."""

    def __init__(self) -> None:
        super().__init__(404, "period: a month, such as 2026-09")


def month_of(text: str) -> Period:
    """A whole month, as addresses write it: 2026-09. Raises NoMonth for anything else."""
    try:
        period = Period.parse(text)
    except ValueError:
        raise NoMonth from None
    if period.months() != (period.label,):
        raise NoMonth
    return period


def _access(site: Site, bench: Workbench, user: str, period: Period, now: str) -> Access | None:
    users, teams, everyone = site.cache.of(bench, who_is_who, period, now=now)  # rights are never those known last
    return access_of(user, users, teams, everyone.members)
