"""What every page shares: the accounts, the keys, the clock, the doors by which people come in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.requests import Request

from connector.moment import to_ms
from connector.pipeline.bench import Workbench
from connector.web.cache import Cache
from connector.web.sessions import Keys, Session

COOKIE = "kpi_session"
Door = Callable[["Site", Request], Session | None]
"""How a request shows who is asking; None where it does not come in by this one."""


def by_cookie(site: Site, request: Request) -> Session | None:
    """The browser's own sign-in."""
    return site.keys.opened(request.cookies.get(COOKIE, ""), site.now())


@dataclass(slots=True)
class Site:
    """`doors` are tried in turn: what a CRM's frame brings is one more of them."""

    benches: Mapping[str, Workbench]
    keys: Keys
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    doors: list[Door] = field(default_factory=lambda: [by_cookie])
    cache: Cache = field(default_factory=Cache)
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when the server is about to stop: streams end then."""
    _changed: dict[tuple[str, str], float] = field(default_factory=dict)

    def now(self) -> int:
        """This machine's clock in epoch milliseconds: sessions know no other."""
        return to_ms(self.clock())

    def note_change(self, session: Session) -> None:
        """He sent a form: from now on nothing measured before is shown to him."""
        self._changed[session.account, session.user] = time.monotonic()

    def changed_by(self, session: Session) -> float:
        """When he did last, in seconds of this machine's steady clock; 0 for never."""
        return self._changed.get((session.account, session.user), 0.0)


def site_of(request: Request) -> Site:
    """The one this request came to."""
    site: Site = request.app.state.site
    return site


def session_of(request: Request) -> Session | None:
    """Who is asking, by whichever door he came: the only way in for pages, charts and streams."""
    site = site_of(request)
    found = (door(site, request) for door in site.doors)
    return next((one for one in found if one is not None and one.account in site.benches), None)


def opened(benches: Iterable[Workbench], secret: bytes) -> Site:
    """A site over these accounts, by the clock that they share."""
    some = list(benches)
    made = Site({bench.settings.name: bench for bench in some}, Keys(secret))
    if some:
        made.clock = some[0].clock
    return made
