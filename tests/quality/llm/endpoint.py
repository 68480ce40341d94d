"""A small endpoint of OpenAI's shape on a local port that answers as the test says, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, Any]
Say = Callable[[dict[str, Any]], Reply]


def says(content: str | None, **more: Any) -> Reply:
    """A good answer with this content."""
    message = {"role": "assistant", "content": content} | {k: v for k, v in more.items() if k == "refusal"}
    return 200, {"choices": [{"message": message, "finish_reason": more.get("finish_reason", "stop")}]}


def answers(*rows: tuple[Any, ...]) -> str:
    """(criterion, answer, turn, quote, reply_turn, reply_quote) rows as the model would write them."""
    names = ("criterion", "answer", "turn", "quote", "reply_turn", "reply_quote")
    return json.dumps({"answers": [dict(zip(names, row, strict=False)) for row in rows]}, ensure_ascii=False)


class Endpoint:
    """`asked`: bodies in order."""

    def __init__(self, say: Say) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append(body)
                outer.headers.append(dict(self.headers))
                status, told = say(body)
                data = told if isinstance(told, bytes) else json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(say: Say) -> Iterator[Endpoint]:
    made = Endpoint(say)
    try:
        yield made
    finally:
        made.close()
