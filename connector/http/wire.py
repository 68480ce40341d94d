"""One request on the wire: a deadline that no drip outlives, and whether a byte of it left us.

requests bounds each read, not the whole: a byte a second keeps an answer alive for ever (`timeout=1` lasted 11.9 s).
Here every read of head or body gets only what is left of the deadline. And because the connection notes the first
byte it sends, "it never left" is knowledge, not a guess from the text of an exception.
"""

from __future__ import annotations

import http.client
import io
import socket
import threading
import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import requests.adapters
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class _Wire(threading.local):
    until: float = float("inf")
    left: bool | None = None


_wire = _Wire()


def begin(until: float) -> None:
    """This thread's next request must be over at `until` (monotonic seconds)."""
    _wire.until, _wire.left = until, None


def left_us() -> bool | None:
    """Whether a byte of this thread's request was handed to the network; None where another transport carried it."""
    return _wire.left


def remaining() -> float:
    """Seconds that this thread's request may still take. Raises TimeoutError where there are none."""
    left = _wire.until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the answer took longer than its deadline")
    return left


class _Bounded(io.RawIOBase):
    """A socket's raw stream that lets each read wait no longer than the request may still take."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw, self._sock, self._each = raw, sock, sock.gettimeout()
        self._may = self._each

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        left = remaining()
        may = self._each if left == float("inf") else left if self._each is None else min(left, self._each)
        if may != self._may:  # as seldom as can be: each time is a system call, at which other threads take over
            self._sock.settimeout(may)
            self._may = may
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Lines(io.BufferedReader):
    """While the head is read, the end of the stream is an error.

    http.client takes it for the end of the head, and an answer cut there would pass for one without a body.
    """

    in_head = False

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if not line and self.in_head:
            raise http.client.RemoteDisconnected("the connection ended before the head of the answer did")
        return line


class Response(http.client.HTTPResponse):
    """An answer of which every read, of head or body, gets what is left of the deadline."""

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = self._lines = _Lines(_Bounded(self.fp.detach(), sock))

    def begin(self) -> None:
        self._lines.in_head = True
        super().begin()
        self._lines.in_head = False


class _Connection(HTTPConnection):
    response_class = Response

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        _wire.left = True
        super().send(data)


class _SecureConnection(HTTPSConnection):
    response_class = Response

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        _wire.left = True
        super().send(data)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection

    def urlopen(self, *args: Any, **options: Any) -> Any:
        _wire.left = False
        return super().urlopen(*args, **options)


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection

    def urlopen(self, *args: Any, **options: Any) -> Any:
        _wire.left = False
        return super().urlopen(*args, **options)


class _Adapter(requests.adapters.HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


def new_session() -> requests.Session:
    """A session of one thread: no proxies, .netrc or cookies by surprise, no hidden repeats."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(max_retries=0))
    return session
