"""Rows that could not be read: kept raw until the CRM sends the same row in a shape that can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.records import Record, Refusal
from connector.store import clean
from connector.store.encoding import Key
from connector.store.tables import RefusedRow
from connector.store.upsert import ask, put, table

REFUSED = table("refused")
LONGEST_RAW = 100_000


def keep(conn: Connection, account: int, refused: Sequence[Refusal], *, now: int) -> None:
    """One row for each id, the latest reason."""
    rows = {
        (one.kind, one.id): {
            "account": account,
            "kind": clean.text(one.kind, clean.LONGEST_ID),
            "id": clean.text(one.id, clean.LONGEST_ID),
            "reason": clean.text(one.reason),
            "raw": clean.text(one.raw, LONGEST_RAW),
            "at": now,
        }
        for one in refused
    }
    put(conn, REFUSED, list({(row["kind"], row["id"]): row for row in rows.values()}.values()))


def heal(conn: Connection, account: int, read: Iterable[Key]) -> None:
    """These were read after all."""
    waiting = {(row.kind, row.id) for row in ask(conn, _waiting, (account,))}
    for kind, id in waiting & set(read) if waiting else ():
        conn.execute(REFUSED.delete().where(REFUSED.c.account == account, REFUSED.c.kind == kind, REFUSED.c.id == id))


def _waiting(dialect: str) -> Any:
    return sa.select(REFUSED.c.kind, REFUSED.c.id).where(REFUSED.c.account == sa.bindparam("account"))


def ids(conn: Connection, account: int, kind: type[Record]) -> set[str]:
    """Of one kind, the ids of rows that wait."""
    ours = (REFUSED.c.account == account, REFUSED.c.kind == kind.kind)
    return set(conn.execute(sa.select(REFUSED.c.id).where(*ours)).scalars())


def all(conn: Connection, account: int) -> list[RefusedRow]:
    """Every row that waits, by kind and id."""
    found = conn.execute(sa.select(REFUSED).where(REFUSED.c.account == account).order_by(REFUSED.c.kind, REFUSED.c.id))
    return [RefusedRow(**row._mapping) for row in found]
