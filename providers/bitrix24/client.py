"""Calls of one portal: pace, proof of who we are, the vendor's limits, a renamed portal, batches. All I/O is here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import msgspec

from connector.errors import Broken, KpiError, Limited, NeedsPerson, Reauthorise
from connector.http import Answer, Http, Judge, Kind
from connector.redact import redact
from providers.bitrix24.address import followable
from providers.bitrix24.auth import Application, Grant, confirm_member
from providers.bitrix24.batch import MOST, Command, Reply, account_for, moment_of
from providers.bitrix24.limits import Limits
from providers.bitrix24.verdict import Expired, Moved, judge_answer

_exact = msgspec.json.Decoder(float_hook=Decimal)
"""Amounts keep every digit the portal wrote."""
_TRIES = 4
"""How often a batch for reading is sent while commands of it are refused for a limit."""


def judge_with(limits: Limits) -> Judge:
    """For `Http`: what an answer of the portal means; a method over its limit is remembered as closed."""

    def judge(answer: Answer) -> KpiError | None:
        method = answer.where.rsplit("/", 1)[-1]
        closed = partial(limits.close, method, told_at=answer.told_at)
        return judge_answer(answer.status, answer.headers, answer.body, where=answer.where, closed=closed)

    return judge


@dataclass(slots=True)
class Client:
    """One portal. `base` changes where the portal was renamed; `closed` holds methods over their operating limit."""

    http: Http
    grant: Grant
    base: str
    sleep: Callable[[float], None]
    noticed: Callable[[str], None] = lambda text: None
    """Told what a person should know."""
    limits: Limits = field(default_factory=Limits)
    told_at: datetime | None = None
    """The server's time of the last answer, with the portal's own offset."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        """The server's clock as far as known: never the local one where an answer has come."""
        now = self.http.clock() + timedelta(seconds=self.http.offset)
        return now.astimezone(self.told_at.tzinfo) if self.told_at else now.astimezone(UTC)

    def call(self, method: str, parameters: Mapping[str, Any] | None = None, *, kind: Kind = "read") -> Reply:
        """One method. Raises one of our errors; a write whose answer proves nothing raises Uncertain."""
        self._wait_for({method})
        payload, answer = self._send(method, parameters or {}, kind)
        told_at = self._told(payload.get("time"), answer)
        self.limits.learn(method, payload.get("time"), told_at)
        total = payload.get("total")
        return Reply(payload["result"], told_at, total if isinstance(total, int) else None)

    def read(self, commands: Mapping[str, Command]) -> dict[str, Reply | KpiError]:
        """A batch of reads, at most 50: an answer or a refusal for each.

        Nothing is half-used: if a command was refused for a limit or not run at all, the batch is sent again as soon
        as the limit allows, and raises Limited or Broken where it does not.
        """
        self._wait_for({"batch", *(command.method for command in commands.values())})
        for attempt in range(1, _TRIES + 1):
            outcomes = self._batch(commands, "read")
            troubles = [error for error in outcomes.values() if isinstance(error, Limited | Broken)]
            if not troubles:
                return outcomes
            trouble = max(troubles, key=lambda error: (error.retry_at is not None, error.retry_at or self.now()))
            pause = self._pause(trouble, attempt)
            if attempt == _TRIES or pause > self.http.patience:
                raise trouble
            self.sleep(pause)
        raise AssertionError("unreachable: the last try returns or raises")

    def write(self, commands: Mapping[str, Command]) -> dict[str, Reply | KpiError]:
        """A batch of writes, at most 50: each judged alone, none repeated. Raises Uncertain if the answer is lost."""
        self._wait_for({"batch", *(command.method for command in commands.values())})
        return self._batch(commands, "write")

    def each(self, commands: Mapping[str, Command]) -> dict[str, Reply]:
        """Like `read`, for commands of which every one must succeed; any number of them, 50 a request."""
        replies: dict[str, Reply] = {}
        names = list(commands)
        for first in range(0, len(names), MOST):
            for name, outcome in self.read({name: commands[name] for name in names[first : first + MOST]}).items():
                if isinstance(outcome, KpiError):
                    raise outcome
                replies[name] = outcome
        return replies

    def _batch(self, commands: Mapping[str, Command], kind: Kind) -> dict[str, Reply | KpiError]:
        body = {"halt": 0, "cmd": {name: command.text() for name, command in commands.items()}}
        payload, answer = self._send("batch", body, kind)
        told_at = self._told(payload.get("time"), answer)
        self.limits.learn("batch", payload.get("time"), told_at)
        return account_for(commands, payload["result"], told_at=told_at, where=answer.where, limits=self.limits)

    def _send(self, method: str, parameters: Mapping[str, Any], kind: Kind) -> tuple[dict[str, Any], Answer]:
        """One request; an expired token is renewed and a renamed portal followed, each once."""
        renewed = followed = False
        while True:
            url, proof = self.grant.address(self.base, method), self.grant.proof()
            try:
                answer = self.http.call("POST", url, kind=kind, json={**parameters, **proof})
                return _exact.decode(answer.body.removeprefix(b"\xef\xbb\xbf")), answer
            except Reauthorise as error:
                if renewed or not self.grant.renew(proof, expired=isinstance(error, Expired)):
                    raise
                renewed = True
            except Moved as moved:
                if followed:
                    raise
                self._follow(moved)
                followed = True

    def _follow(self, moved: Moved) -> None:
        """Take the new address if it can only be the same portal. Raises NeedsPerson; nothing was sent there yet."""
        base = followable(self.base, moved.location)
        if base is None:
            raise NeedsPerson(
                f"the portal sends us to {redact(moved.location)[:200]!r}, which is not the same portal for certain",
                where=moved.where,
                done="nothing was sent there",
                todo="if the portal was renamed, change base_url",
            )
        host = urlsplit(base).netloc
        if isinstance(self.grant, Application):
            confirm_member(self.grant, host)
        with self._lock:
            self.base = base
        self.noticed(f"the portal now answers at {host}: change base_url")

    def _wait_for(self, methods: set[str]) -> None:
        """Sleep until the methods are open again. Raises Limited, without a request, where that takes too long."""
        until = self.limits.opens(methods, self.now())
        if until is None:
            return
        pause = (until - self.now()).total_seconds()
        if pause > self.http.patience:
            raise Limited("this method has used up its working time", where=self.http.where, retry_at=until)
        self.sleep(max(0.0, pause))

    def _pause(self, error: KpiError, attempt: int) -> float:
        if error.retry_at is not None:
            return max(0.0, (error.retry_at - self.now()).total_seconds())
        pause = 0.5 * 2.0**attempt
        if isinstance(error, Limited):
            self.http.pacer.hold(pause)
        return pause

    def _told(self, time: Any, answer: Answer) -> datetime:
        told = moment_of(time.get("date_start")) if isinstance(time, dict) else None
        self.told_at = told or (answer.told_at.astimezone(self.told_at.tzinfo) if self.told_at else answer.told_at)
        return self.told_at
