"""When each account's turns of a fleet are due, and how the last ones ended: rows only, what they mean is in fleet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store import clean
from connector.store.tables.work import TurnRow
from connector.store.upsert import among, insert, table

TURN = table("turn")


class First(NamedTuple):
    """A turn of whose account nothing is known yet; `due_at` in epoch ms."""

    account: int
    what: str
    due_at: int


def enroll(conn: Connection, firsts: Sequence[First]) -> None:
    """Those that are new; a first cycle reads years and is taken for a slow one. What is known stays."""
    rows = [first._asdict() | {"failures": 0, "slow": first.what == "cycle"} for first in firsts]
    if rows:
        conn.execute(insert(conn, TURN).on_conflict_do_nothing(index_elements=["account", "what"]), rows)


def due(conn: Connection, accounts: Collection[int], now: int, *, hooks_of: Collection[int]) -> list[TurnRow]:
    """The turns whose moment has come, locked until this transaction ends; those locked by another are left to it.

    Turns for hooks only of accounts for which any wait.
    """
    asked = sa.or_(TURN.c.what != "hooks", among(conn, TURN.c.account, hooks_of))
    mine = sa.and_(TURN.c.due_at <= now, among(conn, TURN.c.account, accounts), asked)
    query = sa.select(TURN).where(mine).order_by(TURN.c.due_at, TURN.c.account).with_for_update(skip_locked=True)
    return [TurnRow(**row._mapping) for row in conn.execute(query)]


def get(conn: Connection, account: int, what: str) -> TurnRow | None:
    """None where the account has no such turn."""
    found = conn.execute(sa.select(TURN).where(TURN.c.account == account, TURN.c.what == what)).one_or_none()
    return None if found is None else TurnRow(**found._mapping)


def move(conn: Connection, moved: Iterable[First]) -> None:
    """The moments at which these turns are due next."""
    rows = [{"a": one.account, "w": one.what, "due_at": one.due_at} for one in moved]
    if rows:
        ours = (TURN.c.account == sa.bindparam("a"), TURN.c.what == sa.bindparam("w"))
        conn.execute(TURN.update().where(*ours).values(due_at=sa.bindparam("due_at")), rows)


def ended(conn: Connection, row: TurnRow) -> None:
    """How a turn ended: every column of the row as handed in."""
    ours = (TURN.c.account == row.account, TURN.c.what == row.what)
    told = row.model_dump(exclude={"account", "what"})
    told["error"] = None if row.error is None else clean.text(row.error)
    conn.execute(TURN.update().where(*ours).values(**told))
