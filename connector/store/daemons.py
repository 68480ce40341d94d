"""Which daemons serve an account: each says so three times a minute, and is believed for a minute after it.

Leases keep the work right whoever works; this is for people, who start a second one without knowing of the first. It
stands among the leases, under a number that no account has: databases of before have the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.moment import to_ms
from connector.store.leases import LEASE, holds
from connector.store.upsert import insert

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
        return self.holder.partition("/")[0]

    @property
    def process(self) -> str:
        """Its number there."""
        return self.holder.rpartition("/")[2]


def beat(conn: Connection, account: int, me: Daemon, now: datetime) -> list[Daemon]:
    """Say that this one serves the account; returns the others that do."""
    others = [one for one in _kept(conn, account, lock=True) if one.holder != me.holder and _lives(one, now)]
    mine = Daemon(me.holder, me.since, to_ms(now + timedelta(seconds=SECONDS)))
    _keep(conn, account, [*others, mine])
    return others


def leave(conn: Connection, account: int, me: Daemon) -> None:
    """It serves the account no more."""
    _keep(conn, account, [one for one in _kept(conn, account, lock=True) if one.holder != me.holder])


def serving(conn: Connection, account: int, now: datetime) -> list[Daemon]:
    """All of them, the oldest first."""
    return sorted((one for one in _kept(conn, account) if _lives(one, now)), key=lambda one: (one.since, one.holder))


def _lives(one: Daemon, now: datetime) -> bool:
    return holds(one.holder, one.until, now)


def _kept(conn: Connection, account: int, *, lock: bool = False) -> list[Daemon]:
    query = sa.select(LEASE.c.holder).where(LEASE.c.account == -account)
    told = conn.execute(query.with_for_update() if lock else query).scalar()
    return msgspec.json.decode(told, type=list[Daemon]) if told else []


def _keep(conn: Connection, account: int, some: Sequence[Daemon]) -> None:
    """As a lease that is over: it keeps nobody from anything."""
    row = {"account": -account, "holder": msgspec.json.encode(some).decode(), "version": 0, "until": 0}
    statement = insert(conn, LEASE)
    again = {"holder": statement.excluded.holder}
    conn.execute(statement.on_conflict_do_update(index_elements=["account"], set_=again), row)
