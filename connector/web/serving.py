"""The application on a port: uvicorn in a thread of its own, stopped cleanly with whoever started it."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import uvicorn
from fastapi import FastAPI

from connector.errors import BadConfig, KpiError
from connector.pipeline.bench import Workbench
from connector.web.ahead import measured_ahead
from connector.web.app import build
from connector.web.pages import people
from connector.web.site import Site

log = logging.getLogger("kpi.web")
LISTEN = "127.0.0.1:8800"
"""Where `kpi serve` listens unless the configuration says otherwise: this machine only."""
MOST = 1000
"""Connections at once: everybody who looks at a page holds one for its live numbers."""
PATIENCE: float | None = 0.05
"""Seconds for which a page waits for measurements: with making it, under the 200 ms to its first byte."""
TURN = 0.0005
"""Seconds of Python after which one thread gives way to another. A page asks the store some twenty times and must get
its turn back after each; by Python's own 5 ms every measurement beside it costs the page a tenth of a second.
"""
_START = 10.0
_STOP = 10
"""Seconds in which calls under way may end."""


@contextmanager
def serving(
    listen: str | None,
    opened: Sequence[Workbench],
    secret: bytes | None = None,
    proxies: Sequence[str] = ("127.0.0.1",),
) -> Iterator[str | None]:
    """Serve at HOST:PORT for as long as the block runs; yields the address. None: nothing is served.

    `secret`: what sessions are signed by. `proxies`: whose X-Forwarded-Proto and -For are believed. Raises BadConfig
    where the port cannot be had.
    """
    if listen is None:
        yield None
        return
    app = build(opened, secret)
    site: Site = app.state.site
    site.cache.patience = PATIENCE
    try:
        with (
            short_turns(),
            hosted(listen, app, proxies) as address,
            measured_ahead(opened, partial(people.all_ready, site)),
        ):
            yield address
    finally:
        site.cache.close()


@contextmanager
def short_turns() -> Iterator[None]:
    """Threads of this process take short turns for as long as the block runs."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@contextmanager
def hosted(listen: str, app: FastAPI, proxies: Sequence[str] = ("127.0.0.1",)) -> Iterator[str]:
    """An application of ours at HOST:PORT for as long as the block runs; yields the address. Raises BadConfig."""
    bound = _bind(listen)
    server = uvicorn.Server(_config(app, proxies))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="web", daemon=True)
    thread.start()
    try:
        _wait_for(server, thread)
        host, port = bound.getsockname()[:2]
        address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        log.info("serving at %s", address)
        yield address
    finally:
        app.state.site.stopping.set()  # streams end by themselves, or stopping would wait for them
        server.should_exit = True
        thread.join(_STOP + 5)
        bound.close()


def until_stopped() -> None:
    """Until SIGINT or SIGTERM."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    stopping.wait()


def _bind(listen: str) -> socket.socket:
    """The port first, in our own hands: uvicorn would end the process where it is taken."""
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, int(port)), family=family, backlog=128)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while attempting")[0]  # the address as Python spells it
        problem = f"web.listen: {listen}: {reason}"
        if error.errno == errno.EADDRINUSE:
            problem = f"web.listen: {listen}: {reason}; another `kpi run` may be at work: `kpi status` tells"
        raise BadConfig([problem]) from None


def _config(app: FastAPI, proxies: Sequence[str]) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=list(proxies),
        timeout_keep_alive=5,
        limit_concurrency=MOST,
        timeout_graceful_shutdown=_STOP,
    )


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    started = threading.Event()
    for _ in range(int(_START / 0.02)):
        if server.started:
            return
        if not thread.is_alive():
            break
        started.wait(0.02)
    raise KpiError("the web server did not start", done="nothing is served", todo="see the log above")
