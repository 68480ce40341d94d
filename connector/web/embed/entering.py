"""From a request out of a CRM to somebody who is signed in, or to nobody."""

from __future__ import annotations

import secrets

from fastapi import HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from connector.errors import Forbidden
from connector.moment import to_ms
from connector.pipeline.bench import Workbench
from connector.provider import Guest, Knock, ShowsPages
from connector.store import accounts
from connector.store.secret import sign_ins
from connector.web import visiting
from connector.web.embed import door
from connector.web.forms import body, parsed
from connector.web.pages.card import shown_card
from connector.web.sessions import Session
from connector.web.site import Site

CODE_LASTS = 60_000
"""Milliseconds between a widget's question and its frame."""
_KEPT = 30 * 86_400_000


async def knock_of(request: Request) -> Knock:
    """The request as values. Raises 413 for more than any CRM sends."""
    fields = parsed(await body(request))
    return Knock(dict(request.query_params), fields, dict(request.headers))


def bench_of(site: Site, account: str) -> tuple[Workbench, ShowsPages]:
    """The account, where its CRM shows pages of ours. Raises 404."""
    bench = site.benches.get(account)
    if bench is None or not isinstance(bench.provider, ShowsPages):
        raise HTTPException(404)
    return bench, bench.provider


def admitted(site: Site, bench: Workbench, provider: ShowsPages, knock: Knock) -> Guest:
    """Who it is, as the CRM vouches; what may come only once is noted as come. Raises Forbidden."""
    guest = provider.admit(knock, known(bench))
    if guest.once is not None and guest.until is not None:
        now, token = site.now(), f"{bench.account}\n{guest.once}"
        with bench.store.write() as conn:
            sign_ins.forget(conn, before=now - _KEPT)
            if not sign_ins.take(conn, bench.account, guest.user, token, now=now, expires=to_ms(guest.until)):
                raise Forbidden("this token came before", where=bench.settings.name, done="nobody was let in")
    return guest


def known(bench: Workbench) -> str | None:
    """The account's id, as the CRM told it when it was first read."""
    with bench.store.read() as conn:
        return accounts.get(conn, bench.account).remote_id


def code_for(site: Site, bench: Workbench, user: str) -> str:
    """Good once and for a minute: a widget hands it to its frame."""
    code, now = secrets.token_urlsafe(32), site.now()
    with bench.store.write() as conn:
        sign_ins.create(conn, bench.account, user, code, now=now, expires=now + CODE_LASTS)
    return code


def session_by(site: Site, bench: Workbench, code: str) -> Session | None:
    """Whom a code of this account lets in; None where it is used, too old or another's."""
    now = site.now()
    with bench.store.write() as conn:
        row = sign_ins.use(conn, code, now=now)
    if row is None or row.account != bench.account:
        return None
    begun = Session(
        account=bench.settings.name, user=row.user_id, sign_in=row.id or 0, since=now, until=now, door=door.DOOR
    )
    return begun.renewed(now)


def welcome(request: Request, site: Site, session: Session, place: str) -> Response:
    """What he came to look at. A card needs no cookie; whole pages are many, so the browser has to keep one.

    Raises NotSignedIn for somebody of whom nothing is known, or who was dismissed.
    """
    door.enter(request, session)
    visit = visiting.visit(request)
    if place.startswith(("deal:", "lead:")):
        answer: Response = shown_card(visit, place)
    else:
        answer = RedirectResponse(f"/embed/{session.account}/start?place={place}", 303)
    door.keep(site, answer, session)
    return answer


def path_of(place: str) -> str:
    """The page behind a place: a KPI card's person and month, else where his day begins."""
    user, _, month = place.removeprefix("card:").partition("/")
    good = place.startswith("card:") and user.isalnum() and month.replace("-", "").isdigit()
    return f"/people/{user}?period={month}" if good else "/"
