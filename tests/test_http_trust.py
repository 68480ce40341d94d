"""Whom the HTTP layer believes: certificates of one's own where they are named, and no cookie of anybody."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from connector.errors import Unreachable
from connector.http import Http, Pacer
from connector.http.wire import new_session


class Portal(BaseHTTPRequestHandler):
    """Tells which cookie it was sent, and sets one."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = f'{{"cookie": "{self.headers.get("Cookie", "")}"}}'.encode()
        self.send_response(200)
        self.send_header("Set-Cookie", "visit=1; Path=/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of 127.0.0.1, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "portal")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .issuer_name(name)
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path / "portal.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@pytest.fixture
def portal(certificate: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def http() -> Http:
    return Http("acme", Pacer(1000.0), lambda answer: None, tries=1)


def test_a_certificate_of_ones_own_is_trusted_where_the_variable_names_it(
    portal: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    with pytest.raises(Unreachable, match="certificate") as caught:
        http().call("GET", portal)
    assert "REQUESTS_CA_BUNDLE" in caught.value.todo
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert http().call("GET", portal).status == 200


def test_no_cookie_is_kept_or_sent(portal: str, certificate: Path) -> None:
    one = http()
    one.verify = str(certificate)
    assert [one.call("GET", portal).json() for _ in range(2)] == [{"cookie": ""}] * 2
    session = new_session()
    session.get(portal, verify=str(certificate))
    assert not list(session.cookies)
