"""How far each stream was read. The cursor is the provider's; here it is only kept, in the transaction of its rows."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store import clean
from connector.store.tables import CursorRow
from connector.store.upsert import insert, insert_on, many, table

CURSOR = table("cursor")


def get(conn: Connection, account: int, kind: str) -> CursorRow | None:
    """Where the stream of that kind (by its name) stands, None before its first page."""
    return all(conn, account).get(kind)


def all(conn: Connection, account: int) -> dict[str, CursorRow]:
    """Every stream's cursor, by kind."""
    found = conn.execute(sa.select(CURSOR).where(CURSOR.c.account == account).order_by(CURSOR.c.kind))
    return {row.kind: CursorRow(**row._mapping) for row in found}


def advance(conn: Connection, account: int, kind: str, *, cursor: str, told_at: int, rows: int) -> None:
    """After a page: the cursor to go on from, the server's time of it, `rows` more read; a problem is over."""
    many(conn, _advance, [(account, kind, cursor, told_at, rows, None)])


def _advance(dialect: str) -> Any:
    statement = insert_on(dialect, CURSOR, ("account", "kind", "cursor", "told_at", "rows", "problem"))
    added = statement.excluded
    later = sa.case((CURSOR.c.told_at > added.told_at, CURSOR.c.told_at), else_=added.told_at)
    total = CURSOR.c.rows + added.rows
    values = {"cursor": added.cursor, "told_at": later, "rows": total, "problem": added.problem}
    return statement.on_conflict_do_update(index_elements=["account", "kind"], set_=values)


def date_back(conn: Connection, account: int, kind: str, told_at: int | None) -> None:
    """Single records were stored: what the whole stream is as of has not moved."""
    conn.execute(CURSOR.update().where(CURSOR.c.account == account, CURSOR.c.kind == kind).values(told_at=told_at))


def set_back(conn: Connection, account: int, kind: str, cursor: str) -> None:
    """The next pull of this kind begins earlier than where it stood; what it is as of stays."""
    conn.execute(CURSOR.update().where(CURSOR.c.account == account, CURSOR.c.kind == kind).values(cursor=cursor))


def finish(conn: Connection, account: int, kind: str, *, now: int) -> None:
    """This kind was read to its end, for the first time or again; one that gave no page has a row too."""
    statement = insert(conn, CURSOR).on_conflict_do_update(
        index_elements=["account", "kind"], set_={"whole_at": sa.func.coalesce(CURSOR.c.whole_at, now)}
    )
    conn.execute(statement, {"account": account, "kind": kind, "rows": 0, "whole_at": now})


def complain(conn: Connection, account: int, kind: str, problem: str) -> None:
    """This stream cannot be read, and why; its cursor stays. The next page that comes through clears it."""
    statement = insert(conn, CURSOR).on_conflict_do_update(
        index_elements=["account", "kind"], set_={"problem": clean.text(problem)}
    )
    conn.execute(statement, {"account": account, "kind": kind, "rows": 0, "problem": clean.text(problem)})


def forget(conn: Connection, account: int, kind: str) -> None:
    """The next pull of this kind reads everything; what is stored stays and is compared."""
    conn.execute(CURSOR.update().where(CURSOR.c.account == account, CURSOR.c.kind == kind).values(cursor=None))
