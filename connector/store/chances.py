"""What became of deals by stage, and the chances that were reckoned from it: a row a day, so that a past report knows
those of its day.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.records import Move
from connector.store.encoding import decode
from connector.store.facts import FACT
from connector.store.upsert import table

CHANCE, RECORD = table("chance"), table("record")
MOST = 500_000
"""Moves that are looked at, the latest: an account of a million deals does not need them all."""


class End(NamedTuple):
    """How a deal stands: "win" or "loss" since `at` (epoch ms), or "open_deal"."""

    kind: str
    at: int


def latest(conn: Connection, account: int, *, as_of: int | None = None) -> Any:
    """The row in force at a moment (epoch ms; None: now), None where none was reckoned yet."""
    query = sa.select(CHANCE.c.at, CHANCE.c.body).where(CHANCE.c.account == account)
    if as_of is not None:
        query = query.where(CHANCE.c.at <= as_of)
    return conn.execute(query.order_by(CHANCE.c.at.desc()).limit(1)).first()


def keep(conn: Connection, account: int, body: str, *, now: int) -> None:
    """The chances of today."""
    conn.execute(CHANCE.insert(), {"account": account, "at": now, "body": body})


def moves(conn: Connection, account: int) -> list[Move]:
    """The latest moves of deals."""
    query = sa.select(RECORD.c.body).where(
        RECORD.c.account == account,
        RECORD.c.kind == Move.kind,
        RECORD.c.gone_at.is_(None),
        RECORD.c.link.like("deal:%"),
    )
    found = conn.execute(query.order_by(RECORD.c.first_seen.desc(), RECORD.c.id).limit(MOST)).scalars()
    return [decode(Move.kind, body) for body in found]


def ends(conn: Connection, account: int) -> dict[str, End]:
    """How each counted deal stands now, by id."""
    query = sa.select(FACT.c.deal_id, FACT.c.kind, FACT.c.at).where(
        FACT.c.account == account, FACT.c.known_to.is_(None), FACT.c.omitted.is_(None), FACT.c.deal_id.is_not(None),
        FACT.c.kind.in_(("win", "loss", "open_deal")),
    )  # fmt: skip
    return {row[0]: End(row[1], row[2]) for row in conn.execute(query)}
