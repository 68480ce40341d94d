"""INSERT … ON CONFLICT for both databases, and lists cut to what one statement may hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from connector.store.tables import Base

T = TypeVar("T")
CHUNK = 1000
"""Values in one IN list: SQLite takes 32 766 parameters, PostgreSQL 65 535; longer ones compile slower."""

_made: dict[tuple[str, str, str], Any] = {}


def table(name: str) -> sa.Table:
    """A table of the metadata, for sets of rows."""
    return Base.metadata.tables[name]


def chunks(values: Collection[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The values in order, at most `size` at a time."""
    listed = values if isinstance(values, list | tuple) else list(values)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


def insert(conn: Connection, target: sa.Table) -> Any:
    """The dialect's own INSERT, which knows ON CONFLICT; the two dialects spell it alike."""
    return (sqlite if conn.dialect.name == "sqlite" else postgresql).insert(target)


def put(conn: Connection, target: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert, or replace every column of the row with the same primary key. No key twice in `rows`."""
    if rows:
        conn.execute(_once("put", conn, target), rows)


def add_missing(conn: Connection, target: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert those whose primary key is not there yet."""
    if rows:
        conn.execute(_once("add_missing", conn, target), rows)


def _once(what: str, conn: Connection, target: sa.Table) -> Any:
    """Building a statement costs more than binding a page of rows to it."""
    key = (what, conn.dialect.name, target.name)
    if key not in _made:
        statement = insert(conn, target)
        keys = list(target.primary_key.columns)
        if what == "put":
            rest = {c.name: statement.excluded[c.name] for c in target.columns if not c.primary_key}
            _made[key] = statement.on_conflict_do_update(index_elements=keys, set_=rest)
        else:
            _made[key] = statement.on_conflict_do_nothing(index_elements=keys)
    return _made[key]
