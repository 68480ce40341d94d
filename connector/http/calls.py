"""One good answer, or one clear error: sending, judging, and the decision to repeat."""

from __future__ import annotations

import os
import random
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
import requests
import urllib3

from connector import crash
from connector.errors import BadConfig, Broken, KpiError, Limited, TryLater, Uncertain, Unreachable
from connector.http import wire
from connector.http.answer import Answer, server_time
from connector.http.pacer import Pacer
from connector.redact import redact

Kind = Literal["read", "write", "token"]
Judge = Callable[[Answer], "KpiError | None"]
Headers = Mapping[str, str] | Callable[[], Mapping[str, str]] | None
MAX_BODY = 64 * 1024 * 1024
OWN_CERTIFICATE = "REQUESTS_CA_BUNDLE"
"""The variable that names it, as with every program that uses requests; sessions look at no variable by themselves."""
USER_AGENT = "kpi-connector/1 (+https://pypi.org/project/kpi-connector/)"
_ALWAYS = {
    **requests.utils.default_headers(),
    "User-Agent": USER_AGENT,
    "Accept": "application/json",
}
"""What a session of requests would add, without its merging, which takes a tenth of a call."""
_UNSENDABLE = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidHeader,
)


class _TooLarge(Broken):
    """The same answer would be as large the next time."""


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    kind: Kind
    params: Any
    body: Any
    json: bool


