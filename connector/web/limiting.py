"""Whoever guesses at sign-in codes or tokens is slowed down: so many failures from one address, then 429 for a while.

Codes and tokens are 256 random bits, so this is no lock but a bolt in front of one. What is posted to a CRM's door is
proven by asking the CRM: there it keeps a flood of forged openings from becoming a flood of our own calls. Such an
address may be a whole office's, so it is counted by itself and shuts nobody out of the pages. Addresses of hooks are
left alone: a CRM that still knows an old one must not shut itself out from the new one.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SIGN_IN, API, EMBED = "/in", "/api/", "/embed/"
FAILED: dict[str, frozenset[int]] = {SIGN_IN: frozenset({400, 403}), API: frozenset({401}), EMBED: frozenset()}
"""By door, what an unknown code or token is answered with; wrong rows of a known caller are no guess."""
FORGED = "forged"
"""In a request's state: the CRM did not vouch for it. Somebody whom it vouches for and we do not know is no forger."""
MOST = 20
WITHIN = 900.0
"""Failures of one address within so many seconds."""
REMEMBERED = 10_000
"""Addresses; the one that failed longest ago is forgotten first."""


@dataclass(slots=True)
class Failures:
    """When each address failed lately, by a clock that never goes back."""

    monotonic: Callable[[], float] = time.monotonic
    most: int = MOST
    within: float = WITHIN
    _of: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def wait(self, address: str) -> float:
        """Seconds until it may try again; 0 now."""
        told = self._of.get(address)
        if told is None or len(told) < self.most:
            return 0.0
        return max(0.0, told[0] + self.within - self.monotonic())

    def add(self, address: str) -> None:
        """One more."""
        self._of.setdefault(address, deque(maxlen=self.most)).append(self.monotonic())
        self._of.move_to_end(address)
        while len(self._of) > REMEMBERED:
            self._of.popitem(last=False)


class Limiting:
    """Counts failures at the guarded doors and answers 429 in their place."""

    def __init__(self, app: ASGIApp, failures: Failures | None = None) -> None:
        self._app, self._failures = app, failures or Failures()
        self._asked: Counter[str] = Counter()
        """Openings that are being proven, by address: those of one moment fail too late to be counted."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = _door(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if door is None:
            await self._app(scope, receive, send)
            return
        address = (scope.get("client") or ("",))[0]
        address = f"{EMBED} {address}" if door == EMBED else address
        wait = self._failures.wait(address)
        if wait > 0 or self._asked[address] >= MOST:
            told = PlainTextResponse("too many failures, try later", 429, {"Retry-After": str(int(wait) + 1)})
            await told(scope, receive, send)
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start" and (
                message["status"] in FAILED[door] or scope.get("state", {}).get(FORGED)
            ):
                self._failures.add(address)
            await send(message)

        self._asked[address] += door == EMBED
        try:
            await self._app(scope, receive, counted)
        finally:
            self._asked[address] -= door == EMBED
            self._asked += Counter()  # forgets those of whom none is left


def _door(method: str, path: str) -> str | None:
    if path.startswith(API):
        return API
    if method != "POST":
        return None
    return EMBED if path.startswith(EMBED) else SIGN_IN if path == SIGN_IN else None
