"""HTTP/1.1 on a local port: keep-alive, one send an answer, and every way in which an answer may go wrong."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from providers.amocrm.sandbox.answers import Answer, html
from providers.amocrm.sandbox.faults import Wire

MAX_BODY = 16 * 1024 * 1024
PIECES = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: `target` with its query string, header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An answer, the server's moment, and how its bytes are to go out."""

    answer: Answer
    at: datetime
    request_id: str
    wire: Wire = "whole"
    drip: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)


Handle = Callable[[Asked], Outgoing]


class Server(ThreadingHTTPServer):
    """One thread a connection; closing it closes them all."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, handle: Handle) -> None:
        self.handle = handle
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", port), Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        with self._guard:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of ours; anything else is printed."""
        import sys

        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def close_all(self) -> None:
        """Stop serving and drop every connection."""
        self.shutdown()
        self.server_close()
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """Reads a request, sends what the sandbox answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def handle_one_request(self) -> None:
        """As the parent, but one way for all verbs, and nothing logged."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline:
            self.close_connection = True
            return
        if not self.parse_request():
            return
        size = int(self.headers.get("Content-Length") or 0)
        if size > MAX_BODY:
            self.close_connection = True
            return
        body = self.rfile.read(size) if size else b""
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, body)
        try:
            outgoing = self.server.handle(asked)
        except Exception:
            self._send(html(500), b"")
            raise
        self._deliver(outgoing)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""

    def _deliver(self, out: Outgoing) -> None:
        head = _head(out)
        if out.wire == "lost":
            self.close_connection = True
        elif out.wire == "reset":
            self._send(out.answer, head, upto=max(1, len(out.answer.body) // 2))
            self._reset()
        elif out.wire == "cut":
            self.close_connection = True
            self.wfile.write(_without_length(head) + out.answer.body[: len(out.answer.body) // 2])
        elif out.wire == "drip":
            self._drip(head + out.answer.body, out.drip)
        else:
            self._send(out.answer, head)

    def _send(self, answer: Answer, head: bytes, upto: int | None = None) -> None:
        head = head or b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: %d\r\n\r\n" % len(answer.body)
        self.wfile.write(head + (answer.body if upto is None else answer.body[:upto]))

    def _drip(self, data: bytes, seconds: float) -> None:
        step = max(1, len(data) // PIECES)
        for start in range(0, len(data), step):
            self.wfile.write(data[start : start + step])
            time.sleep(seconds / PIECES)

    def _reset(self) -> None:
        """RST instead of FIN."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def _head(out: Outgoing) -> bytes:
    answer = out.answer
    lines = [
        f"HTTP/1.1 {answer.status} {_reason(answer.status)}",
        "Server: nginx",
        f"Date: {format_datetime(out.at, usegmt=True)}",
        f"X-Request-Id: {out.request_id}",
    ]
    if answer.status != HTTPStatus.NO_CONTENT:
        lines += [f"Content-Type: {answer.content_type}", f"Content-Length: {len(answer.body)}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _without_length(head: bytes) -> bytes:
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
    return b"\r\n".join([*lines[:-2], b"Connection: close", b"", b""])


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
