"""One database, opened the same way by everyone: transactions that neither lose updates nor wait for ever.

SQLite left to the driver's defaults loses updates silently (300 of 400, measured) and locks at once whoever upgrades a
read to a write; hence BEGIN IMMEDIATE for every writer, a plain BEGIN for readers, and a busy timeout.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError

from connector import crash
from connector.errors import BadConfig, StoreTrouble
from connector.store.place import Place
from connector.store.trouble import told_in_words

PRAGMAS = ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
"""In this order: switching to WAL can itself find the file busy. FULL, so that a commit survives a power cut."""

POSTGRESQL = {
    "application_name": "kpi-connector",
    "connect_timeout": 10,
    "options": "-c statement_timeout=600s -c lock_timeout=15s -c idle_in_transaction_session_timeout=600s",
}


class Store:
    """An open database. `dialect` is sqlite or postgresql; `where` names it in errors, without a password."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self.dialect = url.get_backend_name()
        self.where = (url.database or "") if self.dialect == "sqlite" else url.render_as_string(hide_password=True)
        engine = _sqlite(url) if self.dialect == "sqlite" else _postgresql(url)
        self._engine = engine
        self._place = Place(Path(self.where)) if self.dialect == "sqlite" else None
        if crash.armed():
            for moment in ("before_cursor_execute", "commit"):
                sa.event.listen(engine, moment, crash.step)
        self._reader, self._writer = _two_ways(engine)

    @property
    def url(self) -> str:
        """The address as configured, password included: for opening it again, never for a message."""
        return self._url.render_as_string(hide_password=False)

    def __repr__(self) -> str:
        return f"Store({self.where!r})"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot, however many statements; cannot write. Raises StoreTrouble."""
        self.in_place()
        with told_in_words(self.where), self._reader.connect() as conn:
            yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """All or nothing; on SQLite one writer at a time. Never held across a call to a CRM. Raises StoreTrouble."""
        self.in_place()
        with told_in_words(self.where), self._writer.begin() as conn:
            yield conn

    def in_place(self) -> None:
        """Raises Misplaced where the file that was opened is not the one that stands there now, or its log is alone."""
        if self._place is not None:
            self._place.check()

    def dispose(self) -> None:
        """Close every pooled connection; what stands there then is opened by the next one."""
        self._engine.dispose()
        if self._place is not None:
            self._place = Place(Path(self.where))


def closed_store(url: str) -> Store:
    """Only named: nothing is looked at, made or migrated before it is used. Raises BadConfig."""
    return Store(_address(url))


def open_store(url: str, *, migrate: bool = True) -> Store:
    """Open the database, make it where it is an SQLite file that is not there, and bring its schema up to date.

    Raises StoreTrouble (no folder, no right, damaged, made by a newer version) and BadConfig (not a database address).
    """
    store = closed_store(url)
    store.in_place()
    if store.dialect == "sqlite":
        _make_file(Path(store.where))
    if migrate:
        from connector.store.migrate import upgrade  # it needs Store, and a store without it needs nothing of Alembic

        upgrade(store)
    return store


def _address(url: str) -> URL:
    try:
        address = sa.make_url(url)
    except ArgumentError:
        raise BadConfig(["store.url is no database address: sqlite:///FILE or postgresql+psycopg://…"]) from None
    if address.get_backend_name() == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        raise BadConfig(["store.url names neither an SQLite file nor a PostgreSQL database"])
    return address


def _make_file(path: Path) -> None:
    """Make the file readable by its owner only; SQLite gives the -wal and -shm files the same mode."""
    if path.is_dir():
        raise StoreTrouble("this is a folder, not a file", where=str(path), todo="name a file in store.url")
    if not path.absolute().parent.is_dir():
        raise StoreTrouble("the folder does not exist", where=str(path), todo="create it, or mend store.url")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreTrouble(
            f"the file cannot be written ({reason})", where=str(path), todo="give this user write access to it"
        ) from error


def _sqlite(url: URL) -> Engine:
    engine = sa.create_engine(url, connect_args={"isolation_level": None, "timeout": 15})
    sa.event.listen(engine, "connect", _set_pragmas)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(conn: Connection) -> None:
    writing = conn.get_execution_options().get("kpi_writes", False)
    if conn.info.get("kpi_writes", True) is not writing:
        conn.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
        conn.info["kpi_writes"] = writing
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _postgresql(url: URL) -> Engine:
    return sa.create_engine(url, connect_args=POSTGRESQL, pool_pre_ping=True)


def _two_ways(engine: Engine) -> tuple[Engine, Engine]:
    """To read and to write, over one pool of connections."""
    if engine.dialect.name == "sqlite":
        return engine, engine.execution_options(kpi_writes=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True), engine
