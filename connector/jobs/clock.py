"""APScheduler as a clock and nothing more: memory store, UTC; the right to work comes from the lease in the database.

A late run is caught up once, not many times; runs of one account never overlap; a failing account delays no other.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from connector.errors import Busy, KpiError, NeedsPerson
from connector.jobs.moments import moments
from connector.pipeline.bench import Workbench, each
from connector.pipeline.cycling import cycle
from connector.pipeline.digests import Kind, send_due
from connector.pipeline.hooks import take_hooks
from connector.pipeline.privacy.retaining import retain
from connector.pipeline.reading import sweep_and_derive
from connector.redact import redact
from connector.store.told import inbox

log = logging.getLogger("kpi.run")
LOOK_EVERY = 0.2
"""Seconds between two looks for hooks: one question for all accounts."""
PATIENCE = timedelta(minutes=15)
"""How long an account that needs a person is left alone before it is tried again."""


def run_forever(benches: Sequence[Workbench]) -> None:
    """Serve until SIGINT or SIGTERM; the page in hand is finished, the second signal ends at once."""
    stopping = threading.Event()
    each(benches, Workbench.meet)  # so that nights are the account's own from the first one on
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
    log.warning("running: %s", ", ".join(f"{b.settings.name} every {b.settings.every} s" for b in benches))
    stopping.wait()
    log.warning("stopping after the current page")
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
    while turns and not stopping.wait(LOOK_EVERY):
        try:
            with benches[0].store.read() as conn:
                waiting = inbox.accounts_with_letters(conn)
        except KpiError as error:
            log.warning("hooks: %s", redact(str(error)))
            continue
        for account in waiting & turns.keys():
            if turns[account].free():
                scheduler.add_job(turns[account].take, id=f"hooks {account}", replace_existing=True)


class Turns:
    """What one account does at each tick, and how it rests after an error."""

    def __init__(self, bench: Workbench, stop: Callable[[], bool]) -> None:
        self.bench, self.stop = bench, stop
        self.rest_until: datetime | None = None
        self._told: dict[str, str] = {}

    def cycle(self) -> None:
        """Sync, compute, write back."""
        self._take("cycle", lambda: cycle(self.bench, stop=self.stop))

    def sweep(self) -> None:
        """Find deletions; the brake asks a person. What is too old goes whether the CRM answers or not."""
        self._take("sweep", lambda: sweep_and_derive(self.bench, stop=self.stop))
        self._take("purge", lambda: retain(self.bench, self.bench.settings.retention))

    def letters(self, kind: Kind) -> None:
        """What people read in the morning, from the numbers as they are."""
        self._take(f"{kind} letters", lambda: send_due(self.bench, kind))

    def _take(self, what: str, turn: Callable[[], object]) -> None:
        now = self.bench.clock()
        if self.stop() or (self.rest_until is not None and now < self.rest_until):
            return
        try:
            turn()
            self.rest_until = None
            self._well(what)
        except Busy as error:
            log.info("%s %s: %s", self.bench.settings.name, what, error)
        except NeedsPerson as error:
            self.rest_until = now + PATIENCE
            self._say(logging.ERROR, what, f"{redact(str(error))}; tried again every {PATIENCE}", error)
        except KpiError as error:
            self.rest_until = error.retry_at
            self._say(logging.WARNING, what, redact(str(error)), error)
        except Exception as surprise:  # the clock goes on whatever happens to one account
            self.rest_until = now + PATIENCE
            log.error(
                "%s %s: unexpected, tried again at %s",
                self.bench.settings.name,
                what,
                self.rest_until,
                exc_info=surprise,
            )

    def _say(self, level: int, what: str, text: str, error: KpiError) -> None:
        """Loud once for each cause: a CRM that is away for hours fills no log."""
        again = self._told.get(what) == type(error).__name__
        self._told[what] = type(error).__name__
        log.log(logging.INFO if again else level, "%s %s: %s", self.bench.settings.name, what, text)

    def _well(self, what: str) -> None:
        if self._told.pop(what, None) is not None:
            log.warning("%s %s: works again", self.bench.settings.name, what)


class HookTurns(Turns):
    """Hooks of one account: one turn at a time, resting after an error like a cycle."""

    def __init__(self, bench: Workbench, stop: Callable[[], bool]) -> None:
        super().__init__(bench, stop)
        self._asked = threading.Lock()

    def free(self) -> bool:
        """Whether to take a turn now; whoever is told so takes it."""
        resting = self.rest_until is not None and self.bench.clock() < self.rest_until
        return not resting and self._asked.acquire(blocking=False)

    def take(self) -> None:
        """What waits, into numbers and cards."""
        try:
            self._take("hooks", lambda: take_hooks(self.bench, stop=self.stop))
        finally:
            self._asked.release()
