"""POST /hooks/{account}/{secret}: a hook is on the disk before its sender hears 200, and is looked at later.

Nothing of it is read here: the secret of the address is all that is asked for. What cannot be stored is answered 503,
so that the CRM comes again. Hooks that come together share one transaction: one fsync for all of them.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from connector.errors import KpiError
from connector.pipeline.bench import Workbench
from connector.redact import redact
from connector.store import hooks, inbox
from connector.store.inbox import Letter

log = logging.getLogger("kpi.web")
MAX_BYTES = 1_000_000
"""A legal hook of 3 000 fields, its brackets encoded, is about 350 000 bytes."""
TOGETHER = 200
PATIENCE = 10.0
"""Seconds in which a body must have come whole."""


def room(benches: Mapping[str, Workbench]) -> APIRouter:
    """The endpoint over these accounts, by name."""
    router, door = APIRouter(), Door(benches)

    @router.post("/hooks/{account}/{secret}", include_in_schema=False)
    async def hook(account: str, secret: str, request: Request) -> Response:
        """404 for whoever does not know the address, whether there is such an account or not."""
        bench = await run_in_threadpool(door.opened_by, account, secret)
        if bench is None:
            return Response(status_code=404)
        try:
            body = await asyncio.wait_for(_body(request), PATIENCE)
        except TimeoutError:
            return Response(status_code=408)
        if body is None:
            return Response(status_code=413)
        kept = await door.box.post(bench, Letter(bench.account, bench.now(), body))
        return Response(status_code=200 if kept else 503)

    return router


@dataclass(slots=True)
class _Post:
    bench: Workbench
    letter: Letter
    kept: asyncio.Future[bool]


@dataclass(slots=True)
class Letterbox:
    """One transaction at a time; whatever comes meanwhile goes into the next one together."""

    _waiting: list[_Post] = field(default_factory=list)
    _busy: bool = False
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def post(self, bench: Workbench, letter: Letter) -> bool:
        """Whether it is on the disk."""
        mine = _Post(bench, letter, asyncio.get_running_loop().create_future())
        self._waiting.append(mine)
        if not self._busy:
            self._busy = True
            task = asyncio.create_task(self._deliver())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await mine.kept

    async def _deliver(self) -> None:
        try:
            while self._waiting:
                some, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
                kept = await run_in_threadpool(_stored, some)
                for post in some:
                    if not post.kept.done():  # its sender may have gone away
                        post.kept.set_result(post.letter.account in kept)
        finally:
            self._busy = False


@dataclass(slots=True)
class Door:
    """Which account an address opens. Turns are remembered: they change when a person wants a new address."""

    benches: Mapping[str, Workbench]
    box: Letterbox = field(default_factory=Letterbox)

    def opened_by(self, account: str, secret: str) -> Workbench | None:
        """The same work for every name, known or not."""
        bench = self.benches.get(account) or next(iter(self.benches.values()), None)
        if bench is None or not bench.key:
            return None
        with bench.store.read() as conn:
            ours = hooks.secret(bench.key, bench.settings.name, hooks.standing(conn, bench.account).turn)
        right = hmac.compare_digest(ours.encode(), secret.encode("utf-8", "replace"))
        return bench if right and account in self.benches else None


def _stored(some: list[_Post]) -> set[int]:
    """The accounts whose hooks are on the disk now; accounts share one store and one key."""
    bench = some[0].bench
    accounts = {one.letter.account for one in some}
    try:
        with bench.store.write() as conn:
            room = {account for account in accounts if inbox.count(conn, account) < inbox.MOST}
            inbox.keep(conn, bench.key, [one.letter for one in some if one.letter.account in room])
    except KpiError as error:
        log.error("hooks could not be stored, the CRM is asked to come again: %s", redact(str(error)))
        return set()
    if room < accounts:
        log.error("the inbox of hooks is full, the CRM is asked to come again")
    return room


async def _body(request: Request) -> bytes | None:
    """What came, None where it is too much; a length that lies is found out while reading."""
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > MAX_BYTES:
        return None
    whole = bytearray()
    async for part in request.stream():
        whole += part
        if len(whole) > MAX_BYTES:
            return None
    return bytes(whole)
