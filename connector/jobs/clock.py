"""APScheduler as a clock and nothing more: memory store, UTC; the right to work comes from the lease in the database.

A late run is caught up once, not many times; runs of one account never overlap; a failing account delays no other.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from connector.jobs.beside import seen
from connector.jobs.loud import Loop
from connector.jobs.moments import moments
from connector.jobs.turns import HookTurns, Turns
from connector.pipeline.bench import Workbench, each
from connector.store.told import inbox

log = logging.getLogger("kpi.run")
LOOK_EVERY = 0.2
"""Seconds between two looks for hooks: one question for all accounts."""


def run_forever(benches: Sequence[Workbench]) -> None:
    """Serve until SIGINT or SIGTERM; the page in hand is finished, the second signal ends at once."""
    with seen(benches):
        each(benches, Workbench.meet)  # so that nights are the account's own from the first one on
        _serve(benches, threading.Event())


def _serve(benches: Sequence[Workbench], stopping: threading.Event) -> None:
    scheduler = schedule(benches, stopping.is_set)

    def ask(_number: int, _frame: object) -> None:
        if stopping.is_set():
            raise KeyboardInterrupt
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    scheduler.start()
    listener = threading.Thread(target=listen, args=(benches, scheduler, stopping), name="hooks", daemon=True)
    listener.start()
    log.info("running: %s", ", ".join(f"{b.settings.name} every {b.settings.every} s" for b in benches))
    stopping.wait()
    log.info("stopping after the current page")
    scheduler.shutdown(wait=True)


def schedule(benches: Sequence[Workbench], stop: Callable[[], bool]) -> BackgroundScheduler:
    """A scheduler with each account's two jobs, not started."""
    scheduler = BackgroundScheduler(
        jobstores={"default": MemoryJobStore()},
        executors={"default": ThreadPoolExecutor(max(2, 2 * len(benches)))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=UTC,
    )
    for bench in benches:
        turns = Turns(bench, stop)
        every = IntervalTrigger(seconds=bench.settings.every, jitter=max(1, bench.settings.every // 10), timezone=UTC)
        scheduler.add_job(turns.cycle, every, id=f"cycle {bench.settings.name}", next_run_time=datetime.now(UTC))
        named = moments(bench.settings, bench.zone())
        scheduler.add_job(turns.sweep, named.pop("sweep"), id=f"sweep {bench.settings.name}")
        for kind, when in named.items():
            scheduler.add_job(turns.letters, when, args=(kind,), id=f"{kind} letters {bench.settings.name}")
    return scheduler


def listen(benches: Sequence[Workbench], scheduler: BackgroundScheduler, stopping: threading.Event) -> None:
    """Look five times a second for hooks that wait, and have each account's taken in a thread of the scheduler's.

    An account that a cycle works on keeps its hooks waiting for the next look: the cycle hears them too.
    """
    turns = {bench.account: HookTurns(bench, stopping.is_set) for bench in benches}
    looks = Loop(log, "hooks")
    while turns and not stopping.wait(LOOK_EVERY):
        try:
            with benches[0].store.read() as conn:
                waiting = inbox.accounts_with_letters(conn)
        except Exception as error:  # who listens no more leaves the hooks of all accounts to the cycles
            looks.met(error)
            continue
        looks.well()
        for account in waiting & turns.keys():
            if turns[account].free():
                # two: of a turn that has just ended the scheduler may not know it yet, and would drop this one
                named = {"id": f"hooks {account}", "max_instances": 2, "replace_existing": True}
                scheduler.add_job(turns[account].take, **named)
