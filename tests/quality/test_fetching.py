"""Recordings: nothing but https to public addresses of the list, whatever names and redirects say."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connector.errors import Forbidden, KpiError, NotThere, Unfit, Unreachable
from connector.quality import fetching
from connector.quality.fetching import Bounds, allowed, fetched, public

HOSTS = ("rec.example.ru", "*.pbx.example.ru")
BOUNDS = Bounds(HOSTS, 100_000, 5.0)
SOUND = b"RIFF" + b"\x00\x01" * 20_000


def never(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host} was looked up")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://rec.example.ru/1.mp3", "only https"),
        ("ftp://rec.example.ru/1.mp3", "only https"),
        ("file:///etc/passwd", "only https"),
        ("https://user:pass@rec.example.ru/1.mp3", "only https"),
        ("https://evil.ru/1.mp3", "not among"),
        ("https://rec.example.ru.evil.ru/1.mp3", "not among"),
        ("https://pbx.example.ru/1.mp3", "not among"),
        ("https://evil.ru#rec.example.ru/", "not among"),
        ("https://127.0.0.1/1.mp3", "not among"),
        ("https://[::1]/1.mp3", "not among"),
        ("https://2130706433/1.mp3", "not among"),
        ("https://0x7f.1/1.mp3", "not among"),
        ("https://[::ffff:127.0.0.1]/1.mp3", "not among"),
        ("gopher://rec.example.ru/1", "only https"),
        ("https://rec.example.ru:99999/", "address that is none"),
        ("https://[::1", "address that is none"),
    ],
)
def test_addresses_that_are_not_even_looked_up(url: str, why: str) -> None:
    with pytest.raises(KpiError, match=why), fetched(url, BOUNDS, resolve=never):
        pass


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.5", "172.16.3.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "ff02::1",
        "fec0::1", "192.0.0.8", "192.0.0.10", "::10.0.0.5", "64:ff9b::10.0.0.5", "::ffff:0:10.0.0.5", "198.18.0.1",
    ],
)  # fmt: skip
def test_private_addresses(address: str) -> None:
    assert not public(address)
    with pytest.raises(Forbidden, match="not public"), fetched(
        "https://rec.example.ru/1.mp3", BOUNDS, resolve=lambda *_: ["93.184.216.34", address]
    ):  # fmt: skip
        pass


def test_public_addresses_and_names() -> None:
    assert all(public(one) for one in ("93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"))
    assert allowed("REC.example.ru.", HOSTS)
    assert allowed("a.b.pbx.example.ru", HOSTS)
    assert not allowed("xpbx.example.ru", HOSTS)


class Records(BaseHTTPRequestHandler):
    seen: list[str] = []

    def do_GET(self) -> None:
        self.seen.append(f"{self.headers['Host']} {self.path}")
        what = self.path.partition("?")[0]
        if what == "/moved.mp3":
            return self.told(302, b"", Location="https://a.pbx.example.ru/good.mp3?sign=1")
        if what == "/inside.mp3":
            return self.told(302, b"", Location="https://169.254.169.254/latest")
        if what == "/round.mp3":
            return self.told(302, b"", Location="/round.mp3")
        if what == "/page.mp3":
            return self.told(200, b"<html>", **{"Content-Type": "text/html; charset=utf-8"})
        if what == "/large.mp3":
            return self.told(200, b"x" * 200_000)
        if what == "/endless.mp3":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 150_000)
            return None
        if what == "/dripped.mp3":
            return self.dripped()
        if what == "/cut.mp3":
            return self.told(200, SOUND, **{"Content-Length": str(len(SOUND) + 50)})
        return self.told(200, SOUND) if what == "/good.mp3" else self.told(404, b"")

    def told(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "audio/mpeg", "Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def dripped(self) -> None:
        """A byte of the head every now and then, for 3 s: none of the pauses is long."""
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            for _ in range(60):
                self.wfile.write(b"a")
                time.sleep(0.05)
            self.wfile.write(b"\r\nContent-Type: audio/mpeg\r\nContent-Length: 2\r\n\r\nok")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for both names, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")]), datetime.now(UTC)
    names = x509.SubjectAlternativeName(
        [x509.DNSName("rec.example.ru"), x509.DNSName("*.pbx.example.ru"), x509.IPAddress(ip_address("127.0.0.1"))]
    )
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def port(authority: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The recordings' server; for this test its address counts as public."""
    monkeypatch.setattr(fetching, "public", lambda address: address == "127.0.0.1")
    Records.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Records)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetch(port: int, authority: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Every name leads to that server; ports of redirects too."""
    trusted = ssl.create_default_context(cafile=str(authority))
    real = fetching._Pinned.__init__

    def pinned(self: object, host: str, _: int, address: str, context: ssl.SSLContext, timeout: float) -> None:
        real(self, host, port, address, context, timeout)  # type: ignore[arg-type]

    monkeypatch.setattr(fetching._Pinned, "__init__", pinned)

    def get(path: str, bounds: Bounds = BOUNDS) -> bytes:
        url = f"https://rec.example.ru{path}"
        with fetched(url, bounds, resolve=lambda *_: ["127.0.0.1"], context=trusted) as file:
            found, where = file.read_bytes(), file
        assert not where.exists()
        assert not where.parent.exists()
        return found

    yield get


def test_a_recording_is_fetched_and_gone_afterwards(fetch: object) -> None:
    assert fetch("/good.mp3?sign=secret") == SOUND  # type: ignore[operator]


def test_a_redirect_is_followed_where_it_is_allowed(fetch: object) -> None:
    assert fetch("/moved.mp3") == SOUND  # type: ignore[operator]
    assert [one.split()[1] for one in Records.seen] == ["/moved.mp3", "/good.mp3?sign=1"]
    assert Records.seen[1].startswith("a.pbx.example.ru")


@pytest.mark.parametrize(
    ("path", "error", "why"),
    [
        ("/inside.mp3", Forbidden, "169.254.169.254 is not among"),
        ("/round.mp3", Forbidden, "redirects"),
        ("/page.mp3", Unfit, "text/html"),
        ("/large.mp3", Unfit, "more than is allowed"),
        ("/endless.mp3", Unfit, "more bytes"),
        ("/cut.mp3", Unreachable, "ended early|no whole"),
        ("/gone.mp3", NotThere, "not there"),
    ],
)
def test_what_is_not_taken(fetch: object, path: str, error: type[KpiError], why: str) -> None:
    with pytest.raises(error, match=why) as told:
        fetch(path)  # type: ignore[operator]
    assert path not in str(told.value)


def test_a_name_that_is_answered_otherwise_the_second_time_leads_nowhere_else(
    port: int, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the name is asked for once, and the connection goes to what was answered and looked at."""
    answers = iter(["127.0.0.1", "169.254.169.254"])
    gone: list[str] = []
    connect = socket.create_connection

    def noted(address: tuple[str, int], *more: object) -> socket.socket:
        gone.append(address[0])
        return connect((address[0], port), *more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "create_connection", noted)
    trusted = ssl.create_default_context(cafile=str(authority))
    with fetched(
        "https://rec.example.ru/good.mp3", BOUNDS, resolve=lambda *_: [next(answers)], context=trusted
    ) as file:  # fmt: skip
        assert file.read_bytes() == SOUND
    assert gone == ["127.0.0.1"]


def test_time_is_bounded(fetch: object) -> None:
    with pytest.raises(Unreachable, match=r"longer than is allowed|no whole"):
        fetch("/good.mp3", Bounds(HOSTS, 100_000, 0.0))  # type: ignore[operator]


def test_a_dripped_head_does_not_outlive_the_deadline(fetch: object) -> None:
    began = time.monotonic()
    with pytest.raises(Unreachable, match="no whole"):
        fetch("/dripped.mp3", Bounds(HOSTS, 100_000, 0.5))  # type: ignore[operator]
    assert time.monotonic() - began < 1.5


def test_a_handshake_that_stands_still_does_not_either(authority: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connecting took its part of the time already."""
    monkeypatch.setattr(fetching, "public", lambda address: address == "127.0.0.1")
    connect = socket.create_connection

    def slow(*told: object) -> socket.socket:
        time.sleep(0.6)
        return connect(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "create_connection", slow)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url, began = f"https://rec.example.ru:{silent.getsockname()[1]}/1.mp3", time.monotonic()
        with pytest.raises(Unreachable), fetched(url, Bounds(HOSTS, 9, 1.0), resolve=lambda *_: ["127.0.0.1"]):
            pass
    assert time.monotonic() - began < 1.4


def test_a_wrong_certificate_is_no_recording(port: int) -> None:
    """Nobody vouches for the server."""
    with pytest.raises(Unreachable), fetched(
        f"https://rec.example.ru:{port}/good.mp3", BOUNDS, resolve=lambda *_: ["127.0.0.1"]
    ):  # fmt: skip
        pass
