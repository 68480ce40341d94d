"""Recordings fetched safely: https only, hosts of the list only, no private address, no surprise behind a redirect.

The name is resolved once, every address is checked, and the connection goes to that very address with the name in SNI
and Host, so that a second answer of the name server changes nothing. Redirects are followed by hand, each checked anew.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from ssl import SSLContext, create_default_context
from tempfile import TemporaryDirectory
from urllib.parse import SplitResult, urljoin, urlsplit

from connector.errors import Forbidden, KpiError, NotThere, Unfit, Unreachable
from connector.http import wire

Resolve = Callable[[str, int], Sequence[str]]
MOST_REDIRECTS = 3
PART = 1 << 16
_PROTOCOL = ipaddress.IPv4Network("192.0.0.0/24")
"""Of protocols between a machine and its provider (RFC 6890): Python calls a few of them global."""
_SUFFIXES = (".mp3", ".wav", ".ogg", ".m4a", ".opus", ".flac", ".webm", ".aac")


@dataclass(frozen=True, slots=True)
class Bounds:
    """From where, how much, for how long. `hosts` as in the configuration: a name, or `*.example.ru`."""

    hosts: tuple[str, ...]
    most_bytes: int
    seconds: float


def resolved(host: str, port: int) -> list[str]:
    """Every address of a name. Raises Unreachable."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable(f"{host} has no address ({error})", where="recording") from None
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def allowed(host: str, hosts: Sequence[str]) -> bool:
    """Whether the list names the host, or a parent of it with a star."""
    name = host.lower().rstrip(".")
    return any(name == one or (one.startswith("*.") and name.endswith(one[1:])) for one in hosts)


def public(address: str) -> bool:
    """Whether an address is one of the open internet, also where IPv6 wraps an IPv4 one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return public(str(inner))
    if isinstance(found, ipaddress.IPv6Address):
        return found.is_global and not (found.is_multicast or found.is_reserved or found.is_site_local)
    return found.is_global and not (found.is_multicast or found.is_reserved or found in _PROTOCOL)


@contextmanager
def fetched(
    url: str,
    bounds: Bounds,
    *,
    resolve: Resolve = resolved,
    context: SSLContext | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> Iterator[Path]:
    """The recording in a file that is gone afterwards. Raises one of our errors; addresses are not repeated in them."""
    until = monotonic() + bounds.seconds
    _checked(url, bounds)
    with TemporaryDirectory(prefix="kpi-rec-") as folder:
        where = Path(folder) / f"recording{_suffix(url)}"
        for _ in range(MOST_REDIRECTS + 1):
            following = _fetch(url, where, bounds, resolve, context, (until, monotonic))
            if following is None:
                yield where
                return
            url = urljoin(url, following)
        raise Forbidden(f"more than {MOST_REDIRECTS} redirects", where="recording")


Clock = tuple[float, Callable[[], float]]


def _fetch(
    url: str, where: Path, bounds: Bounds, resolve: Resolve, context: SSLContext | None, clock: Clock
) -> str | None:
    """Into the file, or where it was moved to."""
    parts, host, port = _checked(url, bounds)
    address = _address(host, port, resolve)
    try:
        with _opened(parts, host, port, address, context, clock) as answer:
            if answer.status in (301, 302, 303, 307, 308):
                return answer.getheader("Location") or ""
            _good(answer, host, bounds)
            _save(answer, where, host, bounds, clock)
    except (OSError, HTTPException) as error:
        raise Unreachable(f"{host}: no whole recording ({type(error).__name__})", where="recording") from None
    return None


def _checked(url: str, bounds: Bounds) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        raise Unfit("an address that is none", where="recording") from None
    if parts.scheme != "https" or parts.username or parts.password or not host:
        raise Forbidden("only https addresses without a user in them are fetched", where="recording")
    if not allowed(host, bounds.hosts):
        raise Forbidden(f"{host} is not among account.quality.speech.hosts", where="recording")
    return parts, host, port


def _address(host: str, port: int, resolve: Resolve) -> str:
    """One that may be connected to. One private address among several is reason enough not to."""
    found = resolve(host, port)
    if not found or not all(public(one) for one in found):
        raise Forbidden(f"{host} has an address that is not public", where="recording")
    return found[0]


@contextmanager
def _opened(
    parts: SplitResult, host: str, port: int, address: str, context: SSLContext | None, clock: Clock
) -> Iterator[HTTPResponse]:
    trusted = context or create_default_context()
    left = _left(clock, host)
    connection = _Pinned(host, port, address, trusted, left)
    wire.begin(time.monotonic() + left)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"User-Agent": "kpi-connector/1", "Accept": "audio/*, */*;q=0.1"})
        yield connection.getresponse()
    finally:
        connection.close()


class _Pinned(HTTPSConnection):
    """To this address, under that name; neither a handshake nor a head that drips outlives the deadline."""

    response_class = wire.Response

    def __init__(self, host: str, port: int, address: str, context: SSLContext, timeout: float) -> None:
        super().__init__(host, port, context=context, timeout=timeout)
        self._address, self._tls = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        plain.settimeout(wire.remaining())
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


def _good(answer: HTTPResponse, host: str, bounds: Bounds) -> None:
    if answer.status in (404, 410):
        raise NotThere(f"{host}: the recording is not there (any more)", where="recording")
    if answer.status != 200:
        kind: type[KpiError] = Forbidden if answer.status in (401, 403) else Unreachable
        raise kind(f"{host} answered {answer.status}", where="recording")
    length = answer.getheader("Content-Length") or ""
    if length.isdecimal() and int(length) > bounds.most_bytes:
        raise Unfit(f"{host}: {int(length)} bytes, more than is allowed", where="recording")
    sort = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    if sort.startswith("text/") or sort in ("application/json", "application/xhtml+xml"):
        raise Unfit(f"{host}: {sort}, which is no sound", where="recording")


def _save(answer: HTTPResponse, where: Path, host: str, bounds: Bounds, clock: Clock) -> None:
    size = 0
    with where.open("wb") as file:
        while part := answer.read1(PART):
            size += len(part)
            if size > bounds.most_bytes:
                raise Unfit(f"{host}: more bytes than are allowed", where="recording")
            _left(clock, host)
            file.write(part)
    if answer.length:
        raise Unreachable(f"{host}: the recording ended early", where="recording")


def _left(clock: Clock, host: str) -> float:
    until, monotonic = clock
    left = until - monotonic()
    if left <= 0:
        raise Unreachable(f"{host}: the recording took longer than is allowed", where="recording")
    return left


def _suffix(url: str) -> str:
    path = urlsplit(url).path.lower()
    return next((one for one in _SUFFIXES if path.endswith(one)), "")
