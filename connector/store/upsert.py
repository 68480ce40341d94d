"""How sets of rows go in and are asked for, the same on both databases and fast.

SQLAlchemy binds row by row and rebuilds an IN list at every call, which costs more than the database itself. So rows
are handed to the driver as tuples for a statement compiled once, and a list of values travels as one parameter.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.engine import Connection

from connector.store.tables import Base

T = TypeVar("T")
CHUNK = 1000
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
    if rows:
        conn.exec_driver_sql(_spelt(build, conn.dialect.name), list(rows))


def ask(conn: Connection, build: Build, values: tuple[Any, ...], *shape: str) -> Sequence[Any]:
    """The rows of a query that is asked for every page, its parameters in their order; `shape` goes to `build`.

    As the driver gives them, under the names of their columns: a name of SQLAlchemy's rows costs ten times as much.
    """
    with conn.exec_driver_sql(_spelt(build, conn.dialect.name, *shape), values) as result:
        named = _named(tuple(result.keys()))
        assert result.cursor is not None
        return list(map(named, result.cursor.fetchall()))


@cache
def _named(columns: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    named: Any = namedtuple  # mypy wants the names written out
    make: Callable[[Iterable[Any]], Any] = named("Found", columns)._make
    return make


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
