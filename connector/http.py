"""HTTP at a CRM's pace: one call, its deadline, its size cap, its retries by kind of call, nothing secret in errors.

What an answer means is the provider's to say (`judge`); when to repeat is decided here:
a read may be repeated, a write only where the CRM said it did not run it (Limited), a token call never.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import msgspec
import requests
import urllib3

from connector.errors import Broken, KpiError, Limited, TryLater, Uncertain, Unreachable
from connector.redact import redact

Kind = Literal["read", "write", "token"]
Judge = Callable[["Answer"], "KpiError | None"]
MAX_BODY = 64 * 1024 * 1024
USER_AGENT = "kpi-connector/1 (+https://pypi.org/project/kpi-connector/)"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: nothing is handed out before the last byte came."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    where: str
    """Method and redacted address, for errors."""
    told_at: datetime
    """The server's own time (Date header), else ours."""

    def json(self) -> Any:
        """The body as JSON; anything that is not is Broken, naming status and content type instead of a traceback."""
        try:
            return msgspec.json.decode(self.body.removeprefix(b"\xef\xbb\xbf"))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            kind = self.headers.get("Content-Type", "no content type")
            raise Broken(
                f"answered {self.status} with {kind} that is not JSON ({len(self.body)} bytes)",
                where=self.where,
                todo="if it stays, open the CRM in a browser: it may show a maintenance or login page",
            ) from error


class Pacer:
    """Hands out moments to send: at most `rate` a second, with up to `burst` saved up; `share` scales the rate.

    Shared by all threads of an account. One process holds an account's lease, so this is the whole budget.
    """

    def __init__(
        self,
        rate: float,
        burst: float = 1.0,
        *,
        share: Callable[[], float] = lambda: 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.rate, self.burst, self.share = rate, burst, share
        self._monotonic, self._sleep = monotonic, sleep
        self._lock = threading.Lock()
        self._next = float("-inf")
        self._hold = float("-inf")

    def wait(self) -> float:
        """Sleep until this call may go out; returns the seconds waited."""
        with self._lock:
            now = self._monotonic()
            gap = 1.0 / max(self.rate * min(max(self.share(), 0.01), 1.0), 1e-6)
            earliest = now - (self.burst - 1.0) * gap
            slot = max(self._next, earliest, self._hold)
            self._next = slot + gap
        pause = max(0.0, slot - now)
        if pause:
            self._sleep(pause)
        return pause

    def hold(self, seconds: float) -> None:
        """Let nothing out for this long: the CRM said we are too fast."""
        with self._lock:
            self._hold = max(self._hold, self._monotonic() + seconds)


@dataclass(slots=True)
class Http:
    """One account's calls. `judge` turns an answer into one of our errors, or None where it is good."""

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
    verify: bool | str = True
    sent: int = 0
    offset: float = 0.0
    """Server minus local clock, from the last Date header."""
    _local: threading.local = field(default_factory=threading.local)
    _count: threading.Lock = field(default_factory=threading.Lock)

    def call(
        self,
        method: str,
        url: str,
        *,
        kind: Kind = "read",
        params: Mapping[str, Any] | list[tuple[str, Any]] | None = None,
        json: Any = None,
        data: Any = None,
        headers: Mapping[str, str] | Callable[[], Mapping[str, str]] | None = None,
    ) -> Answer:
        """One good answer, or one clear error. Callable `headers` are made anew for each try (tokens change)."""
        for attempt in range(1, self.tries + 1):
            try:
                return self._once(method, url, kind, params, json, data, headers() if callable(headers) else headers)
            except TryLater as error:
                if not self._repeatable(kind, error) or attempt == self.tries:
                    raise
                self._pause(error, attempt)
        raise AssertionError("unreachable: the last try returns or raises")

    def _repeatable(self, kind: Kind, error: TryLater) -> bool:
        if kind == "token":
            return False
        if isinstance(error, Limited):  # refused before it ran: safe for writes too
            return error.retry_at is None or (error.retry_at - self.clock()).total_seconds() <= self.patience
        return kind == "read"

    def _pause(self, error: TryLater, attempt: int) -> None:
        wait = min(30.0, 0.5 * 2.0**attempt) * (0.75 + 0.5 * random.random())
        if error.retry_at is not None:
            wait = max(0.0, (error.retry_at - self.clock()).total_seconds())
        if isinstance(error, Limited) and error.retry_at is None:
            self.pacer.hold(wait)
        self.sleep(min(wait, self.patience))

    def _once(self, method: str, url: str, kind: Kind, params: Any, json: Any, data: Any, headers: Any) -> Answer:
        self.pacer.wait()
        with self._count:
            self.sent += 1
        where = f"{self.where} {method} {redact(url)}"
        answer = self._exchange(method, url, kind, params, json, data, headers, where)
        problem = self.judge(answer)
        if problem is not None:
            raise problem
        return answer

    def _exchange(
        self, method: str, url: str, kind: Kind, params: Any, json: Any, data: Any, headers: Any, where: str
    ) -> Answer:
        until = time.monotonic() + self.deadline
        body = msgspec.json.encode(json) if json is not None else data
        sent = {"User-Agent": USER_AGENT, "Accept": "application/json", **(headers or {})}
        if json is not None:
            sent["Content-Type"] = "application/json"
        try:
            response = self._session().request(
                method,
                url,
                params=params,
                data=body,
                headers=sent,
                timeout=(self.connect_timeout, self.read_timeout),
                stream=True,
                allow_redirects=False,
                verify=self.verify,
            )
            with response:
                content = self._read(response, until, where)
        except requests.exceptions.ConnectTimeout as error:
            raise Unreachable("no connection in time", where=where) from error.__cause__
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise self._lost(kind, where, error) from None
        return Answer(response.status_code, response.headers, content, where, self._server_time(response))

    def _lost(self, kind: Kind, where: str, error: Exception) -> KpiError:
        """No whole answer. A write that may have left us is Uncertain: look before repeating it."""
        reason = redact(f"{type(error).__name__}: {error}")[:300]
        if kind == "read" or _never_sent(error):
            return Unreachable(f"no whole answer ({reason})", where=where)
        return Uncertain(f"sent, but the answer was lost ({reason})", where=where)

    def _read(self, response: requests.Response, until: float, where: str) -> bytes:
        """The whole body, decoded; a body longer than the cap or slower than the deadline is Broken."""
        promised = response.headers.get("Content-Length")
        parts: list[bytes] = []
        size = 0
        while chunk := response.raw.read1(1 << 20, decode_content=True):
            parts.append(chunk)
            size += len(chunk)
            if size > self.max_body:
                raise Broken(f"the answer is larger than {self.max_body} bytes", where=where)
            if time.monotonic() > until:
                raise requests.exceptions.ReadTimeout(f"the answer took longer than {self.deadline:.0f} s")
        if promised and promised.isdigit() and "Content-Encoding" not in response.headers and size < int(promised):
            raise requests.exceptions.ChunkedEncodingError(f"{size} of {promised} bytes came")
        return b"".join(parts)

    def _server_time(self, response: requests.Response) -> datetime:
        now = self.clock()
        try:
            told = parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
        except (KeyError, ValueError, TypeError):
            return now + timedelta(seconds=self.offset)
        self.offset = (told - now).total_seconds()
        return told

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.trust_env = False  # no .netrc, no proxy picked up by surprise
        return session


def _never_sent(error: Exception) -> bool:
    """Whether the connection failed before a byte of the request could leave."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError)
