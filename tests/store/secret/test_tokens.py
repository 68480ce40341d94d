"""A refresh token can be spent once: kill the refresh anywhere, race it, fill the disk, lose the answer."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import resource
import signal
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from connector.errors import (
    BadConfig,
    Blocked,
    Broken,
    KpiError,
    Limited,
    Reauthorise,
    StoreTrouble,
    TryLater,
    Uncertain,
    Unfit,
    Unreachable,
)
from connector.provider import Tokens
from connector.redact import redact
from connector.store import accounts, backup, notices
from connector.store.engine import Store, open_store
from connector.store.secret import tokens
from connector.store.secret.journal import Entry
from connector.store.secret.sealing import seal
from connector.store.secret.tokens import Vault
from connector.store.tables import TokenRow

FORK = multiprocessing.get_context("fork")
KEY = Fernet.generate_key()
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Vendor:
    """A token endpoint that takes each refresh token once, shared by processes through a file."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "vendor.json"
        self._write({"valid": "refresh-0", "calls": 0, "granted": 0})

    def state(self) -> dict[str, Any]:
        return dict(json.loads(self.file.read_text()))

    def _write(self, state: dict[str, Any]) -> None:
        self.file.write_text(json.dumps(state))

    def __call__(self, tokens: Tokens) -> Tokens:
        with self.file.open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            state = self.state()
            state["calls"] += 1
            fine = tokens.refresh == state["valid"]
            if fine:
                state["granted"] += 1
                state["valid"] = f"refresh-{state['granted']}"
            self._write(state)
        if not fine:
            raise Reauthorise("Token has been revoked")
        return pair(state["granted"])


def pair(n: int, at: datetime = NOW) -> Tokens:
    return Tokens(
        access=f"access-{n}", refresh=f"refresh-{n}", issued_at=at, expires_at=at + timedelta(hours=24),
        base="https://acme.amocrm.ru", extra={"member_id": "m"},
    )  # fmt: skip


@pytest.fixture
def vendor(tmp_path: Path) -> Vendor:
    return Vendor(tmp_path)


def open_vault(store: Store, folder: Path, clock: Callable[[], datetime] | None = None, key: bytes = KEY) -> Vault:
    return Vault(store, 1, key, folder / "acme.tokens", clock or Clock())


