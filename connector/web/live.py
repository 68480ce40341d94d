"""Server-sent events: whoever looks at a page is told when the numbers behind it have changed. Asks no CRM."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from connector.pipeline.bench import Workbench
from connector.pipeline.showing import beat
from connector.web.site import Site
from connector.web.visiting import Visiting

LOOK = 2.0
"""Seconds between two looks at an account's counter, however many watch it."""
LONGEST = 600
"""Seconds after which a stream ends; browsers come back by themselves, and their rights are read anew."""
_ALIVE = 15
"""Looks without news after which a comment keeps proxies from closing the stream."""


@dataclass(slots=True)
class Pulses:
    """The last counter seen of each account, looked up at most once every LOOK seconds."""

    look: float = LOOK
    counter: Callable[[Workbench], str] = beat
    ready: Callable[[Workbench], object] | None = None
    """What is done before anybody is told: then everybody finds the new page measured."""
    _seen: dict[str, tuple[float, str]] = field(default_factory=dict)

    async def of(self, bench: Workbench) -> str:
        """The account's counter, as of a moment ago."""
        clock, name = asyncio.get_running_loop().time(), bench.settings.name
        at, told = self._seen.get(name, (-self.look, ""))
        if clock - at >= self.look or not told:
            self._seen[name] = (clock, told)  # others wait for this look, not for one of their own
            now = await run_in_threadpool(self.counter, bench)
            if told and now != told and self.ready is not None:
                await run_in_threadpool(self.ready, bench)
            told = now
            self._seen[name] = (clock, told)
        return told


def room(site: Site, pulses: Pulses) -> APIRouter:
    """The stream of the account in which one is signed in."""
    router = APIRouter()

    @router.get("/live")
    async def live(visit: Visiting, request: Request) -> StreamingResponse:
        stream = _news(site, visit.bench, pulses, request)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    return router


async def _news(site: Site, bench: Workbench, pulses: Pulses, request: Request) -> AsyncIterator[str]:
    known = await pulses.of(bench)
    yield "retry: 3000\n\n"
    for turn in range(1, int(LONGEST / pulses.look)):
        if site.stopping.is_set() or await request.is_disconnected():
            return
        await asyncio.sleep(pulses.look)
        now = await pulses.of(bench)
        if now != known:
            known = now
            yield "event: numbers\ndata: changed\n\n"
        elif turn % _ALIVE == 0:
            yield ": still here\n\n"
