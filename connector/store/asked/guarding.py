"""What the drift guard looks at once a day: the calls of each day, and the deals won lately."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.moment import from_ms
from connector.records import Deal
from connector.store.crm import records
from connector.store.facts import FACT

_CALLS = ("call_out", "call_in", "call_missed", "call_missed_off")
SHORT = 20
"""Seconds under which a talk is short."""
RECENT, SETTLED_DAYS, OLDEST_DAYS = 100, 3, 180
"""So many wins are looked at, none of the last days (their fields are still being filled in) and none older."""
_A_DAY = 86_400_000


def call_days(conn: Connection, account: int, first: int, end: int) -> dict[int, tuple[Any, ...]]:
    """Of each day in [first, end) with calls: all, outgoing, outgoing talked on, short ones, least and most seconds."""
    out = FACT.c.kind == "call_out"
    talk = sa.case((sa.and_(out, FACT.c.number > 0), FACT.c.number))
    columns = (
        sa.func.count(),
        sa.func.count(sa.case((out, 1))),
        sa.func.count(talk),
        sa.func.count(sa.case((talk < SHORT, 1))),
        sa.func.min(talk),
        sa.func.max(talk),
    )
    query = (
        sa.select(FACT.c.day, *columns)
        .where(FACT.c.account == account, FACT.c.day >= first, FACT.c.day < end, FACT.c.known_to.is_(None))
        .where(FACT.c.kind.in_(_CALLS), FACT.c.omitted.is_(None))
        .group_by(FACT.c.day)
    )
    return {row[0]: tuple(row[1:]) for row in conn.execute(query)}


def known_until(conn: Connection, account: int, first: int, day: int) -> int | None:
    """The moment (epoch ms) at which the last call of a day came to be known, None where there was none.

    A first reading makes facts of one file after another: so the last call since `first` known before any later day's.
    """
    ours = (FACT.c.account == account, FACT.c.kind.in_(_CALLS), FACT.c.known_to.is_(None))
    at: int | None = conn.execute(sa.select(sa.func.max(FACT.c.known_from)).where(*ours, FACT.c.day == day)).scalar()
    if at is None:
        return None
    later = conn.execute(sa.select(sa.func.min(FACT.c.known_from)).where(*ours, FACT.c.day > day)).scalar()
    before = () if later is None else (FACT.c.known_from < later,)
    whole = sa.select(sa.func.max(FACT.c.known_from)).where(*ours, FACT.c.day.between(first, day), *before)
    return max(at, conn.execute(whole).scalar() or at)


def recent_wins(conn: Connection, account: int, now: int) -> dict[str, Deal]:
    """The last deals won, by id, as they stand."""
    newest, oldest = now - SETTLED_DAYS * _A_DAY, now - OLDEST_DAYS * _A_DAY
    first = int(f"{from_ms(oldest):%Y%m%d}")
    query = (
        sa.select(FACT.c.deal_id)
        .where(FACT.c.account == account, FACT.c.day >= first, FACT.c.kind == "win", FACT.c.known_to.is_(None))
        .where(FACT.c.omitted.is_(None), FACT.c.at < newest, FACT.c.deal_id.is_not(None))
        .order_by(FACT.c.at.desc(), FACT.c.deal_id)
        .limit(RECENT)
    )
    return records.get(conn, account, Deal, list(conn.execute(query).scalars()))
