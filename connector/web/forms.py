"""Forms that change something: read with a limit, and only where they bring the token that our own page gave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, HTTPException, Request

from connector.web.sessions import Session
from connector.web.site import Site, session_of, site_of

FIELD = "token"
BROWSER_COOKIE = "kpi_browser"
"""Random, of a browser in which nobody is signed in yet: its forms are bound to it."""
LARGEST = 64 * 1024
LONGEST_TEXT = 2000
"""Characters of what somebody writes in his own words."""
_FIELDS = 200
_SAME = ("same-origin", "none")


def token_for(site: Site, session: Session) -> str:
    """For the forms of somebody signed in."""
    return site.keys.form_token(binding(session))


def binding(session: Session) -> str:
    """What a session's forms are bound to: they outlive a renewal of it."""
    return f"{session.account}\n{session.user}\n{session.sign_in}"


async def form(request: Request) -> Mapping[str, str]:
    """Its fields, each the last of its name. Raises 403 for a foreign form, 413 for too much, 415 for another shape."""
    must_be_from_here(request)
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise HTTPException(415)
    fields = parsed(await body(request))
    must_be_ours(request, request.headers.get("x-form-token") or fields.get(FIELD))
    return fields


Fields = Annotated[Mapping[str, str], Depends(form)]


def must_be_from_here(request: Request) -> None:
    """Before anything is read of it. Raises 403 where the browser says that another site's page sends it."""
    if request.headers.get("sec-fetch-site", "same-origin") not in _SAME:
        raise HTTPException(403)


def must_be_ours(request: Request, token: str | None) -> None:
    """Raises 403 for a form that does not bring the token that our own page gave out."""
    if not _ours(request, token):
        raise HTTPException(403)


async def body(request: Request) -> bytes:
    """All that came. Raises 413 for more than any form has."""
    whole = bytearray()
    async for part in request.stream():
        whole += part
        if len(whole) > LARGEST:
            raise HTTPException(413)
    return bytes(whole)


def parsed(raw: bytes) -> dict[str, str]:
    """Raises 413 for more fields than any of our forms has."""
    try:
        found = parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        raise HTTPException(413) from None
    return {name: values[-1] for name, values in found.items()}


def _ours(request: Request, token: str | None) -> bool:
    site, session = site_of(request), session_of(request)
    if session is not None:
        return site.keys.fits(binding(session), token)
    browser = request.cookies.get(BROWSER_COOKIE, "")
    return bool(browser) and site.keys.fits(browser, token)
