"""HTTP/1.1 with keep-alive on a local port: reads a request, asks the gate, sends header and body in one go."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from providers.bitrix24.sandbox import faults as wrong
from providers.bitrix24.sandbox.gate import Reply
from providers.bitrix24.sandbox.php import parse

_REASONS = {200: "OK", 302: "Found", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
            405: "Method Not Allowed", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
            503: "Service Unavailable", 504: "Gateway Timeout"}  # fmt: skip
MAX_BODY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What came in; `params` are the body's over the query's."""

    verb: str
    path: str
    target: str
    """Path with query, as sent."""
    params: Mapping[str, Any]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def setup(self) -> None:
        super().setup()
        self.server.opened.add(self.connection)

    def finish(self) -> None:
        self.server.opened.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Tests want quiet."""

    def _serve(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MAX_BODY))
        path, _, query = self.path.partition("?")
        try:
            params = {**parse(query), **_body(body, self.headers.get("Content-Type", ""))}
        except ValueError:
            params = parse(query)
        reply, ways = self.server.answer(Request(self.command, path, self.path, params))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._send(reply, ways)

    def _send(self, reply: Reply, ways: list[wrong.Way]) -> None:
        for way in ways:
            if isinstance(way, wrong.Latency):
                time.sleep(way.seconds)
            elif isinstance(way, wrong.Lost):
                return self._hang_up()
            elif isinstance(way, wrong.Reset):
                self.wfile.write(self._head(reply, len(reply.body)) + reply.body[: way.after])
                return self._reset()
            elif isinstance(way, wrong.Truncated):
                length = len(reply.body) if way.length_told else None
                self.wfile.write(self._head(reply, length) + reply.body[: int(len(reply.body) * way.keep)])
                return self._hang_up()
            elif isinstance(way, wrong.Drip):
                return self._drip(reply, way)
        self.wfile.write(self._head(reply, len(reply.body)) + reply.body)
        return None

    def _head(self, reply: Reply, length: int | None) -> bytes:
        lines = [
            f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, 'Unknown')}",
            "Server: nginx",
            f"Date: {format_datetime(self.server.clock(), usegmt=True)}",
            f"Content-Type: {reply.content_type}",
            *(f"{name}: {value}" for name, value in reply.headers),
            "Connection: close" if length is None else f"Content-Length: {length}",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _reset(self) -> None:
        """Linger of 0: the peer sees RST, not an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _drip(self, reply: Reply, way: wrong.Drip) -> None:
        self.wfile.write(self._head(reply, len(reply.body)))
        for at in range(0, len(reply.body), way.size):
            self.wfile.write(reply.body[at : at + way.size])
            time.sleep(way.pause)


def _body(body: bytes, content_type: str) -> dict[str, Any]:
    """JSON or a form; a JSON list is a map with numbers, as PHP has it."""
    if not body:
        return {}
    text = body.decode("utf-8", "replace")
    if "json" in content_type or text.lstrip()[:1] in ("{", "["):
        value = json.loads(text)
        return value if isinstance(value, dict) else {str(n): item for n, item in enumerate(value)}
    return parse(text)


class Server(ThreadingHTTPServer):
    """`answer` gives the reply and what is to go wrong on its way; `clock` is what the Date header tells."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self, port: int, answer: Callable[[Request], tuple[Reply, list[wrong.Way]]], clock: Callable[[], datetime]
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.answer, self.clock = answer, clock
        self.opened: set[socket.socket] = set()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    def start(self) -> None:
        """Serve in the background."""
        self._thread.start()

    def stop(self) -> None:
        """No new connections, and the open ones end."""
        if self._thread.is_alive():
            self.shutdown()
        self.server_close()
        for connection in list(self.opened):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)
