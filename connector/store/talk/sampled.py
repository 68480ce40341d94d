"""Calls drawn for people to score: who is asked for which, in which week, and what is done."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store.tables import SampledCallRow
from connector.store.upsert import insert, table

SAMPLED = table("sampled_call")


def keep(conn: Connection, account: int, rows: Iterable[SampledCallRow]) -> None:
    """Those not drawn before; who was asked for a call stays asked."""
    fresh = [row.model_dump() | {"account": account} for row in rows]
    if fresh:
        conn.execute(insert(conn, SAMPLED).on_conflict_do_nothing(), fresh)


def of_week(conn: Connection, account: int, week: str) -> list[SampledCallRow]:
    """All that was drawn of one week."""
    return _read(conn, SAMPLED.c.account == account, SAMPLED.c.week == week)


def waiting(conn: Connection, account: int, rater: str | None = None) -> list[SampledCallRow]:
    """What is still to be scored, by one person or by all, the oldest week first."""
    whose = () if rater is None else (SAMPLED.c.rater == rater,)
    return _read(conn, SAMPLED.c.account == account, SAMPLED.c.done_at.is_(None), *whose)


def asked(conn: Connection, account: int, call: str, rater: str) -> SampledCallRow | None:
    """The row by which this person was asked for this call."""
    found = _read(conn, SAMPLED.c.account == account, SAMPLED.c.call_id == call, SAMPLED.c.rater == rater)
    return found[0] if found else None


def done(conn: Connection, account: int, call: str, rater: str, *, now: int) -> None:
    """He has scored it."""
    these = (SAMPLED.c.account == account, SAMPLED.c.call_id == call, SAMPLED.c.rater == rater)
    conn.execute(SAMPLED.update().where(*these).values(done_at=now))


def weeks(conn: Connection, account: int) -> list[str]:
    """Weeks of which something was drawn, the latest first."""
    query = sa.select(SAMPLED.c.week).distinct().where(SAMPLED.c.account == account)
    return list(conn.execute(query.order_by(SAMPLED.c.week.desc())).scalars())


def _read(conn: Connection, *where: sa.ColumnElement[bool]) -> list[SampledCallRow]:
    ordered = (SAMPLED.c.week, SAMPLED.c.user_id, SAMPLED.c.call_id, SAMPLED.c.rater)
    return [SampledCallRow(**row._mapping) for row in conn.execute(sa.select(SAMPLED).where(*where).order_by(*ordered))]
