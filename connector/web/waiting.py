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
ASKED = "kpi-asked"
"""The header by which an answer that waits tells the moment of the first question (this machine's steady seconds), and
the next question brings it back: what began to be measured after it is new enough, however often numbers change.
"""
_REMEMBERED = 600.0
"""Seconds after which a moment counts no more: a page that slept does not wake with numbers of an hour ago."""
_LONG = 5.0
LIVE = "live"
"""The part of a page that is fetched anew by itself; htmx names it in HX-Target."""
FILES, FRAMES = "/export/", "/embed/"
"""Files are kept, so they wait for the newest numbers; a CRM's frame shows those known last, but cannot ask again."""

ADVICE = "/advice"
"""The part of a person's page that tells what to raise."""


def wants_page(request: Request) -> bool:
    """A person's browser or the live part of its page: not a chart, a stream, a file or a program."""
    if request.url.path.startswith("/api/"):
        return False
    return "text/html" in request.headers.get("accept", "") or request.headers.get("hx-target") == LIVE


def may_wait(request: Request) -> bool:
    """Whether the answer comes only once its numbers are measured: forms act on them, files are kept."""
    return request.method != "GET" or request.url.path.startswith((FILES, FRAMES))


def may_be_late(request: Request) -> bool:
    """Whether numbers known last may stand in, as a page says so. Charts, parts and what is signed on paper cannot,
    but for advice: it rests on whole months, takes minutes to work out in a large account, and says since when.
    """
    path = request.url.path
    return path.startswith(FRAMES) or path.endswith(ADVICE) or (wants_page(request) and path != "/print")


def first_asked(told: str, now: float) -> float:
    """When it was asked for first, as the asker says; `now` where he says nothing that could be."""
    try:
        moment = float(told)
    except ValueError:
        return now
    return moment if now - _REMEMBERED < moment <= now else now


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
        late = may_be_late(self.request)
        asked = max(self.began if late else self.asked, self.since)
        since = self.since if late else None
        try:
            kept = self.cache.soon(bench, part, *args, now=self.beat, within=within, asked=asked, since=since)
        except NotYet:
            if may_wait(self.request):
                return self.cache.of(bench, part, *args)
            raise
        if not kept.serves(self.beat, asked):
            self.late.append(kept.at)
        return kept.value

    @property
    def long(self) -> bool:
        """Whether who asks has waited for so long already that he is to be told how long it may take."""
        return self.began - self.asked > _LONG

    @property
    def asked(self) -> float:
        """When it was asked for first: now, or as an answer that waited told."""
        return first_asked(self.request.headers.get(ASKED, ""), self.began)
