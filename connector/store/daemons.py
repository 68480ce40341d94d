"""Which daemons serve an account: each says so three times a minute, and is believed for a minute after it.

Leases keep the work right whoever works; this is for people, who start a second one without knowing of the first. Each
writes a row of its own, so none waits for another, and takes away those that are over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.moment import to_ms
from connector.store.leases import holds, host_and_process
from connector.store.upsert import put, table

DAEMON = table("daemon")
SECONDS = 60
"""How long it is believed."""


@dataclass(frozen=True, slots=True)
class Daemon:
    """One process; `holder` as it names itself in leases, instants in epoch milliseconds."""

    holder: str
    since: int
    until: int = 0

    @property
    def host(self) -> str:
        """The machine, or the container."""
        return host_and_process(self.holder)[0]

    @property
    def process(self) -> str:
        """Its number there."""
        return host_and_process(self.holder)[1]


def beat(conn: Connection, account: int, me: Daemon, now: datetime) -> list[Daemon]:
    """Say that this one serves the account; returns the others that do."""
    until = to_ms(now + timedelta(seconds=SECONDS))
    put(conn, DAEMON, [{"account": account, "holder": me.holder, "since": me.since, "until": until}])
    _sweep(conn, account, now)
    return [one for one in serving(conn, account, now) if one.holder != me.holder]


def leave(conn: Connection, account: int, me: Daemon) -> None:
    """It serves the account no more."""
    conn.execute(DAEMON.delete().where(DAEMON.c.account == account, DAEMON.c.holder == me.holder))


def serving(conn: Connection, account: int, now: datetime) -> list[Daemon]:
    """All of them, the oldest first."""
    query = sa.select(DAEMON.c.holder, DAEMON.c.since, DAEMON.c.until).where(DAEMON.c.account == account)
    found = [Daemon(*row) for row in conn.execute(query.order_by(DAEMON.c.since, DAEMON.c.holder))]
    return [one for one in found if holds(one.holder, one.until, now)]


def _sweep(conn: Connection, account: int, now: datetime) -> None:
    """Rows that are over go, but for one that is being written: two that wake up together would be in a deadlock."""
    over = sa.select(DAEMON.c.holder).where(DAEMON.c.account == account, DAEMON.c.until <= to_ms(now))
    gone = conn.execute(over.with_for_update(skip_locked=True)).scalars().all()
    if gone:
        conn.execute(DAEMON.delete().where(DAEMON.c.account == account, DAEMON.c.holder.in_(gone)))
