"""How sets of rows go in and are asked for, the same on both databases and fast.

SQLAlchemy binds row by row and rebuilds an IN list at every call, which costs more than the database itself. So rows
are handed to the driver as tuples for a statement compiled once, and a list of values travels as one parameter.
"""

from __future__ import annotations

import re
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from itertools import chain
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.engine import Connection

from connector.store.tables import Base

T = TypeVar("T")
CHUNK = 1000
AT_ONCE = 100
"""Rows of one INSERT in SQLite: the driver gives up the interpreter's lock and takes it again for every statement, so
that one of a single row costs half as much again, and far more where other threads work."""
_MANY_PARAMETERS = (3, 32)
"""Since when SQLite takes 32 766 of them, not 999."""
_ROW = re.compile(r"VALUES (\((?:\?, )*\?\))")
_DIALECTS = {"sqlite": ("sqlite.pysqlite", "qmark"), "postgresql": ("postgresql.psycopg", "format")}
"""Only to spell statements with positional parameters. Loaded where it is used: who has SQLite needs no PostgreSQL."""
Build = Callable[..., Any]
"""Makes a statement for a dialect."""


def table(name: str) -> sa.Table:
    """A table of the metadata, for sets of rows."""
    return Base.metadata.tables[name]


def chunks(values: Collection[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The values in order, at most `size` at a time."""
    listed = values if isinstance(values, list | tuple) else list(values)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


def among(conn: Connection, column: sa.Column[Any], values: Collection[T]) -> sa.ColumnElement[bool]:
    """Whether the column is one of the values, any number of them, as one parameter; found by index on both."""
    return among_listed(conn.dialect.name, column, listed(conn, values))


def among_listed(dialect: str, column: sa.Column[Any], values: Any = None) -> sa.ColumnElement[bool]:
    """The same of a list made by `listed`, or of one to be bound later where it is left out."""
    if dialect == "sqlite":
        array = sa.func.json_each(sa.bindparam(None, values, sa.Text, required=False)).table_valued("value")
        return column.in_(sa.select(array.c.value))
    return column == sa.any_(sa.bindparam(None, values, sa.ARRAY(column.type), required=False))


def listed(conn: Connection, values: Collection[T]) -> Any:
    """A list as the driver takes it for one parameter."""
    return msgspec.json.encode(list(values)).decode() if conn.dialect.name == "sqlite" else list(values)


def insert(conn: Connection, target: sa.Table) -> Any:
    """The dialect's own INSERT, which knows ON CONFLICT; the two dialects spell it alike."""
    return insert_on(conn.dialect.name, target)


def insert_on(dialect: str, target: sa.Table, names: Sequence[str] = ()) -> Any:
    """The same, before there is a connection; of these columns only, in the order in which the table has them."""
    statement = import_module(f"sqlalchemy.dialects.{dialect}").insert(target)
    if not names:
        return statement
    assert list(names) == [column.name for column in target.columns if column.name in names]
    return statement.values({name: sa.bindparam(name) for name in names})


def many(conn: Connection, build: Build, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run the statement that `build` makes for a dialect over rows of values, in the order of its parameters.

    Values go to the driver as they are: text, integers, floats and None.
    """
    if len(rows) >= AT_ONCE and (several := _several(build, conn.dialect.name)) is not None:
        whole = len(rows) - len(rows) % AT_ONCE
        for some in chunks(rows[:whole], AT_ONCE):
            conn.exec_driver_sql(several, tuple(chain.from_iterable(some)))
        rows = rows[whole:]
    if rows:
        conn.exec_driver_sql(_spelt(build, conn.dialect.name), list(rows))


def ask(conn: Connection, build: Build, values: tuple[Any, ...], *shape: str) -> Sequence[Any]:
    """The rows of a query that is asked for every page, its parameters in their order; `shape` goes to `build`.

    As the driver gives them, under the names of their columns: a name of SQLAlchemy's rows costs ten times as much.
    """
    columns, rows = _asked(conn, build, values, shape)
    return list(map(_named(columns), rows))


def ask_plainly(conn: Connection, build: Build, values: tuple[Any, ...], *shape: str) -> Sequence[tuple[Any, ...]]:
    """The same as plain tuples, for a query whose rows are taken apart at once."""
    return _asked(conn, build, values, shape)[1]


def _asked(
    conn: Connection, build: Build, values: tuple[Any, ...], shape: tuple[str, ...]
) -> tuple[tuple[str, ...], Sequence[tuple[Any, ...]]]:
    with conn.exec_driver_sql(_spelt(build, conn.dialect.name, *shape), values) as result:
        assert result.cursor is not None
        return tuple(result.keys()), result.cursor.fetchall()


@cache
def _named(columns: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    named: Any = namedtuple  # mypy wants the names written out
    make: Callable[[Iterable[Any]], Any] = named("Found", columns)._make
    return make


@cache
def _several(build: Build, dialect: str) -> str | None:
    """An insert of AT_ONCE rows; None where that is not to be had, or (PostgreSQL's pipeline) no better."""
    if dialect != "sqlite" or sqlite3.sqlite_version_info < _MANY_PARAMETERS:
        return None
    spelt, inserts = _ROW.subn(lambda row: "VALUES " + ", ".join([row[1]] * AT_ONCE), _spelt(build, dialect))
    return spelt if inserts == 1 else None


@cache
def _spelt(build: Build, dialect: str, *shape: str) -> str:
    name, style = _DIALECTS[dialect]
    return str(build(dialect, *shape).compile(dialect=registry.load(name)(paramstyle=style)))


def put(conn: Connection, target: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert, or replace every column of the row with the same primary key. No key twice in `rows`."""
    if rows:
        statement = insert(conn, target)
        rest = {c.name: statement.excluded[c.name] for c in target.columns if not c.primary_key}
        conn.execute(statement.on_conflict_do_update(index_elements=list(target.primary_key), set_=rest), rows)
