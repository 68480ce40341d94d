"""How long an answer may wait for its numbers, and what may stand in for them meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

from fastapi import Request

from connector.pipeline.bench import Workbench
from connector.web.cache import Cache, NotYet

T = TypeVar("T")
LIVE = "live"
"""The part of a page that is fetched anew by itself; htmx names it in HX-Target."""
FILES, FRAMES = "/export/", "/embed/"
"""Files are kept, so they wait for the newest numbers; a CRM's frame shows those known last, but cannot ask again."""


def wants_page(request: Request) -> bool:
    """A person's browser or the live part of its page: not a chart, a stream, a file or a program."""
    if request.url.path.startswith("/api/"):
        return False
    return "text/html" in request.headers.get("accept", "") or request.headers.get("hx-target") == LIVE


def may_wait(request: Request) -> bool:
    """Whether the answer comes only once its numbers are measured: forms act on them, files are kept."""
    return request.method != "GET" or request.url.path.startswith((FILES, FRAMES))


def may_be_late(request: Request) -> bool:
    """Whether numbers known last may stand in, as a page says so. Charts, parts and what is signed on paper cannot."""
    return request.url.path.startswith(FRAMES) or (wants_page(request) and request.url.path != "/print")


@dataclass(slots=True)
class Wait:
    """Of one request: `since`, the asker's own last change (this machine's steady seconds): nothing older is shown to
    him. `late`: of what stood in, when it was measured (epoch ms).
    """

    cache: Cache
    request: Request
    beat: str
    since: float
    late: list[int] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def of(self, bench: Workbench, part: Callable[..., T], *args: Hashable) -> T:
        """A part of the account's numbers. Raises NotYet."""
        patience, path = self.cache.patience, self.request.url.path
        if patience is None or (may_wait(self.request) and not path.startswith(FRAMES)):
            return self.cache.of(bench, part, *args)
        within = max(0.0, patience - (time.monotonic() - self.began))
        since = self.since if may_be_late(self.request) else None
        try:
            kept = self.cache.soon(bench, part, *args, now=self.beat, within=within, since=since)
        except NotYet:
            if may_wait(self.request):
                return self.cache.of(bench, part, *args)
            raise
        if kept.beat != self.beat:
            self.late.append(kept.at)
        return kept.value
