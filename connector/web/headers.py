"""What every answer says to the browser: no foreign code, no frames but the account's own, nothing kept by others."""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRAMED_BY = "framed_by"
"""In a request's state: the only origin that may show this page in a frame; set by whoever has verified the account."""
NONCE = "nonce"
"""In a request's state: of the scripts of a CRM's own that this page needs."""
_ORIGIN = re.compile(r"^(https://[a-z0-9.-]+(:\d{1,5})?|http://(127\.0\.0\.1|localhost)(:\d{1,5})?)$")
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {owner}"
)
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
STATIC = "/static/"


class Headers:
    """Adds them to every answer, of errors too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = policy(state.get(FRAMED_BY), state.get(NONCE))
                _add(headers, state.get(FRAMED_BY), scope["path"], scope["scheme"] == "https")
            await send(message)

        await self._app(scope, receive, told)


def policy(framed_by: str | None, nonce: str | None = None) -> str:
    """The content security policy; `framed_by`: the account's origin, None for nobody. http only of this machine."""
    owner = framed_by if framed_by and _ORIGIN.match(framed_by) else "'none'"
    return _POLICY.format(scripts=f"'self' 'nonce-{nonce}'" if nonce else "'self'", owner=owner)


def _add(headers: MutableHeaders, framed_by: str | None, path: str, https: bool) -> None:
    for name, value in _ALWAYS.items():
        headers[name] = value
    if framed_by is None:
        headers["x-frame-options"] = "DENY"
    if https:
        headers["strict-transport-security"] = "max-age=31536000"
    headers.setdefault("cache-control", "public, max-age=3600" if path.startswith(STATIC) else "no-store")
