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

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from connector.errors import KpiError
from connector.pipeline.bench import Workbench
from connector.redact import redact
from connector.store.told import hooks, inbox
from connector.store.told.inbox import Letter

log = logging.getLogger("kpi.web")
PREFIX = "/hooks/"
MAX_BYTES = 1_000_000
"""A legal hook of 3 000 fields, its brackets encoded, is about 350 000 bytes."""
TOGETHER = 200
PATIENCE = 10.0
"""Seconds in which a body must have come whole."""


class Hooks:
    """In front of everything else that is served: a framework's way through its routes costs ten times the storing."""

    def __init__(self, app: ASGIApp, benches: Mapping[str, Workbench]) -> None:
        self._app, self._door = app, Door(benches)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        try:
            status = await self._answer(scope, receive)
        except Exception as surprise:  # the store, asked for an address that is not remembered, is away
            log.error("a hook could not be looked at, the CRM is asked to come again", exc_info=surprise)
            status = 503
        headers = [(b"content-length", b"0"), (b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _answer(self, scope: Scope, receive: Receive) -> int:
        """404 for whoever does not know the address, whether there is such an account or not."""
        account, _, secret = scope["path"].removeprefix(PREFIX).partition("/")
        turn = self._door.remembered(account, secret)
        if turn is None:
            turn = await run_in_threadpool(self._door.looked_up, account, secret)
        if turn is None:
            return 404
        if scope["method"] != "POST":
            return 405
        try:
            body = await asyncio.wait_for(_body(scope, receive), PATIENCE)
        except TimeoutError:
            return 408
        if body is None:
            return 413
        bench = self._door.benches[account]
        return await self._door.box.post(bench, turn, Letter(bench.account, bench.now(), body))


@dataclass(slots=True)
class _Post:
    bench: Workbench
    turn: int
    letter: Letter
    status: asyncio.Future[int]


@dataclass(slots=True)
class Letterbox:
    """One transaction at a time; whatever comes meanwhile goes into the next one together."""

    _waiting: list[_Post] = field(default_factory=list)
    _busy: bool = False
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def post(self, bench: Workbench, turn: int, letter: Letter) -> int:
        """What to answer: 200 once it is on the disk."""
        mine = _Post(bench, turn, letter, asyncio.get_running_loop().create_future())
        self._waiting.append(mine)
        if not self._busy:
            self._busy = True
            task = asyncio.create_task(self._deliver())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await mine.status

    async def _deliver(self) -> None:
        try:
            while self._waiting:
                some, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
                answers = await _answers(some)
                for post in some:
                    if not post.status.done():  # its sender may have gone away
                        post.status.set_result(answers.get((post.letter.account, post.turn), 503))
        finally:
            self._busy = False


@dataclass(slots=True)
class Door:
    """Which account an address opens, and in which turn of its secret.

    The secret that was right last is remembered, so that no hook costs a question of its own; whether its turn is still
    the one in force is asked again in the transaction that stores the hook.
    """

    benches: Mapping[str, Workbench]
    box: Letterbox = field(default_factory=Letterbox)
    _right: dict[str, tuple[bytes, int]] = field(default_factory=dict)

    def remembered(self, account: str, secret: str) -> int | None:
        """The turn, without a question to the database."""
        ours, turn = self._right.get(account, (b"", 0))
        return turn if ours and hmac.compare_digest(ours, secret.encode("utf-8", "replace")) else None

    def looked_up(self, account: str, secret: str) -> int | None:
        """The same work for every name, known or not."""
        bench = self.benches.get(account) or next(iter(self.benches.values()), None)
        if bench is None or not bench.key:
            return None
        with bench.store.read() as conn:
            turn = hooks.standing(conn, bench.account).turn
        ours = hooks.secret(bench.key, bench.settings.name, turn).encode()
        if not hmac.compare_digest(ours, secret.encode("utf-8", "replace")) or account not in self.benches:
            return None
        self._right[account] = (ours, turn)
        return turn


async def _answers(some: list[_Post]) -> dict[tuple[int, int], int]:
    """Whatever goes wrong, their senders are told that they shall come again, and the next ones are stored."""
    try:
        return await run_in_threadpool(_stored, some)
    except Exception as surprise:
        log.error("hooks could not be stored, the CRM is asked to come again: unexpected", exc_info=surprise)
        return {}


def _stored(some: list[_Post]) -> dict[tuple[int, int], int]:
    """What to answer, by account and turn: they share one store, one key and one transaction."""
    bench = some[0].bench
    answers: dict[tuple[int, int], int] = {}
    try:
        with bench.store.write() as conn:
            for account, turn in {(one.letter.account, one.turn) for one in some}:
                current = hooks.standing(conn, account).turn == turn
                free = current and inbox.count(conn, account) < inbox.MOST
                answers[account, turn] = 200 if free else 503 if current else 404
            welcome = [one.letter for one in some if answers[one.letter.account, one.turn] == 200]
            inbox.keep(conn, bench.key, welcome)
    except KpiError as error:
        log.error("hooks could not be stored, the CRM is asked to come again: %s", redact(str(error)))
        return {}
    if 503 in answers.values():
        log.error("the inbox of hooks is full, the CRM is asked to come again")
    return answers


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """What came, None where it is too much; a length that lies is found out while reading."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    if not length.isdigit() or int(length) > MAX_BYTES:
        return None
    whole, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] != "http.request":  # the sender went away in the middle
            return None
        whole += message.get("body", b"")
        more = message.get("more_body", False)
        if len(whole) > MAX_BYTES:
            return None
    return bytes(whole)
