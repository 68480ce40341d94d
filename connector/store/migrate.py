"""Bring a database's schema to this version's: all revisions in one transaction, by one process at a time.

Alembic is only loaded where there is something to do: it costs a fifth of a second, and most starts have nothing.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.errors import StoreTrouble
from connector.store.backup import before_migration
from connector.store.engine import Store

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger("kpi")
HEAD = "0002"
"""The newest revision in `migrations/`; a test compares."""

_ONE_MIGRATOR = 0x6B7069  # "kpi"


def upgrade(store: Store) -> None:
    """Up to this version's schema, after a backup where there is anything yet. Raises StoreTrouble where a newer
    version made the database.
    """
    with store.read() as conn:
        at = version(conn)
    if at == HEAD:
        return
    if at is not None and at < HEAD:
        made = before_migration(store, at, now=datetime.now(UTC))
        log.warning(
            "the schema goes from %s to %s; %s",
            at,
            HEAD,
            f"backup: {made}" if made else "no backup was made, as asked for",
        )
    move(store, "head")


def downgrade(store: Store, revision: str) -> None:
    """Back to a revision, `base` for the empty database. Rows of tables that vanish are gone."""
    move(store, revision)


def version(conn: Connection) -> str | None:
    """The revision the database is at, None before the first."""
    if not sa.inspect(conn).has_table("alembic_version"):
        return None
    found: str | None = conn.execute(sa.text("select version_num from alembic_version")).scalar()
    return found


def move(store: Store, revision: str) -> None:
    """Up or down to `revision` in one transaction: a crash inside any revision leaves the database as it was."""
    from alembic import command
    from alembic.script import ScriptDirectory

    with store.write() as conn:
        alone(conn)
        config = _config(conn)
        scripts = ScriptDirectory.from_config(config)
        known = [script.revision for script in scripts.walk_revisions()]  # newest first
        at = version(conn)
        if at is not None and at not in known:
            raise StoreTrouble(
                f"a newer version of this program made the database (schema {at}, known are {', '.join(known)})",
                where=store.where,
                done="it was left as it is",
                todo="install that version, or restore a backup made before the upgrade",
            )
        up = revision == "head" or (revision in known and (at is None or known.index(revision) < known.index(at)))
        (command.upgrade if up else command.downgrade)(config, revision)


def alone(conn: Connection) -> None:
    """SQLite's BEGIN IMMEDIATE already excludes others. Migrations may take longer than a statement otherwise may."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("set local statement_timeout = 0"))
        conn.execute(sa.text("set local lock_timeout = 0"))
        conn.execute(sa.text("select pg_advisory_xact_lock(:key)"), {"key": _ONE_MIGRATOR})


def _config(conn: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    return config


def _folder() -> Path:
    """`connector/migrations` in the wheel, `migrations` beside the package in the repository."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"