def killed(store: Store, work: Callable[[Store], object]) -> None:
    """Run `work` in a process that must not survive it."""
    store.dispose()  # SQLite's locks do not survive a fork

    def child(url: str) -> None:
        work(open_store(url, migrate=False))

    process = FORK.Process(target=child, args=(store.url,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def die(*_: object, **__: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def state_of(vault: Vault) -> str:
    row = vault.row()
    assert row is not None
    return row.state


def codes(store: Store) -> set[str]:
    with store.read() as conn:
        return {notice.code for notice in notices.all(conn, 1)}


# -- the quiet course ---------------------------------------------------------------------------------------------


def test_a_pair_is_kept_and_renewed(store: Store, tmp_path: Path, vendor: Vendor) -> None:
    vault = open_vault(store, tmp_path)
    assert vault.current() is None
    vault.keep(pair(0))
    assert vault.current() == pair(0)
    for n in range(3):
        assert vault.refresh(pair(n), vendor) == pair(n + 1)
    assert open_vault(store, tmp_path).current() == pair(3)
    assert vendor.state()["calls"] == 3
    row = vault.row()
    assert row is not None
    assert (row.version, row.state, row.intent_at, row.message) == (4, "good", None, "")


def test_without_a_pair_there_is_nothing_to_renew(store: Store, tmp_path: Path, vendor: Vendor) -> None:
    with pytest.raises(Reauthorise, match="never authorised"):
        open_vault(store, tmp_path).refresh(pair(0), vendor)
    assert vendor.state()["calls"] == 0


def test_whoever_comes_with_an_old_pair_gets_the_newer_one_without_a_call(
    store: Store, tmp_path: Path, vendor: Vendor
) -> None:
    vault = open_vault(store, tmp_path)
    vault.keep(pair(0))
    vault.refresh(pair(0), vendor)
    assert open_vault(store, tmp_path).refresh(pair(0), vendor) == pair(1)
    assert vendor.state()["calls"] == 1


def test_five_processes_that_renew_at_once_spend_one_token(store: Store, tmp_path: Path, vendor: Vendor) -> None:
    open_vault(store, tmp_path).keep(pair(0))
    store.dispose()
    gate, got = FORK.Barrier(5), FORK.Queue()

    def work(url: str) -> None:
        vault = open_vault(open_store(url, migrate=False), tmp_path)
        gate.wait(30)
        got.put(vault.refresh(pair(0), vendor).access)

    children = [FORK.Process(target=work, args=(store.url,)) for _ in range(5)]
    for child in children:
        child.start()
    assert [got.get(timeout=60) for _ in children] == ["access-1"] * 5
    for child in children:
        child.join(30)
    assert vendor.state()["calls"] == 1


def test_accounts_do_not_wait_for_one_another(store: Store, tmp_path: Path, vendor: Vendor) -> None:
    one, two = open_vault(store, tmp_path), Vault(store, 2, KEY, tmp_path / "acme.tokens", Clock())
    one.keep(pair(0))
    two.keep(pair(7))

    def meanwhile(tokens: Tokens) -> Tokens:
        assert two.refresh(pair(7), lambda _: pair(8)) == pair(8)
        return vendor(tokens)

    assert one.refresh(pair(0), meanwhile) == pair(1)
    assert two.current() == pair(8)


def test_what_lies_on_disk_is_sealed_and_private(store: Store, tmp_path: Path, vendor: Vendor) -> None:
    vault = open_vault(store, tmp_path)
    vault.keep(pair(0))
    seen: list[bytes] = []

    def look(tokens: Tokens) -> Tokens:
        seen.extend(file.read_bytes() for file in tmp_path.iterdir() if file.is_file() and file != vendor.file)
        for file in tmp_path.glob("acme*"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        return vendor(tokens)

    vault.refresh(pair(0), look)
    assert len(seen) >= 2
    assert not any(b"access-0" in data or b"refresh-0" in data for data in seen)
    assert redact("the token refresh-1 of access-1") == "the token *** of ***"


def test_a_wrong_key_is_said_in_words_and_changes_nothing(store: Store, tmp_path: Path, vendor: Vendor) -> None:
    open_vault(store, tmp_path).keep(pair(0))
    stranger = open_vault(store, tmp_path, key=Fernet.generate_key())
    for look in (stranger.current, lambda: stranger.refresh(pair(0), vendor)):
        with pytest.raises(StoreTrouble, match="wrong key"):
            look()
    assert open_vault(store, tmp_path).current() == pair(0)
    assert vendor.state()["calls"] == 0


# -- an older backup in the database's place ----------------------------------------------------------------------


def older(store: Store, row: TokenRow) -> None:
    """The database as it was when `row` was all it knew."""
    with store.write() as conn:
        conn.execute(sa.delete(tokens.TOKEN).where(tokens.TOKEN.c.account == row.account))
        conn.execute(sa.insert(tokens.TOKEN).values(**row.model_dump()))


def begun(store: Store, folder: Path) -> tuple[Vault, TokenRow]:
    """With its first pair, and the row of that."""
    vault = open_vault(store, folder)
    vault.keep(pair(0))
    row = vault.row()
    assert row is not None
    return vault, row


@pytest.mark.parametrize("times", [1, 3])
def test_a_restored_database_gets_the_pair_that_was_won_since(
    store: Store, tmp_path: Path, vendor: Vendor, times: int
) -> None:
    vault, row = begun(store, tmp_path)
    for n in range(times):
        vault.refresh(pair(n), vendor)
    older(store, row)
    restored = open_vault(store, tmp_path)
    assert restored.current() == pair(times)
    assert restored.refresh(pair(times), vendor) == pair(times + 1)
    assert state_of(restored) == "good"


def test_as_kpi_restore_does_it(sqlite_store: Store, tmp_path: Path, vendor: Vendor) -> None:
    with sqlite_store.write() as conn:
        assert accounts.enroll(conn, "acme", "amocrm") == 1
    vault, _ = begun(sqlite_store, tmp_path)
    made = backup.back_up(sqlite_store, tmp_path / "backups", now=NOW)
    vault.refresh(pair(0), vendor)
    backup.restore(made.path, sqlite_store, now=NOW)
    restored = later(sqlite_store, tmp_path, hours=25)
    assert restored.refresh(restored.current() or pair(0), vendor) == pair(2)


def test_also_where_the_next_refresh_failed_before(store: Store, tmp_path: Path, vendor: Vendor) -> None:
    def away(_: Tokens) -> Tokens:
        raise Unreachable("dns")

    vault, row = begun(store, tmp_path)
    vault.refresh(pair(0), vendor)
    vault.refresh(pair(1), away)
    older(store, row)
    assert open_vault(store, tmp_path).current() == pair(1)


def test_a_backup_made_in_the_middle_of_a_refresh_is_no_lost_answer(
    store: Store, tmp_path: Path, vendor: Vendor
) -> None:
    rows: list[TokenRow | None] = []

    def spend(held: Tokens) -> Tokens:
        rows.append(vault.row())
        return vendor(held)

    vault, _ = begun(store, tmp_path)
    vault.refresh(pair(0), spend)
    [row] = rows
    assert row is not None and row.intent_at is not None
    older(store, row)
    assert open_vault(store, tmp_path).current() == pair(1)
    assert codes(store) == set()


def test_a_pair_that_this_key_did_not_seal_is_not_brought_into_an_older_database(
    store: Store, tmp_path: Path, vendor: Vendor
) -> None:
    vault, row = begun(store, tmp_path)
    vault.refresh(pair(0), vendor)
    key = Fernet.generate_key()
    older(store, row.model_copy(update={"sealed": seal(key, b"a pair")}))
    anew = open_vault(store, tmp_path, key=key)
    assert anew.row().version == row.version  # type: ignore[union-attr]
    anew.keep(pair(1))
    assert open_vault(store, tmp_path, key=key).current() == pair(1)


def test_an_account_that_was_never_connected_gets_nobodys_pair(store: Store, tmp_path: Path, vendor: Vendor) -> None:
    vault, row = begun(store, tmp_path)
    vault.refresh(pair(0), vendor)
    with store.write() as conn:
        conn.execute(sa.delete(tokens.TOKEN).where(tokens.TOKEN.c.account == row.account))
    assert open_vault(store, tmp_path).current() is None


# -- kill -9 ------------------------------------------------------------------------------------------------------


def later(store: Store, folder: Path, **moved: float) -> Vault:
    """The vault of the next process, some time later."""
    return open_vault(store, folder, Clock(NOW + timedelta(**moved)))


def test_killed_before_the_call_the_account_goes_on(store: Store, tmp_path: Path, vendor: Vendor) -> None:
    open_vault(store, tmp_path).keep(pair(0))
    killed(store, lambda s: open_vault(s, tmp_path).refresh(pair(0), die))

    at_once = later(store, tmp_path, seconds=5)
    assert at_once.refresh(pair(0), vendor) == pair(0)  # the access token lives on, the old token is not shown yet
    assert state_of(at_once) == "refresh_unknown"
    assert vendor.state()["calls"] == 0
    assert later(store, tmp_path, seconds=121).refresh(pair(0), vendor) == pair(1)
    assert state_of(at_once) == "good"
    assert codes(store) == set()


def test_killed_between_answer_and_journal_it_warns_and_does_not_loop(
    store: Store, tmp_path: Path, vendor: Vendor
) -> None:
    open_vault(store, tmp_path).keep(pair(0))
    killed(store, lambda s: open_vault(s, tmp_path).refresh(pair(0), lambda tokens: die(vendor(tokens))))

    assert later(store, tmp_path, seconds=5).refresh(pair(0), vendor) == pair(0)
    assert codes(store) == {"refresh_unknown"}
    for minutes in (3, 10, 60, 600, 23 * 60):
        assert later(store, tmp_path, minutes=minutes).refresh(pair(0), vendor) == pair(0)
    assert vendor.state()["calls"] == 2  # the lost one, and one more that was told "revoked"
    assert codes(store) >= {"reauth_required"}
    with pytest.raises(Reauthorise, match="revoked"):
        later(store, tmp_path, hours=24).refresh(pair(0), vendor)
    assert vendor.state()["calls"] == 2

    vault = later(store, tmp_path, hours=25)
    vault.keep(pair(1))  # a person connects the account again
    assert (vault.current(), state_of(vault), codes(store)) == (pair(1), "good", set())


def test_killed_between_journal_and_database_the_account_goes_on(store: Store, tmp_path: Path, vendor: Vendor) -> None:
    open_vault(store, tmp_path).keep(pair(0))

    def work(its: Store) -> None:
        vault = open_vault(its, tmp_path)
        vault._store_pair = die  # type: ignore[method-assign]
        vault.refresh(pair(0), vendor)

    killed(store, work)
    vault = later(store, tmp_path, seconds=1)
    assert vault.current() == pair(1)
    assert vault.refresh(pair(0), vendor) == pair(1)
    assert vault.refresh(pair(1), vendor) == pair(2)
    assert state_of(vault) == "good"


def test_killed_between_database_and_trim_the_account_goes_on(store: Store, tmp_path: Path, vendor: Vendor) -> None:
    open_vault(store, tmp_path).keep(pair(0))

    def work(its: Store) -> None:
        vault = open_vault(its, tmp_path)
        vault._journal.trim = die  # type: ignore[method-assign]
        vault.refresh(pair(0), vendor)

    killed(store, work)
    vault = later(store, tmp_path, seconds=1)
    assert vault.current() == pair(1)
    assert vault.refresh(pair(1), vendor) == pair(2)
    assert later(store, tmp_path, days=1).current() == pair(2)  # the left-over journal does not bring pair 1 back
    assert vault.row().version == 3  # type: ignore[union-attr]


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_torn_journal_line_is_no_record_and_does_not_swallow_the_next(
    store: Store, tmp_path: Path, vendor: Vendor, kept: float
) -> None:
    open_vault(store, tmp_path).keep(pair(0))

    def work(its: Store) -> None:
        vault = open_vault(its, tmp_path)
        append = vault._journal.append

        def tear(entry: Entry) -> None:
            before = vault._journal.path.read_bytes() if vault._journal.path.exists() else b""
            append(entry)
            if entry.what == "answer":
                whole = vault._journal.path.read_bytes()
                start = len(before.rstrip(b" "))
                vault._journal.path.write_bytes(whole[: start + int((len(whole) - start) * kept)] + b" " * 500)
                die()

        vault._journal.append = tear  # type: ignore[method-assign]
        vault.refresh(pair(0), vendor)

    killed(store, work)
    assert later(store, tmp_path, seconds=5).refresh(pair(0), vendor) == pair(0)
    assert codes(store) == {"refresh_unknown"}
    assert later(store, tmp_path, minutes=3).refresh(pair(0), vendor) == pair(0)
    assert vendor.state()["calls"] == 2
    assert "reauth_required" in codes(store)


def test_killed_before_the_intent_reaches_the_database_nothing_was_spent(
    store: Store, tmp_path: Path, vendor: Vendor
) -> None:
    open_vault(store, tmp_path).keep(pair(0))

    def work(its: Store) -> None:
        vault = open_vault(its, tmp_path)
        vault._note = die  # type: ignore[method-assign]
        vault.refresh(pair(0), vendor)

    killed(store, work)
    assert later(store, tmp_path, seconds=1).refresh(pair(0), vendor) == pair(1)


# -- answers that never came --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [Uncertain("lost"), Broken("<html>"), TryLater("?"), KeyError("access_token")])
def test_a_lost_answer_keeps_the_access_token_and_is_tried_once_after_each_growing_pause(
    store: Store, tmp_path: Path, lost: Exception
) -> None:
    clock = Clock()
    vault = open_vault(store, tmp_path, clock)
    vault.keep(pair(0))
    calls: list[datetime] = []

    def endpoint(_: Tokens) -> Tokens:
        calls.append(clock.now)
        raise lost

    for _ in range(150):
        try:
            assert vault.refresh(pair(0), endpoint) == pair(0)
        except KeyError:
            assert isinstance(lost, KeyError)  # a bug of the provider is never swallowed
        clock.now += timedelta(minutes=2)
    gaps = [round((b - a).total_seconds() / 60) for a, b in pairwise(calls)]
    assert gaps[:6] == [2, 4, 8, 16, 32, 60]
    assert set(gaps[6:]) == {60}
    assert state_of(vault) == "refresh_unknown"  # never called dead without the vendor's word
    clock.now = NOW + timedelta(hours=24)
    calls_before = len(calls)
    with pytest.raises(type(lost)):  # over at last; the last try was long ago
        vault.refresh(pair(0), endpoint)
    with pytest.raises(TryLater, match="unknown") as caught:
        vault.refresh(pair(0), endpoint)
    assert len(calls) == calls_before + 1
    assert caught.value.retry_at is not None
    clock.now = caught.value.retry_at
    assert vault.refresh(pair(0), lambda _: pair(1)) == pair(1)
    assert (state_of(vault), codes(store)) == ("good", set())


UNSPENT: list[KpiError] = [
    Unreachable("dns"),
    Limited("429"),
    Blocked("403 <html>"),
    Unfit("bad client"),
    BadConfig(["x"]),
]


@pytest.mark.parametrize("error", UNSPENT, ids=lambda e: type(e).__name__)
def test_a_call_that_did_not_spend_the_token_leaves_no_doubt(
    store: Store, tmp_path: Path, vendor: Vendor, error: KpiError
) -> None:
    def refuse(_: Tokens) -> Tokens:
        raise error

    vault = open_vault(store, tmp_path)
    vault.keep(pair(0))
    assert vault.refresh(pair(0), refuse) == pair(0)
    assert state_of(vault) == "good"
    with pytest.raises(type(error)):
        later(store, tmp_path, hours=24).refresh(pair(0), refuse)
    assert vault.refresh(pair(0), vendor) == pair(1)


def test_a_call_that_never_left_does_not_settle_an_older_doubt(store: Store, tmp_path: Path) -> None:
    def lose(_: Tokens) -> Tokens:
        raise Uncertain("lost")

    def miss(_: Tokens) -> Tokens:
        raise Unreachable("dns")

    open_vault(store, tmp_path).keep(pair(0))
    open_vault(store, tmp_path).refresh(pair(0), lose)
    vault = later(store, tmp_path, minutes=3)
    vault.refresh(pair(0), miss)
    assert state_of(vault) == "refresh_unknown"


def test_a_clock_set_back_does_not_stop_the_retry(store: Store, tmp_path: Path, vendor: Vendor) -> None:
    def lose(_: Tokens) -> Tokens:
        raise Uncertain("lost")

    ahead = later(store, tmp_path, hours=20)
    ahead.keep(pair(0))
    assert ahead.refresh(pair(0), lose) == pair(0)
    assert open_vault(store, tmp_path).refresh(pair(0), vendor) == pair(1)


# -- disk and database --------------------------------------------------------------------------------------------


def test_where_the_journal_cannot_be_written_no_token_is_spent(store: Store, tmp_path: Path, vendor: Vendor) -> None:
    open_vault(store, tmp_path).keep(pair(0))
    vault = later(store, tmp_path, hours=24)
    vault._journal.path.unlink()
    vault._journal.path.mkdir()
    with pytest.raises(StoreTrouble, match="no token was spent"):
        vault.refresh(pair(0), vendor)
    assert vendor.state()["calls"] == 0


def test_where_the_disk_is_full_no_token_is_spent(sqlite_store: Store, tmp_path: Path, vendor: Vendor) -> None:
    """By a limit on the size of files this process may write, which fails like a full disk."""
    open_vault(sqlite_store, tmp_path).keep(pair(0))
    vault = later(sqlite_store, tmp_path, hours=24)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(StoreTrouble):
            vault.refresh(pair(0), vendor)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert vendor.state()["calls"] == 0
    assert vault.refresh(pair(0), vendor) == pair(1)


def test_a_disk_that_fills_up_during_the_call_still_has_room_for_the_answer(
    sqlite_store: Store, tmp_path: Path, vendor: Vendor
) -> None:
    """The intent holds the room; the database fails, the journal does not, and the next process goes on."""

    def full(_: Entry) -> None:
        raise StoreTrouble("disk full")

    open_vault(sqlite_store, tmp_path).keep(pair(0))
    vault = later(sqlite_store, tmp_path, hours=24)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(tokens: Tokens) -> Tokens:
        fresh = vendor(tokens)
        resource.setrlimit(resource.RLIMIT_FSIZE, (vault._journal.path.stat().st_size, hard))
        vault._store_pair = full  # type: ignore[method-assign]  # whether SQLite needs more room depends on its log
        return fresh

    try:
        with pytest.raises(StoreTrouble):
            vault.refresh(pair(0), fill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert later(sqlite_store, tmp_path, hours=25).current() == pair(1)


def test_a_pair_that_neither_disk_nor_database_took_is_stored_as_soon_as_one_does(
    store: Store, tmp_path: Path, vendor: Vendor
) -> None:
    vault = open_vault(store, tmp_path)
    vault.keep(pair(0))
    append, store_pair = vault._journal.append, vault._store_pair

    def full(entry: Entry) -> None:
        if entry.what == "answer":
            raise StoreTrouble("disk full")
        append(entry)

    def locked(_: Entry) -> None:
        raise StoreTrouble("locked")

    vault._journal.append, vault._store_pair = full, locked  # type: ignore[method-assign]
    vault.refresh(pair(0), vendor)
    vault._journal.append, vault._store_pair = append, store_pair  # type: ignore[method-assign]
    assert vault.refresh(pair(0), vendor) == pair(1)
    assert vendor.state()["calls"] == 1
    assert open_vault(store, tmp_path).current() == pair(1)


def test_a_journal_of_another_key_overwrites_nothing(store: Store, tmp_path: Path) -> None:
    vault = open_vault(store, tmp_path)
    vault.keep(pair(0))
    vault._journal.append(Entry("answer", 9, 0, Fernet(Fernet.generate_key()).encrypt(b"{}").decode()))
    with pytest.raises(StoreTrouble, match="wrong key"):
        open_vault(store, tmp_path)
    assert vault.current() == pair(0)
