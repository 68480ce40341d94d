"""What one account does when its time has come, and how it rests after an error of its CRM's."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from connector.errors import Busy, KpiError, NeedsPerson, StoreTrouble
from connector.jobs.loud import loudness
from connector.pipeline.bench import Workbench
from connector.pipeline.cycling import cycle
from connector.pipeline.digests import Kind, send_due
from connector.pipeline.hooks import take_hooks
from connector.pipeline.privacy.retaining import retain
from connector.pipeline.reading import sweep_and_derive
from connector.redact import redact
from connector.store.trouble import Damaged

log = logging.getLogger("kpi.run")
PATIENCE = timedelta(minutes=15)
"""How long an account that needs a person is left alone before it is tried again."""
PAUSE = timedelta(seconds=10)
"""How long hooks wait after the first failure; twice as long after each further one, PATIENCE at most."""


class Turns:
    """One account's cycles, nights and letters."""

    def __init__(self, bench: Workbench, stop: Callable[[], bool]) -> None:
        self.bench, self.stop = bench, stop
        self.rest_until: datetime | None = None
        self._told: dict[str, str] = {}
        self._waits: set[str] = set()
        """Turns that wait for another process, as was told."""
        self._purges = False
        """The night's purge is due: where somebody else held the account, the next cycle is followed by it."""

    def cycle(self) -> None:
        """Sync, compute, write back: of all turns the one that reads enough to see that nothing is damaged."""
        if self._take("cycle", lambda: cycle(self.bench, stop=self.stop)):
            self.bench.damage = None
        if self._purges:
            self._purge()

    def sweep(self) -> None:
        """Find deletions; the brake asks a person. What is too old goes whether the CRM answers or not."""
        self._take("sweep", lambda: sweep_and_derive(self.bench, stop=self.stop))
        self._purges = True
        self._purge()

    def letters(self, kind: Kind) -> None:
        """What people read in the morning, from the numbers as they are: nothing is asked of the CRM."""
        self._take(f"{kind} letters", lambda: send_due(self.bench, kind), crm=False)

    def _purge(self) -> None:
        self._purges = not self._take("purge", lambda: retain(self.bench, self.bench.settings.retention), crm=False)

    def _take(self, what: str, turn: Callable[[], object], *, crm: bool = True) -> bool:
        """Whether it went well. One that asks nothing of the CRM neither obeys the account's rest nor changes it."""
        now = self.bench.clock()
        if self.stop() or (crm and self._rests(now)):
            return False
        error = self._error_of(what, turn)
        if crm and not isinstance(error, Busy):
            self.rest_until = self._rest(error, now)
        return error is None

    def _rests(self, now: datetime) -> bool:
        return self.rest_until is not None and now < self.rest_until

    def _rest(self, error: Exception | None, now: datetime) -> datetime | None:
        """Until when the account is left alone after this end of a turn."""
        if isinstance(error, KpiError) and not isinstance(error, NeedsPerson):
            return error.retry_at
        return None if error is None else now + PATIENCE

    def _error_of(self, what: str, turn: Callable[[], object]) -> Exception | None:
        """What ended the turn, told."""
        try:
            turn()
        except KpiError as error:
            if isinstance(error, Damaged):
                self.bench.damage = error.what
            self._say(what, error)
            return error
        except Exception as surprise:  # the clock goes on whatever happens to one account
            log.error("%s %s: unexpected", self.bench.settings.name, what, exc_info=surprise)
            return surprise
        self._well(what)
        return None

    def _say(self, what: str, error: KpiError) -> None:
        """Loud once for each cause: a CRM that is away for hours fills no log. A database is what all is lost with."""
        if isinstance(error, Busy):
            self._say_waiting(what, error)
            return
        cause, level = type(error).__name__, loudness(error)
        if self._told.get(what) == cause and not isinstance(error, StoreTrouble):
            level = logging.INFO
        self._told[what] = cause
        again = f"; tried again every {PATIENCE}" if isinstance(error, NeedsPerson) else ""
        log.log(level, "%s %s: %s%s", self.bench.settings.name, what, redact(str(error)), again)

    def _say_waiting(self, what: str, busy: Busy) -> None:
        """Once for each wait, as hooks look five times a second; of waiting for a turn of this process nothing."""
        if not busy.ours and what not in self._waits:
            self._waits.add(what)
            log.info("%s %s: %s; it is waited for", self.bench.settings.name, what, redact(busy.what))

    def _well(self, what: str) -> None:
        self._waits.discard(what)
        if self._told.pop(what, None) is not None:
            log.info("%s %s: works again", self.bench.settings.name, what)


class HookTurns(Turns):
    """Hooks of one account: one turn at a time, resting after an error like a cycle, and longer at each further one.

    They hold the account while they ask in vain: without a rest no cycle would ever find it free.
    """

    def __init__(self, bench: Workbench, stop: Callable[[], bool]) -> None:
        super().__init__(bench, stop)
        self._asked = threading.Lock()
        self._failures = 0

    def free(self) -> bool:
        """Whether to take a turn now; whoever is told so takes it."""
        return not self._rests(self.bench.clock()) and self._asked.acquire(blocking=False)

    def take(self) -> None:
        """What waits, into numbers and cards."""
        try:
            self._take("hooks", lambda: take_hooks(self.bench, stop=self.stop))
        finally:
            self._asked.release()

    def _rest(self, error: Exception | None, now: datetime) -> datetime | None:
        """A moment that the CRM named, else a growing pause; a cycle hears what waits meanwhile."""
        self._failures = 0 if error is None else self._failures + 1
        until = super()._rest(error, now)
        if error is None or until is not None:
            return until
        pause: timedelta = PAUSE * 2 ** min(self._failures - 1, 10)
        return now + min(pause, PATIENCE)
