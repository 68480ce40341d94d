"""How the database opens, what its transactions promise, and what it says when it cannot."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from connector.errors import BadConfig, StoreTrouble
from connector.store.engine import Store, open_store
from connector.store.trouble import told_in_words

ADD = sa.text("insert into dirty (account, dossier) values (:account, :dossier)")


def add(store: Store, account: int, dossier: str) -> None:
    with store.write() as conn:
        conn.execute(ADD, {"account": account, "dossier": dossier})


def count(store: Store) -> int:
    with store.read() as conn:
        return int(conn.execute(sa.text("select count(*) from dirty")).scalar_one())


def test_a_write_is_read(store: Store) -> None:
    add(store, 1, "deal:1")
    assert count(store) == 1


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write() as conn:
        conn.execute(ADD, {"account": 1, "dossier": "deal:1"})
        raise ZeroDivisionError
    assert count(store) == 0


def test_a_reader_sees_one_moment(store: Store) -> None:
    with store.read() as conn:
        before = conn.execute(sa.text("select count(*) from dirty")).scalar()
        add(store, 1, "deal:1")
        assert conn.execute(sa.text("select count(*) from dirty")).scalar() == before == 0
    assert count(store) == 1


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(StoreTrouble, match="read-only"), store.read() as conn:
        conn.execute(ADD, {"account": 1, "dossier": "deal:1"})
    add(store, 1, "deal:1")


def test_no_update_is_lost_between_threads(store: Store) -> None:
    """400 of 400, where the driver's own transactions lose 300 without a word."""
    with store.write() as conn:
        conn.execute(sa.text("insert into account (id, name, provider, clock_offset) values (1, 'a', 'b', 0)"))
    trouble: list[BaseException] = []
    lock = "" if store.dialect == "sqlite" else " for update"

    def work() -> None:
        try:
            for _ in range(25):
                with store.write() as conn:
                    now = conn.execute(sa.text(f"select clock_offset from account where id = 1{lock}")).scalar_one()
                    conn.execute(sa.text("update account set clock_offset = :next"), {"next": now + 1})
        except BaseException as error:
            trouble.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []
    with store.read() as conn:
        assert conn.execute(sa.text("select clock_offset from account")).scalar() == 100


def test_the_file_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'kpi.db'}")
    add(store, 1, "deal:1")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    store.dispose()
    assert modes == {"kpi.db": 0o600, "kpi.db-wal": 0o600, "kpi.db-shm": 0o600}


def test_sqlite_is_set_up_to_last(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        asked = ("busy_timeout", "journal_mode", "synchronous", "foreign_keys")
        told = [conn.exec_driver_sql(f"pragma {name}").scalar() for name in asked]
    assert told == [15000, "wal", 2, 1]


def test_postgresql_is_set_up_to_let_go(store: Store) -> None:
    if store.dialect == "sqlite":
        pytest.skip("of PostgreSQL alone")
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "application_name")
    with store.write() as conn:
        told = [conn.execute(sa.text(f"show {name}")).scalar() for name in names]
    assert told == ["10min", "15s", "10min", "kpi-connector"]


def test_a_password_is_in_no_message() -> None:
    store = open_store("postgresql://anna:S3CRET@127.0.0.1:1/kpi", migrate=False)
    with pytest.raises(StoreTrouble) as caught, store.read() as conn:
        conn.execute(sa.text("select 1"))
    assert "S3CRET" not in f"{caught.value} {store!r}"
    assert "127.0.0.1:1" in str(caught.value)
    assert "S3CRET" in store.url


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "kpi.db", "://"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(BadConfig, match=r"store\.url"):
        open_store(url)


# trouble


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreTrouble, match="this is a folder, not a file"):
        open_store(f"sqlite:///{tmp_path}")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreTrouble, match=r"nowhere/kpi\.db: the folder does not exist"):
        open_store(f"sqlite:///{tmp_path}/nowhere/kpi.db")


def test_another_program_s_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kpi.db").write_bytes(b"A letter to my aunt. " * 500)
    with pytest.raises(StoreTrouble, match="not a database of this program"):
        open_store(f"sqlite:///{tmp_path / 'kpi.db'}")
    assert (tmp_path / "kpi.db").read_bytes().startswith(b"A letter")


def test_a_damaged_file_says_so(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    for number in range(300):
        add(store, number, "x" * 200)
    with store.write() as conn:
        conn.exec_driver_sql("create table filler as select * from dirty")
    store.dispose()
    path = tmp_path / "kpi.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\x5a" * (len(whole) - 8192))
    with pytest.raises(StoreTrouble, match="damaged"):
        add(open_store(sqlite_url, migrate=False), 5, "y")


def test_a_full_disk_says_so_and_harms_nothing(sqlite_store: Store) -> None:
    add(sqlite_store, 1, "deal:1")
    with pytest.raises(StoreTrouble, match="the disk is full") as caught, sqlite_store.write() as conn:
        conn.exec_driver_sql("pragma max_page_count = 1")
        for number in range(2000):
            conn.execute(ADD, {"account": 2, "dossier": f"{number}" * 100})
    assert "nothing of this step was stored" in str(caught.value)
    sqlite_store.dispose()
    add(sqlite_store, 1, "deal:2")
    assert count(sqlite_store) == 2
    with sqlite_store.read() as conn:
        assert conn.exec_driver_sql("pragma integrity_check").scalar() == "ok"


