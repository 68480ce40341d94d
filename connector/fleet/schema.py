"""Procrastinate's schema in our database, brought up to the installed version by one process at a time.

The library leaves to its users to know which of its migrations ran; the last one's name is a comment on its table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from procrastinate.schema import SchemaManager
from sqlalchemy.engine import Connection

from connector.errors import StoreTrouble
from connector.store.engine import Store
from connector.store.migrate import alone

TABLE = "procrastinate_jobs"
_NAME = re.compile(r"^\d\d\.\d\d\.\d\d_\d\d(_[a-z0-9_]+)+\.sql$")


def prepare(store: Store) -> None:
    """Make the tables, or apply what a newer Procrastinate brings. Raises StoreTrouble where ours is the older one."""
    scripts = _scripts()
    newest = scripts[-1].name
    with store.read() as conn:
        if _last(conn) == newest:
            return
    with store.write() as conn:
        alone(conn)
        last = _last(conn)
        if last is not None and last > newest:
            raise StoreTrouble(
                f"a newer Procrastinate made the queue's tables ({last}, known are those up to {newest})",
                where=store.where,
                done="they were left as they are",
                todo="install this program's newer version on this machine too",
            )
        if not sa.inspect(conn).has_table(TABLE):
            _run(conn, SchemaManager.get_schema())
        else:  # whoever made them without us applied what was newest then, which nobody noted
            for script in (one for one in scripts if one.name > (last or newest)):
                _run(conn, script.read_text("utf-8"))
        conn.exec_driver_sql(f"comment on table {TABLE} is '{newest}'")


def _run(conn: Connection, script: str) -> None:
    """Many statements at once, and dollar quotes in them: as text, with no parameters."""
    conn.connection.cursor().execute(script)


def _last(conn: Connection) -> str | None:
    told: str | None = conn.execute(
        sa.text("select obj_description(to_regclass(:name), 'pg_class')"), {"name": TABLE}
    ).scalar()
    return told if told and _NAME.match(told) else None


def _scripts() -> list[Path]:
    return sorted(_found(Path(SchemaManager.get_migrations_path())))


def _found(folder: Path) -> Iterator[Path]:
    for path in folder.glob("*.sql"):
        if not _NAME.match(path.name):
            raise StoreTrouble(f"a migration of Procrastinate with an unknown name, {path.name}", where=str(folder))
        yield path
