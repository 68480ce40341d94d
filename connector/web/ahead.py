"""Measured ahead: what everybody's page is made of is there before the first visitor asks, whoever watches or not."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from connector.errors import KpiError
from connector.pipeline.bench import Workbench
from connector.pipeline.showing import beat
from connector.redact import redact
from connector.web.live import LOOK

log = logging.getLogger("kpi.web")
_REST = 4
"""A measurement of a second is followed by so many of rest: pages must not keep a large account's processor busy."""


@contextmanager
def measured_ahead(
    benches: Iterable[Workbench], ready: Callable[[Workbench], object], look: float = LOOK
) -> Iterator[None]:
    """Call `ready` for each account at once and after every change of its numbers or day, while the block runs."""
    stopping = threading.Event()
    ahead = threading.Thread(target=_go_on, args=(list(benches), ready, look, stopping), name="ahead", daemon=True)
    ahead.start()
    try:
        yield
    finally:
        stopping.set()
        ahead.join(look)


def _go_on(
    benches: list[Workbench], ready: Callable[[Workbench], object], look: float, stopping: threading.Event
) -> None:
    known, told = dict[str, str](), dict[str, str]()
    rest = 0.0
    while not stopping.wait(rest):
        started = time.monotonic()
        for bench in benches:
            _look(bench, ready, known, told)
        rest = max(look, _REST * (time.monotonic() - started))


def _look(bench: Workbench, ready: Callable[[Workbench], object], known: dict[str, str], told: dict[str, str]) -> None:
    """What cannot be measured now is said once and tried again after the next change: its page says the same."""
    name = bench.settings.name
    try:
        now = beat(bench)
        if known.get(name) != now:
            known[name] = now
            ready(bench)
            told.pop(name, None)
    except KpiError as error:
        before, told[name] = told.get(name), redact(str(error))
        if told[name] != before:
            log.warning("%s: pages could not be measured ahead: %s", name, told[name])
    except Exception:  # a fault of one account's page must not end the thread that measures for all
        log.exception("%s: pages could not be measured ahead", name)
