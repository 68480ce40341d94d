"""From a released schema to the next: rows stay, a backup is made first, and a kill in the middle undoes all of it.

There is one schema so far, so the next one is made up here: a column with a value for the rows there are, and a table.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from connector.errors import StoreTrouble
from connector.store import backup, migrate
from connector.store.accounts import enroll
from connector.store.engine import Store, open_store
from tests.store.test_migrate import move_and_die, shape

KEPT = Path(__file__).parent / "released"
NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"
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
    (folder / "versions" / "0002_next.py").write_text(NEXT)
    monkeypatch.setattr(migrate, "_folder", lambda: folder)
    monkeypatch.setattr(migrate, "HEAD", "0002")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nonexistent")  # pg_dump's way is tests/store/test_backup.py's
    monkeypatch.setenv(backup.WITHOUT, "1")
    return store


def colours(store: Store) -> list[tuple[str, str]]:
    with store.read() as conn:
        return [(one.name, one.colour) for one in conn.execute(sa.text("select name, colour from account order by 1"))]


def test_rows_of_the_old_schema_are_there_in_the_new_one(old: Store, tmp_path: Path) -> None:
    open_store(old.url).dispose()
    assert colours(old) == [("first", "green"), ("second", "grey")]
    with old.read() as conn:
        assert migrate.version(conn) == "0002"
    made = list(tmp_path.glob("before-upgrade-of-0001-*.db"))
    assert [backup.verify(one).counts["account"] for one in made] == ([2] if old.dialect == "sqlite" else [])


def test_without_a_backup_no_schema_changes_unless_told_so(
    old: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(backup.WITHOUT)
    if old.dialect == "sqlite":  # needs no tool for it
        migrate.upgrade(old)
        assert list(tmp_path.glob("before-upgrade-of-0001-*.db"))
        return
    with pytest.raises(StoreTrouble, match="there is no pg_dump") as refused:
        migrate.upgrade(old)
    assert backup.WITHOUT in str(refused.value)
    with old.read() as conn:
        assert migrate.version(conn) == "0001"


def test_and_killed_anywhere_on_the_way_they_are_there_in_the_old_one(old: Store) -> None:
    before, step = shape(old), 0
    old.dispose()
    while (ended := move_and_die(old.url, "head", step)) == 9:
        assert shape(old) == before, step
        with old.read() as conn:
            assert migrate.version(conn) == "0001"
            assert conn.execute(sa.text("select count(*) from account")).scalar() == 2
        old.dispose()
        step += 2
    assert ended == 0 and step > 6
    assert colours(old) == [("first", "green"), ("second", "grey")]


def test_of_each_schema_before_the_newest_a_database_is_kept() -> None:
    """`released/0001.sql` and so on, made by the release itself: whoever adds a revision adds the one before it."""
    revisions = {
        path.name[:4] for path in (migrate._folder() / "versions").glob("*.py") if re.match(r"\d{4}_", path.name)
    }
    assert migrate.HEAD in revisions
    assert {path.stem for path in KEPT.glob("*.sql")} == revisions - {migrate.HEAD}
