"""From a released schema to the next: rows stay, a backup is made first, and a kill in the middle undoes all of it.

Databases that programs before left are kept in `released/`, one of each schema. What the next one may need besides is
made up here: a column with a value for the rows there are, and a table.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from connector.errors import StoreTrouble
from connector.store import backup, daemons, migrate
from connector.store.accounts import enroll
from connector.store.engine import Store, open_store
from connector.store.tables import Base
from tests.store.test_migrate import move_and_die, shape

KEPT = Path(__file__).parent / "released"
NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"
branch_labels = depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account") as table:
        table.add_column(sa.Column("colour", sa.Text(), nullable=False, server_default="grey"))
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute(sa.text("update account set colour = 'green' where name = 'first'"))


def downgrade() -> None:
    op.drop_table("later")
    with op.batch_alter_table("account") as table:
        table.drop_column("colour")
"""


@pytest.fixture
def old(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Two accounts in the schema of today, and a program that knows the next one."""
    with store.write() as conn:
        for name in ("first", "second"):
            enroll(conn, name, "fake")
    folder = tmp_path / "migrations"
    shutil.copytree(migrate._folder(), folder)
    (folder / "versions" / "0003_next.py").write_text(NEXT)
    monkeypatch.setattr(migrate, "_folder", lambda: folder)
    monkeypatch.setattr(migrate, "HEAD", "0003")
    return store


@pytest.fixture(autouse=True)
def _without_pg_dump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its way is tests/store/test_backup.py's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setenv(backup.WITHOUT, "1")


@pytest.fixture
def released(empty_url: str, request: pytest.FixtureRequest) -> Iterator[Store]:
    """What a program of schema 0001 left."""
    store = open_store(empty_url, migrate=False)
    load(KEPT / f"{getattr(request, 'param', '0001')}.sql", store)
    yield store
    store.dispose()


def load(kept: Path, store: Store) -> None:
    """SQLite takes the file as it is; on PostgreSQL its rows go into what its revision makes there."""
    with closing(sqlite3.connect(store.where if store.dialect == "sqlite" else ":memory:")) as file:
        file.row_factory = sqlite3.Row
        file.executescript(kept.read_text("utf-8"))
        if store.dialect == "sqlite":
            return
        migrate.move(store, kept.stem)
        told = sa.MetaData()
        with store.write() as conn:
            told.reflect(conn)
            for target in told.sorted_tables:
                found = [dict(row) for row in file.execute(f'select * from "{target.name}"')]
                if target.name != "alembic_version":
                    conn.execute(target.insert(), found)


def rows(store: Store) -> dict[str, list[str]]:
    """All there are, by table."""
    with store.read() as conn:
        return {
            name: sorted(repr(tuple(row)) for row in conn.execute(sa.text(f'select * from "{name}"')))
            for name in shape(store)
        }


def colours(store: Store) -> list[tuple[str, str]]:
    with store.read() as conn:
        return [(one.name, one.colour) for one in conn.execute(sa.text("select name, colour from account order by 1"))]


def test_rows_of_the_old_schema_are_there_in_the_new_one(old: Store, tmp_path: Path) -> None:
    open_store(old.url).dispose()
    assert colours(old) == [("first", "green"), ("second", "grey")]
    with old.read() as conn:
        assert migrate.version(conn) == "0003"
    made = list(tmp_path.glob("before-upgrade-of-0002-*.db"))
    assert [backup.verify(one).counts["account"] for one in made] == ([2] if old.dialect == "sqlite" else [])


def test_without_a_backup_no_schema_changes_unless_told_so(
    old: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(backup.WITHOUT)
    if old.dialect == "sqlite":  # needs no tool for it
        migrate.upgrade(old)
        assert list(tmp_path.glob("before-upgrade-of-0002-*.db"))
        return
    with pytest.raises(StoreTrouble, match="there is no pg_dump") as refused:
        migrate.upgrade(old)
    assert backup.WITHOUT in str(refused.value)
    with old.read() as conn:
        assert migrate.version(conn) == "0002"


def test_and_killed_anywhere_on_the_way_they_are_there_in_the_old_one(old: Store) -> None:
    before, step = shape(old), 0
    old.dispose()
    while (ended := move_and_die(old.url, "head", step)) == 9:
        assert shape(old) == before, step
        with old.read() as conn:
            assert migrate.version(conn) == "0002"
            assert conn.execute(sa.text("select count(*) from account")).scalar() == 2
        old.dispose()
        step += 2
    assert ended == 0 and step > 6
    assert colours(old) == [("first", "green"), ("second", "grey")]


def test_from_0001_daemons_have_a_table_of_their_own_and_all_else_is_kept(released: Store, tmp_path: Path) -> None:
    """They stood among the leases, under the account's negative number, and each says within 20 s that it is there."""
    before = rows(released)
    assert all(before.values()) and len(before["lease"]) == 2, "a row in every table"
    open_store(released.url).dispose()
    after = rows(released)
    assert after.pop("daemon") == []
    real = [row for row in before["lease"] if not row.startswith("(-")]
    assert after == before | {"lease": real} and len(real) == 1
    made = [backup.verify(one) for one in tmp_path.glob("before-upgrade-of-0001-*.db")]
    told = [(one.schema, one.counts["lease"]) for one in made]
    assert told == ([("0001", 2)] if released.dialect == "sqlite" else [])


@pytest.mark.parametrize("released", [path.stem for path in sorted(KEPT.glob("*.sql"))], indirect=True)
def test_from_each_schema_before_to_what_the_code_declares_and_back(released: Store) -> None:
    there, left = shape(released), rows(released)
    with released.read() as conn:
        at = migrate.version(conn)
    migrate.upgrade(released)
    with released.read() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
        assert migrate.version(conn) == migrate.HEAD
    assert at is not None and at < migrate.HEAD
    migrate.downgrade(released, at)
    assert shape(released) == there
    lost = {name: some for name, some in left.items() if some != rows(released)[name]}
    assert lost.keys() <= {"lease"}, "0002 took from it what was none"


@pytest.mark.parametrize("released", [path.stem for path in sorted(KEPT.glob("*.sql"))], indirect=True)
def test_and_killed_anywhere_on_the_way_a_released_database_is_as_it_was(released: Store) -> None:
    before, step = rows(released), 0
    released.dispose()
    while (ended := move_and_die(released.url, "head", step)) == 9:
        assert rows(released) == before, step
        released.dispose()
        step += 1
    assert ended == 0 and step > 3
    with released.read() as conn:
        assert migrate.version(conn) == migrate.HEAD


def test_a_backup_of_before_is_restored_and_upgraded(sqlite_store: Store, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "kept.db")) as file:
        file.executescript((KEPT / "0001.sql").read_text("utf-8"))
    backup.restore(tmp_path / "kept.db", sqlite_store, now=datetime.now(UTC))
    with open_store(sqlite_store.url).read() as conn:
        assert conn.execute(sa.text("select name from account where id = 1")).scalar() == "acme"
        assert daemons.serving(conn, 1, datetime.now(UTC)) == []


def test_of_each_schema_before_the_newest_a_database_is_kept() -> None:
    """`released/0001.sql` and so on, made by the program of that schema: a new revision brings the one before it."""
    revisions = {
        path.name[:4] for path in (migrate._folder() / "versions").glob("*.py") if re.match(r"\d{4}_", path.name)
    }
    assert migrate.HEAD in revisions
    assert {path.stem for path in KEPT.glob("*.sql")} == revisions - {migrate.HEAD}
