"""Once a second in each process: put back what dead workers left, and put what is due in the queue.

Any number of processes may look at once: due rows are locked while their jobs are put, and skipped by the others.
"""

from __future__ import annotations

import logging
import threading

from sqlalchemy.engine import Connection

from connector.fleet import queue, rota
from connector.fleet.roster import Roster
from connector.jobs.loud import Loop
from connector.store import accounts, turns
from connector.store.tables.work import TurnRow
from connector.store.told import inbox

log = logging.getLogger("kpi.fleet")
LOOK_EVERY = 1.0


def keep_looking(roster: Roster, stopping: threading.Event) -> None:
    """Until asked to stop; a database that is away is looked for again."""
    looks = Loop(log, "the fleet")
    while not stopping.wait(LOOK_EVERY):
        try:
            look(roster)
        except Exception as error:  # who looks no more brings every account to a standstill
            looks.met(error)
        else:
            looks.well()


def look(roster: Roster, *, stalled: float = queue.STALLED) -> None:
    """One look: rescue, then put what is due, most overdue first."""
    now = roster.now()
    with roster.desk.store.write() as conn:
        for left in queue.rescue(conn, stalled):
            _tell(conn, roster, left, now)
        waiting = inbox.accounts_with_letters(conn)
        due = turns.due(conn, roster.settings, now, hooks_of=waiting)
        queue.put(conn, [_job(roster, row, now) for row in due])
        turns.move(conn, [_next(conn, roster, row, now) for row in due if row.what != "hooks"])


def _job(roster: Roster, row: TurnRow, now: int) -> queue.Job:
    urgency = rota.urgency(row, roster.settings[row.account].every, now)
    return queue.Job(row.account, row.what, rota.lane(row), urgency)


def _next(conn: Connection, roster: Roster, row: TurnRow, now: int) -> turns.First:
    settings = roster.settings[row.account]
    zone = settings.zone(accounts.get(conn, row.account).zone)
    return turns.First(row.account, row.what, rota.next_due(row.what, settings, zone, row.account, now))


def _tell(conn: Connection, roster: Roster, left: queue.Left, now: int) -> None:
    """A worker died with this account in hand; an account that its workers die of rests."""
    settings = roster.settings.get(left.account)
    name = settings.name if settings else f"account {left.account}"
    log.warning("%s %s: its worker died; the job %s", name, left.what, _FATES[left.fate])
    if left.fate == "deadly":
        turns.move(conn, [turns.First(left.account, left.what, now + rota.PATIENCE)])


_FATES = {
    "back": "is put back",
    "dropped": "goes, as the next one waits already",
    "deadly": f"goes: {queue.DEADLY} workers died of it; tried again later",
}
