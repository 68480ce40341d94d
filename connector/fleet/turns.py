"""What a worker does with a job: a turn as `kpi run` takes it, with an end to its time, and a note of how it ended."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import cast

from connector.errors import KpiError
from connector.fleet import rota
from connector.fleet.roster import Roster
from connector.jobs.loud import loudness
from connector.pipeline.bench import Workbench, surprised
from connector.pipeline.cycling import cycle
from connector.pipeline.digests import Kind, send_due
from connector.pipeline.hooks import take_hooks
from connector.pipeline.privacy.retaining import retain
from connector.pipeline.reading import sweep_and_derive
from connector.pipeline.running import Stop
from connector.redact import redact
from connector.store import turns

log = logging.getLogger("kpi.fleet")
ELSEWHERE = 60_000
"""Milliseconds until a turn is due again that a process with another configuration was given."""


class Alarm:
    """Says stop when asked to, or when the turn's time is over; `rang`: somebody was told so."""

    def __init__(self, stopping: Stop, seconds: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stopping, self._clock = stopping, clock
        self._end = None if seconds is None else clock() + seconds
        self.rang = False

    def __call__(self) -> bool:
        self.rang = self.rang or self._stopping() or (self._end is not None and self._clock() >= self._end)
        return self.rang


def take(roster: Roster, account: int, what: str, stopping: Stop, *, longest: float = rota.LONGEST) -> None:
    """One turn, and the moment of the next one. Only a fault of the database comes out as an error."""
    if account not in roster.settings or what not in WORK:
        log.error("a job for account %s (%s), which this configuration does not have: left to others", account, what)
        _again(roster, account, what, ELSEWHERE)
        return
    if stopping():  # it waits for a process that stays
        _again(roster, account, what, 0)
        return
    alarm = Alarm(stopping, None if what in rota.WHOLE else longest)
    started = time.monotonic()
    error, surprise = _error_of(lambda: WORK[what](roster.bench(account), alarm))
    _note(roster, account, what, rota.Result(time.monotonic() - started, alarm.rang, error, surprise))


def _again(roster: Roster, account: int, what: str, rest: int) -> None:
    """Due again in so many milliseconds; what is known of the turn stays."""
    with roster.desk.store.write() as conn:
        turns.move(conn, [turns.First(account, what, roster.now() + rest)])


def _error_of(turn: Callable[[], object]) -> tuple[KpiError | None, bool]:
    """What ended it, and whether that is a fault of ours."""
    try:
        turn()
    except KpiError as error:
        return error, False
    except Exception as fault:  # one account's fault in our own code must not end the others' work
        log.error("unexpected", exc_info=fault)
        return surprised(fault), True
    return None, False


def _note(roster: Roster, account: int, what: str, result: rota.Result) -> None:
    settings, now = roster.settings[account], roster.now()
    with roster.desk.store.write() as conn:
        row = turns.get(conn, account, what)
        if row is None:
            return
        row = rota.followed(row, result, settings.every, now)
        turns.ended(conn, row)
    if result.error is not None:
        log.log(loudness(result.error), "%s %s: %s", settings.name, what, redact(str(result.error)))
    else:
        log.info("%s %s: %.1f s%s", settings.name, what, result.seconds, ", goes on later" if result.cut else "")


def _sweep(bench: Workbench, stop: Stop) -> None:
    """Find deletions. What is too old goes whether the CRM answers or not."""
    try:
        sweep_and_derive(bench, stop=stop)
    finally:
        retain(bench, bench.settings.retention)


def _letters(kind: str) -> Callable[[Workbench, Stop], object]:
    return lambda bench, stop: send_due(bench, cast("Kind", kind))


WORK: Mapping[str, Callable[[Workbench, Stop], object]] = {
    "cycle": lambda bench, stop: cycle(bench, stop=stop),
    "hooks": lambda bench, stop: take_hooks(bench, stop=stop),
    "sweep": _sweep,
    "daily": _letters("daily"),
    "weekly": _letters("weekly"),
}
"""By the sort of turn."""
