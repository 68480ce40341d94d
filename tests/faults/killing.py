"""kill -9 at the n-th step of some work, n = 1, 2, 3 … until the work is done without reaching it (SQLite's method)."""

from __future__ import annotations

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from connector import crash
from connector.app import desk
from connector.pipeline.bench import Workbench
from tests.faults.rig import KEY, Rig

FORK = multiprocessing.get_context("fork")
MOST = 5000
"""Steps beyond which no work here goes: a loop that gets so far is broken itself."""
Work = Callable[[Workbench], Any]


@dataclass(frozen=True)
class Steps:
    """Which n are tried: every one, or each time so many times as far as the last."""

    times: float = 1.0

    def __iter__(self) -> Iterator[int]:
        n = 1
        while n < MOST:
            yield n
            n = max(n + 1, round(n * self.times))


def dies(work: Callable[[], Any], n: int) -> bool:
    """Do the work in a process of its own that is killed at its n-th step; False where it was over before."""

    def child() -> None:
        try:
            crash.arm(f"kill:{n}")
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(70)
        os._exit(0)

    process = FORK.Process(target=child)
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL), f"at step {n} it ended with {process.exitcode}, see stderr"
    return process.exitcode != 0


def in_another_process(rig: Rig, work: Work, n: int) -> bool:
    """The rig's account, opened by a process that is killed at its n-th step; the store is let go of meanwhile."""
    rig.desk.store.dispose()
    now, settings = rig.box.now, rig.desk.settings

    def whole() -> None:
        environ = {"KPI_KEY": KEY, "KPI_FAULT": f"kill:{n}"}
        with desk(rig.folder / "config.toml", environ, settings=settings, clock=lambda: now) as made:
            made.sleep = lambda seconds: None
            work(made.open(settings.account[0]))

    return dies(whole, n)
