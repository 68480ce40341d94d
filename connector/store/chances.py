"""What became of deals by stage, and the chances that were reckoned from it: a row a day, so that a past report knows
those of its day.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.fact import STANDS
from connector.moment import day_number
from connector.records import Move, Price
from connector.store.encoding import decode
from connector.store.facts import FACT, known_at
from connector.store.upsert import table

STANDING_DAY = day_number(STANDS)
CHANCE, RECORD = table("chance"), table("record")
MOST = 500_000
"""Moves that are looked at, the latest: an account of a million deals does not need them all."""


class End(NamedTuple):
    """How a deal stands: "win" or "loss" since `at` (epoch ms), or "open_deal"; whose, for how much (minor units)."""

    kind: str
    at: int
    user: str | None = None
    amount: int | None = None


class Open(NamedTuple):
    """An open deal: whose, on which stage since when (epoch ms), for how much (minor units)."""

    user: str
    stage: str | None
    since: int
    amount: int | None


def latest(conn: Connection, account: int, *, as_of: int | None = None) -> Any:
    """The row in force at a moment (epoch ms; None: now), None where none was reckoned yet."""
    query = sa.select(CHANCE.c.at, CHANCE.c.body).where(CHANCE.c.account == account)
    if as_of is not None:
        query = query.where(CHANCE.c.at <= as_of)
    return conn.execute(query.order_by(CHANCE.c.at.desc()).limit(1)).first()


def begun(conn: Connection, account: int) -> int | None:
    """When chances were reckoned first (epoch ms), and so facts of all deals stood; None before."""
    found: int | None = conn.execute(sa.select(sa.func.min(CHANCE.c.at)).where(CHANCE.c.account == account)).scalar()
    return found


def keep(conn: Connection, account: int, body: str, *, now: int) -> None:
    """The chances of today."""
    conn.execute(CHANCE.insert(), {"account": account, "at": now, "body": body})


def moves(conn: Connection, account: int) -> list[Move]:
    """The latest moves of deals."""
    return [decode(Move.kind, body) for body in _of_deals(conn, account, Move.kind)]


def prices(conn: Connection, account: int) -> list[Price]:
    """The latest changes of deals' amounts."""
    return [decode(Price.kind, body) for body in _of_deals(conn, account, Price.kind)]


def _of_deals(conn: Connection, account: int, kind: str) -> sa.ScalarResult[Any]:
    query = sa.select(RECORD.c.body).where(
        RECORD.c.account == account, RECORD.c.kind == kind, RECORD.c.gone_at.is_(None), RECORD.c.link.like("deal:%")
    )
    return conn.execute(query.order_by(RECORD.c.first_seen.desc(), RECORD.c.id).limit(MOST)).scalars()


def open_deals(conn: Connection, account: int, *, as_of: int | None) -> list[Open]:
    """Counted deals that stood open, as known at a moment (epoch ms; None: now), of somebody."""
    query = sa.select(FACT.c.user_id, FACT.c.stage, FACT.c.at, FACT.c.amount).where(
        FACT.c.account == account, FACT.c.kind == "open_deal", FACT.c.day == STANDING_DAY, known_at(as_of),
        FACT.c.omitted.is_(None), FACT.c.user_id.is_not(None),
    )  # fmt: skip
    return [Open(*row) for row in conn.execute(query.order_by(FACT.c.key))]


def ends(conn: Connection, account: int) -> dict[str, End]:
    """How each counted deal stands now, by id; of a lost one the amount that it was created or left with."""
    columns = (FACT.c.deal_id, FACT.c.kind, FACT.c.at, FACT.c.user_id, FACT.c.amount)
    query = sa.select(*columns).where(
        FACT.c.account == account, FACT.c.known_to.is_(None), FACT.c.omitted.is_(None), FACT.c.deal_id.is_not(None),
        FACT.c.kind.in_(("win", "loss", "open_deal", "created")),
    )  # fmt: skip
    rows = conn.execute(query).all()
    amounts = {row.deal_id: row.amount for row in rows if row.kind == "created"}
    return {
        row.deal_id: End(row.kind, row.at, row.user_id, amounts.get(row.deal_id) if row.amount is None else row.amount)
        for row in rows
        if row.kind != "created"
    }