def test_a_lock_held_by_another_program_is_named(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        conn.exec_driver_sql("pragma busy_timeout = 50")
    other = sqlite3.connect(sqlite_store.where, isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(StoreTrouble, match="another program keeps the file locked"):
        add(sqlite_store, 1, "deal:1")
    assert count(sqlite_store) == 0
    other.execute("rollback")
    other.close()
    add(sqlite_store, 1, "deal:1")


def as_nobody(work: Callable[[], None]) -> int:
    """Run in a process without root's rights; its exit code, 0 where `work` returned."""
    child = os.fork()
    if child == 0:
        try:
            os.setuid(65534)
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("mode", [0o400, 0o444])
def test_a_file_one_may_not_write_says_so(sqlite_url: str, tmp_path: Path, mode: int) -> None:
    (tmp_path / "kpi.db").chmod(mode)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)

    def work() -> None:
        with pytest.raises(StoreTrouble, match=r"the file cannot be written \(Permission denied\)"):
            open_store(sqlite_url)

    assert as_nobody(work) == 0


def test_a_broken_connection_is_told_and_the_next_one_works(store: Store) -> None:
    if store.dialect == "sqlite":
        pytest.skip("of PostgreSQL alone")
    with pytest.raises(StoreTrouble, match="the database server ended the connection"), store.write() as conn:
        pid = conn.execute(sa.text("select pg_backend_pid()")).scalar_one()
        with store.write() as other:
            other.execute(sa.text("select pg_terminate_backend(:pid)"), {"pid": pid})
        conn.execute(ADD, {"account": 1, "dossier": "deal:1"})
    add(store, 1, "deal:2")
    assert count(store) == 1


def test_a_bug_of_ours_keeps_its_traceback(store: Store) -> None:
    add(store, 1, "deal:1")
    with pytest.raises(IntegrityError):
        add(store, 1, "deal:1")


SPOKEN: list[tuple[type[psycopg.Error], str]] = [
    (psycopg.errors.DiskFull, "disk is full"),
    (psycopg.errors.ReadOnlySqlTransaction, "read-only"),
    (psycopg.errors.LockNotAvailable, "keeps a lock"),
    (psycopg.errors.QueryCanceled, "longer than it may"),
    (psycopg.errors.DeadlockDetected, "waited for one another"),
    (psycopg.errors.InvalidPassword, "refuses this user"),
    (psycopg.errors.InvalidCatalogName, "no such database"),
    (psycopg.errors.DataCorrupted, "damaged"),
    (psycopg.errors.ConnectionFailure, "connection to the database server broke"),
    (psycopg.errors.TooManyConnections, "no more connections"),
    (psycopg.errors.IdleInTransactionSessionTimeout, "idle transaction"),
    (psycopg.errors.InsufficientPrivilege, "lacks a right"),
]


@pytest.mark.parametrize(("error", "said"), SPOKEN)
def test_what_postgresql_says_is_said_in_words(error: type[psycopg.Error], said: str) -> None:
    with pytest.raises(StoreTrouble, match=said), told_in_words("kpi"):
        raise OperationalError("select 1", {}, error("in the server's words"))


def test_a_server_that_is_not_there_is_said_in_words() -> None:
    with pytest.raises(StoreTrouble, match=r"cannot be reached \(connection.* refused") as told:
        open_store("postgresql://nobody@127.0.0.1:1/kpi")
    assert "look whether it runs at the address in store.url" in str(told.value)


def test_the_unknown_is_passed_on_with_the_driver_s_words() -> None:
    odd: Any = sqlite3.OperationalError("the moon is full\nand so on")
    with (
        pytest.raises(StoreTrouble, match=r"kpi\.db: the database refused \(the moon is full\)"),
        told_in_words("kpi.db"),
    ):
        raise OperationalError("select 1", {}, odd)


def test_a_file_that_was_moved_away_is_not_written_to(sqlite_store: Store) -> None:
    """The system keeps an open file; what goes into it would be gone with the process."""
    add(sqlite_store, 1, "deal:1")
    file = Path(sqlite_store.where)
    aside = file.rename(file.with_name("aside"))
    with pytest.raises(StoreTrouble, match=r"moved away or deleted.*nothing more"):
        add(sqlite_store, 1, "deal:2")
    with pytest.raises(StoreTrouble, match="moved away"):
        count(sqlite_store)
    assert not file.exists(), "no empty one is made in its place"
    file.write_bytes(aside.read_bytes())
    with pytest.raises(StoreTrouble, match="another file"):
        add(sqlite_store, 1, "deal:2")
    aside.rename(file)
    assert count(sqlite_store) == 1


@pytest.mark.parametrize("left", ["nothing", "an empty file"])
def test_a_log_that_stands_alone_is_not_looked_at(sqlite_store: Store, left: str) -> None:
    """SQLite would delete it, and what was committed last with it."""
    add(sqlite_store, 1, "deal:1")
    file, log = Path(sqlite_store.where), Path(f"{sqlite_store.where}-wal")
    kept, whole = log.read_bytes(), file.read_bytes()
    sqlite_store.dispose()
    log.write_bytes(kept)  # as a process that was killed leaves it
    file.unlink() if left == "nothing" else file.write_bytes(b"")
    with pytest.raises(StoreTrouble, match=r"its -wal is.*put the file back"):
        open_store(f"sqlite:///{file}")
    with pytest.raises(StoreTrouble, match="its -wal is"), sqlite_store.read():
        pass
    assert log.read_bytes() == kept and file.exists() == (left != "nothing")
    file.write_bytes(whole)
    back = open_store(f"sqlite:///{file}")
    assert count(back) == 1
    back.dispose()
