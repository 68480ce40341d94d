"""From a request to an answer: who asks, what for, is it allowed, run it, tell the time it took."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec

from providers.bitrix24.sandbox import faults as wrong
from providers.bitrix24.sandbox.answers import RestError, Result
from providers.bitrix24.sandbox.batch import run_batch
from providers.bitrix24.sandbox.columns import iso
from providers.bitrix24.sandbox.desk import Call, Desk
from providers.bitrix24.sandbox.limits import BATCH_WEIGHT, LIGHT, Bucket, Operating
from providers.bitrix24.sandbox.methods import METHODS
from providers.bitrix24.sandbox.oauth import OAuth
from providers.bitrix24.sandbox.php import Params, shape

SECRET = "sandboxsecret1234"  # noqa: S105 (opens nothing but this sandbox)


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and body; JSON unless told otherwise."""

    status: int
    body: bytes
    content_type: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


def json_reply(value: Any, status: int = 200) -> Reply:
    """PHP's arrays included."""
    return Reply(status, msgspec.json.encode(shape(value)))


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose token it is; `app`: an application's; `tab`: where a batch that is charged as a whole notes its costs."""

    user: int
    app: bool
    tab: list[float] | None = None


@dataclass(slots=True)
class Gate:
    """`lock` is held while a method runs: the world does not move under it. `between` may edit the world before it."""

    desk: Desk
    oauth: OAuth
    faults: wrong.Faults
    monotonic: Callable[[], float]
    secret: str = SECRET
    between: Callable[[], None] = lambda: None
    lock: threading.RLock = field(default_factory=threading.RLock)
    bucket: Bucket = field(init=False)
    operating: Operating = field(init=False)
    revoked: bool = False
    requests: int = 0

    def __post_init__(self) -> None:
        rate, size = (5.0, 250.0) if self.desk.switches.enterprise else (2.0, 50.0)
        self.bucket = Bucket(rate, size, self.monotonic)
        self.operating = Operating(self.desk.switches.operating_limit, self.monotonic)

    def rest(self, path: list[str], params: Params) -> Reply:
        """`/rest/USER/SECRET/METHOD` or `/rest/METHOD` with `auth`."""
        with self.lock:
            self.requests += 1
            try:
                if self.desk.switches.paced:
                    self.bucket.take()
                method, asker = self._who(path, params)
                self.between()
                return self._answer(method, params, asker)
            except RestError as error:
                return json_reply(error.body(), error.status)

    def _who(self, path: list[str], params: Params) -> tuple[str, Asker]:
        """The method, and who asks."""
        if not self.desk.switches.commercial:
            raise RestError("ACCESS_DENIED", "REST API is available only on commercial plans.", 403)
        if len(path) == 3 and path[0].isdigit():
            user = int(path[0])
            known = user in self.desk.portal.people.rows and path[1] == self.secret
            if self.revoked or not known:
                raise RestError("INVALID_CREDENTIALS", "Invalid request credentials", 401)
            return path[2], Asker(user, app=False)
        if len(path) != 1:
            raise RestError("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)
        token = params.text("auth") or params.text("access_token")
        return path[0], Asker(self.oauth.user_of(token), app=True)

    def _answer(self, name: str, params: Params, asker: Asker) -> Reply:
        result, took = self._run(name, params, asker)
        told: dict[str, Any] = {"result": shape(result.value)}
        if result.next is not None:
            told["next"] = result.next
        if result.total is not None:
            told["total"] = result.total
        return Reply(200, msgspec.json.encode({**told, "time": took}))

    def _run(self, name: str, params: Params, asker: Asker) -> tuple[Result, dict[str, Any]]:
        struck = self.faults.command(name)
        wrong.before(struck)
        began = time.perf_counter()
        run = self._batch if name.lower() == "batch" else partial(self._method, name)
        result = run(params, asker)
        key = "batch" if asker.tab is not None else name
        return wrong.after(struck, result), self._time(key, time.perf_counter() - began)

    def _method(self, name: str, params: Params, asker: Asker) -> Result:
        method = METHODS.get(name.lower())
        if method is None:
            raise RestError("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)
        if method.app_only and not asker.app:
            raise RestError(
                "WRONG_AUTH_TYPE", "Current authorization type is denied. Application context required", 403
            )
        if method.scope is not None and method.scope not in self.desk.switches.scopes:
            raise RestError("insufficient_scope", "The request requires higher privileges than provided", 403)
        if self.desk.switches.paced and asker.tab is None:
            self.operating.check(method.name)
        began = time.perf_counter()
        result = method.run(Call(self.desk, method.name, params, asker.user, asker.app))
        cost = self.desk.switches.operating_cost.get(method.name, time.perf_counter() - began)
        if asker.tab is None:
            self.operating.charge(method.name, cost)
        else:
            asker.tab.append(cost)
        return result

    def _batch(self, params: Params, asker: Asker) -> Result:
        """Charged by its commands, or as a whole at half weight and not at all when short."""
        if self.desk.switches.operating_mode == "inner":
            return run_batch(params, lambda method, inner: self._run(method, inner, asker))
        if self.desk.switches.paced:
            self.operating.check("batch")
        tab: list[float] = []
        whole = Asker(asker.user, asker.app, tab)
        result = run_batch(params, lambda method, inner: self._run(method, inner, whole))
        if sum(tab) >= LIGHT:
            self.operating.charge("batch", sum(tab) * BATCH_WEIGHT)
        return result

    def _time(self, name: str, seconds: float) -> dict[str, Any]:
        """The `time` of an answer, on the portal's clock."""
        portal = self.desk.portal
        start = portal.now.timestamp()
        finish = portal.now + timedelta(seconds=seconds)
        told: dict[str, Any] = {
            "start": start,
            "finish": start + seconds,
            "duration": seconds,
            "processing": seconds,
            "date_start": iso(portal.now, portal.zone),
            "date_finish": iso(finish, portal.zone),
        }
        if self.desk.switches.operating_told:
            told["operating_reset_at"] = int(start + self.operating.reset_in(name))
            told["operating"] = self.operating.total(name)
        return told