@dataclass(slots=True)
class Http:
    """One account's calls. `judge` turns an answer into one of our errors, or None where it is good.

    A Limited of the judge may say `retry_at` in server time (`told_at` plus seconds). Without it every thread of the
    account is held back with growing pauses; with it only this call waits, as the limit may be of one method alone: a
    judge that knows better holds the pacer itself. A write whose answer is Broken raises Uncertain.
    """

    where: str
    pacer: Pacer
    judge: Judge
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    tries: int = 5
    patience: float = 120.0
    """The longest single wait for a limit, seconds; beyond it the error goes up and the account pauses."""
    deadline: float = 90.0
    """Seconds from sending to the last byte."""
    connect_timeout: float = 10.0
    read_timeout: float = 65.0
    max_body: int = MAX_BODY
    verify: bool | str = field(default_factory=lambda: os.environ.get(OWN_CERTIFICATE) or True)
    """A file of certificates to trust instead of the usual ones: a portal of one's own may have one of its own."""
    sent: int = 0
    offset: float = 0.0
    """Server minus local clock, from the last Date header."""
    _local: threading.local = field(default_factory=threading.local)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sessions: weakref.WeakSet[requests.Session] = field(default_factory=weakref.WeakSet)

    def call(
        self,
        method: str,
        url: str,
        *,
        kind: Kind = "read",
        params: Mapping[str, Any] | list[tuple[str, Any]] | None = None,
        json: Any = None,
        data: Any = None,
        headers: Headers = None,
    ) -> Answer:
        """One good answer, or one clear error. Callable `headers` are made anew for each try (tokens change)."""
        body = msgspec.json.encode(json) if json is not None else data
        request = _Request(method, url, kind, params, body, json is not None)
        for attempt in range(1, self.tries + 1):
            try:
                return self._once(request, headers() if callable(headers) else headers)
            except TryLater as error:
                if attempt == self.tries or not self._repeatable(kind, error):
                    if attempt > 1:
                        error.done = error.done or f"asked {attempt} times"
                    raise
                self._pause(error, attempt)
        raise AssertionError("unreachable: the last try returns or raises")

    def close(self) -> None:
        """Close the connections of every thread."""
        for session in list(self._sessions):
            session.close()

    def _repeatable(self, kind: Kind, error: TryLater) -> bool:
        if kind == "token" or isinstance(error, _TooLarge) or self._ahead(error) > self.patience:
            return False
        # a limited call was refused before it ran, an unreachable write never left: both are safe to repeat
        return kind == "read" or isinstance(error, Limited | Unreachable)

    def _ahead(self, error: TryLater) -> float:
        """Seconds until `retry_at` by the server's clock, 0 where it is not said."""
        if error.retry_at is None:
            return 0.0
        return (error.retry_at - self.clock()).total_seconds() - self.offset

    def _pause(self, error: TryLater, attempt: int) -> None:
        growing = min(30.0, 0.5 * 2.0**attempt) * (0.75 + 0.5 * random.random())
        ahead = self._ahead(error)
        if isinstance(error, Limited) and error.retry_at is None:
            self.pacer.hold(growing)
        self.sleep(min(ahead if ahead > 0 else growing, self.patience))

    def _once(self, request: _Request, headers: Mapping[str, str] | None) -> Answer:
        self.pacer.wait()
        with self._lock:
            self.sent += 1
        crash.step()  # not sent
        answer = self._exchange(request, headers or {})
        crash.step()  # done over there, not known here
        try:
            problem = self.judge(answer)
        except Broken as error:  # the judge could not read it
            problem = error
        if isinstance(problem, Broken) and request.kind != "read":
            problem = Uncertain(f"sent, but the answer proves nothing ({problem.what})", where=answer.where)
        if problem is not None:
            raise problem
        return answer

    def _exchange(self, request: _Request, headers: Mapping[str, str]) -> Answer:
        where = f"{self.where} {request.method} {redact(request.url)}"
        sent = {**_ALWAYS, **headers}
        if request.json:
            sent["Content-Type"] = "application/json"
        wire.begin(time.monotonic() + self.deadline)
        try:
            response = self._session().send(
                requests.Request(
                    request.method, request.url, params=request.params, data=request.body, headers=sent
                ).prepare(),
                timeout=(self.connect_timeout, min(self.read_timeout, self.deadline)),
                stream=True,
                allow_redirects=False,
                verify=self.verify,
            )
            with response:
                content = self._read(response, where)
        except _UNSENDABLE as error:
            raise BadConfig([f"this cannot be sent: {_reason(error)}"], where=where) from None
        except (
            Broken,
            requests.exceptions.RequestException,
            urllib3.exceptions.HTTPError,
            OSError,
            ValueError,  # requests reads Location even where it follows nothing: "https://[::1" has no host
        ) as error:
            raise _lost(request.kind, where, error) from None
        return Answer(response.status_code, response.headers, content, where, self._told_at(response))

    def _read(self, response: requests.Response, where: str) -> bytes:
        """The whole body, decoded; urllib3 itself refuses a body shorter than promised or without its last chunk."""
        parts: list[bytes] = []
        size = 0
        while part := response.raw.read1(1 << 18, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > self.max_body:
                raise _TooLarge(f"the answer is larger than {self.max_body} bytes", where=where)
        return b"".join(parts)

    def _told_at(self, response: requests.Response) -> datetime:
        now = self.clock()
        told = server_time(response.headers)
        if told is None:
            return now + timedelta(seconds=self.offset)
        self.offset = (told - now).total_seconds()
        return told

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = wire.new_session()
            with self._lock:
                self._sessions.add(session)
        return session


def _lost(kind: Kind, where: str, error: Exception) -> KpiError:
    """No whole answer. A write that may have left us is Uncertain: look before repeating it."""
    if kind != "read" and not _never_left(error):
        return Uncertain(f"sent, but the answer was lost ({_reason(error)})", where=where)
    if isinstance(error, Broken):
        return error
    if isinstance(error, urllib3.exceptions.DecodeError):
        return Broken(f"the answer is damaged ({_reason(error)})", where=where)
    for cause, what, todo in _UNREACHED:
        if _under(error, cause):
            return Unreachable(what, where=where, todo=todo)
    return Unreachable(f"no whole answer ({_reason(error)})", where=where)


_UNREACHED = (
    (
        ConnectionRefusedError,
        "the host refuses connections: nothing listens at this address, or a firewall is between",
        "look whether the address and port are right and the CRM opens in a browser from this machine",
    ),
    (
        socket.gaierror,
        "the host's name is not known: a slip in the address, or this machine reaches no name server",
        "look at base_url in config.toml, and whether the CRM opens in a browser from this machine",
    ),
    (
        ssl.SSLCertVerificationError,
        "the host's certificate is not one that this machine trusts",
        "look whether the address is right; a certificate of your own goes into the variable REQUESTS_CA_BUNDLE",
    ),
)
"""What lies under a failure, and what it means."""


def _under(error: BaseException | None, sought: type[BaseException]) -> bool:
    """Whether it lies under the error, as deep as it may be wrapped."""
    while error is not None and not isinstance(error, sought):
        inner = getattr(error.args[0], "reason", None) if error.args else None
        error = inner if isinstance(inner, BaseException) else error.__cause__ or error.__context__
    return error is not None


def _reason(error: Exception) -> str:
    """The innermost cause in a few words: requests wraps urllib3's story of its own retries around it."""
    inner = getattr(error.args[0], "reason", None) if error.args else None
    cause = inner if isinstance(inner, Exception) else error
    return redact(f"{type(cause).__name__}: {cause}")[:300]


def _never_left(error: Exception) -> bool:
    """Whether no byte of the request can have left us; where our wire did not carry it, the exception must tell."""
    left = wire.left_us()
    if left is not None:
        return not left
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError)
