"""D. Trouble on our own side: a disk that fills up, a clock that jumps, two programs at once, a poor environment."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import traceback
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from connector.app import desk
from connector.config import AccountSettings
from connector.errors import Busy, StoreTrouble
from connector.jobs.clock import schedule
from connector.jobs.moments import moments
from connector.jobs.turns import Turns
from connector.pipeline.bench import each
from connector.pipeline.cycling import cycle
from connector.pipeline.privacy.erasing import erase
from connector.pipeline.reading import sync_and_derive
from connector.records import Client
from connector.store import backup, leases, migrate
from connector.store.crm import records
from connector.store.engine import open_store
from tests.faults import invariants
from tests.faults.killing import in_another_process
from tests.faults.rig import KEY, Rig

FORK = multiprocessing.get_context("fork")
NEVER = lambda: False  # noqa: E731
ERASING = (40, 4_096, 40_000, 60_000, 80_000, 120_000, 200_000, 400_000)
"""Bytes to which files may grow, from not even the list of marks to all that is asked."""


def full_after(rig: Rig, pages: int) -> Any:
    """From now on the database may grow by so many pages."""
    engine = rig.bench.store._engine
    rig.bench.store.dispose()
    with rig.bench.store.read() as conn:
        limit = conn.exec_driver_sql("pragma page_count").scalar_one() + pages
    rig.bench.store.dispose()

    def bound(connection: Any, _record: object) -> None:
        connection.execute(f"pragma max_page_count = {limit}").close()

    sa.event.listen(engine, "connect", bound)
    return lambda: sa.event.remove(engine, "connect", bound)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    "pages", [0, 3, *(pytest.param(n, marks=pytest.mark.slow_fault) for n in (1, 2, *range(4, 40)))]
)
def test_d01_the_disk_is_full(rig: Rig, pages: int) -> None:
    """Once in words, nothing damaged, and on it goes when there is room again.

    PostgreSQL's disk is its server's: its code is told in words too (tests/store/test_engine.py).
    """
    free = full_after(rig, pages)
    ended = rig.run(cycle)
    if ended.error is not None:
        assert isinstance(ended.error, StoreTrouble), ended.error
        assert "the disk is full" in str(ended.error)
        assert "free some space" in str(ended.error)
    free()
    rig.bench.store.dispose()
    with rig.bench.store.read() as conn:
        assert conn.exec_driver_sql("pragma integrity_check").scalar() == "ok"
    rig.settle()


def with_room(rig: Rig, most: int, work: Any) -> int | None:
    """Do the work in a process of its own, none of whose files may grow beyond `most` bytes; its exit code: 4 where it
    was told in words that it cannot be written.
    """

    def child() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with desk(rig.folder / "config.toml", {"KPI_KEY": KEY}, settings=settings, clock=lambda: now) as made:
            bench = made.open(settings.account[0])
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
            try:
                work(bench)
            except StoreTrouble as error:
                os._exit(4 if error.todo else 70)
            except BaseException:
                traceback.print_exc()
                os._exit(70)
            os._exit(0)

    settings, now = rig.desk.settings, rig.box.now
    rig.desk.store.dispose()
    process = FORK.Process(target=child)
    process.start()
    process.join(60)
    return process.exitcode


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("most", [0, 24_000, *(pytest.param(n, marks=pytest.mark.slow_fault) for n in ERASING)])
def test_d01_no_room_while_a_person_is_erased(rig: Rig, most: int) -> None:
    """A real limit, on the -wal and on the list of marks too. He is not half gone: asked again with room, all of him
    is, and no later sync brings him back.
    """
    who = "contact:20003"
    with rig.bench.store.read() as conn:
        phones = records.get(conn, rig.bench.account, Client, [who])[who].phones
    left = with_room(rig, most, lambda bench: erase(bench, who, rig.folder, author="test", reason="asked"))
    assert left == 4 or (left == 0 and most > 24_000), left
    erase(rig.bench, who, rig.folder, author="test", reason="asked again")
    rig.quiet()
    with rig.bench.store.read() as conn:
        assert conn.exec_driver_sql("pragma integrity_check").scalar() == "ok"
        kept = " ".join(conn.execute(sa.text("select body from record")).scalars())
    assert phones or rig.crm == "bitrix24", "of a portal's contacts no phone is kept here"
    assert not any(phone in kept for phone in phones)
    assert invariants.differences(rig) == []


@pytest.mark.parametrize("pages", [20, *(pytest.param(n, marks=pytest.mark.slow_fault) for n in (1, 2, 5, 50, 100))])
def test_d01_the_disk_is_full_during_a_backup(sqlite_url: str, tmp_path: Path, pages: int, monkeypatch: Any) -> None:
    """No half of it stays, and it says why; the same disk, full before the way back, leaves the database as it was."""
    store, now = open_store(sqlite_url), datetime(2026, 9, 1, tzinfo=UTC)
    whole = backup.back_up(store, tmp_path / "kept", now=now).path
    connect = sqlite3.connect

    def small(path: Any, *arguments: Any, **more: Any) -> sqlite3.Connection:
        made = connect(path, *arguments, **more)
        if not more.get("uri"):
            made.execute(f"pragma max_page_count = {pages}")
        return made

    before = sqlite3.connect(store.where)
    before.execute("vacuum")
    before.close()
    monkeypatch.setattr(backup.sqlite3, "connect", small)
    with pytest.raises(StoreTrouble, match=r"the disk is full.*free some space"):
        backup.back_up(store, tmp_path / "other", now=now)
    assert list((tmp_path / "other").iterdir()) == []
    with pytest.raises(StoreTrouble, match="the disk is full"):
        backup.restore(whole, store, now=now)
    with store.read() as conn:
        assert conn.exec_driver_sql("pragma integrity_check").scalar() == "ok"
    monkeypatch.undo()
    assert backup.restore(whole, store, now=now)[0].counts == backup.verify(whole).counts
    store.dispose()


@pytest.mark.parametrize("pages", [30, *(pytest.param(n, marks=pytest.mark.slow_fault) for n in (1, 2, 5, 60, 100))])
def test_d01_the_disk_is_full_during_a_migration(tmp_path: Path, pages: int) -> None:
    """All of the schema or nothing of it; with room it is made."""
    url = f"sqlite:///{tmp_path / 'kpi.db'}"

    def bound(connection: Any, _record: object) -> None:
        connection.execute(f"pragma max_page_count = {pages}").close()

    sa.event.listen(sa.engine.Engine, "connect", bound)
    try:
        with pytest.raises(StoreTrouble, match="the disk is full"):
            open_store(url)
    finally:
        sa.event.remove(sa.engine.Engine, "connect", bound)
    left = open_store(url, migrate=False)
    with left.read() as conn:
        assert sa.inspect(conn).get_table_names() == []
    migrate.upgrade(left)
    with left.read() as conn:
        assert migrate.version(conn) == migrate.HEAD
        assert conn.exec_driver_sql("pragma integrity_check").scalar() == "ok"
    left.dispose()


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    "kept", [0.5, *(pytest.param(n, marks=pytest.mark.slow_fault) for n in (0, 0.1, 0.3, 0.7, 0.99))]
)
def test_d05_the_wal_is_cut_off(rig: Rig, kept: float) -> None:
    """What a dead process left in the -wal, cut anywhere: the database is as after an earlier commit, and goes on."""
    assert in_another_process(rig, sync_and_derive, 250), "it was killed in the middle"
    wal = Path(f"{rig.bench.store.where}-wal")
    size = wal.stat().st_size
    assert size > 100_000, "there was something to be lost"
    os.truncate(wal, int(size * kept))
    Path(f"{rig.bench.store.where}-shm").unlink()
    with rig.bench.store.read() as conn:
        assert conn.exec_driver_sql("pragma integrity_check").scalar() == "ok"
    rig.settle()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "turns", [pytest.param(2, id="short"), pytest.param(20, id="long", marks=pytest.mark.slow_fault)]
)
def test_d04_several_programs_and_kills_at_random(rig: Rig, turns: int) -> None:
    """One of them works at a time, the others are told that it is busy; whoever was killed is followed."""
    settings, now, dice = rig.desk.settings, rig.box.now, random.Random(4)

    def program() -> None:
        with desk(rig.folder / "config.toml", {"KPI_KEY": KEY}, settings=settings, clock=lambda: now) as made:
            made.sleep = lambda seconds: None
            for end in each([made.open(settings.account[0])], sync_and_derive):
                os._exit(0 if end.error is None else 3 if isinstance(end.error, Busy) else 70)

    rig.bench.store.dispose()
    codes: list[int | None] = []
    for _ in range(turns):
        crowd = [FORK.Process(target=program) for _ in range(4)]
        for child in crowd:
            child.start()
        crowd[0].join(dice.uniform(0.05, 0.6))
        crowd[0].kill()
        for child in crowd:
            child.join(60)
        codes += [child.exitcode for child in crowd]
    assert set(codes) <= {0, 3, -signal.SIGKILL}, codes
    assert codes.count(3) >= 1, "somebody was told that it is busy"
    rig.settle()


@pytest.mark.parametrize("hours", [-1, *(pytest.param(n, marks=pytest.mark.slow_fault) for n in (24, -24, 1))])
def test_d06_the_clock_jumps(rig: Rig, hours: int) -> None:
    """Ours alone, between two runs and while a lease is held: no stampede, and no account that waits for ever."""
    away = [timedelta()]
    rig.desk.clock = rig.bench.clock = lambda: rig.box.now + away[0]
    for http in rig.https():
        http.clock = rig.bench.clock
    turns = Turns(rig.bench, NEVER)
    turns.cycle()
    asked = rig.box.requests
    away[0] = timedelta(hours=hours)
    with leases.hold(rig.bench.store, rig.bench.account, "another", clock=rig.bench.clock):
        assert isinstance(rig.run().error, Busy)
        away[0] = timedelta(hours=2 * hours)
        ended = rig.run()
        assert (ended.error is None) == (hours > 0), "a lease runs out by the clock; whoever slept is fenced off"
    away[0] = timedelta(hours=hours)
    rig.well()
    turns.cycle()
    assert turns.rest_until is None
    assert rig.box.requests - asked <= 4 * max(rig.golden.requests, 10)
    rig.settle()


CLOCKS = ("00:00", "00:30", "01:59", "02:00", "02:30", "03:00", "03:30")
CHANGES = [
    ("Europe/Berlin", (2026, 3, 29)), ("Europe/Berlin", (2026, 10, 25)), ("America/Santiago", (2026, 9, 6)),
    ("America/Santiago", (2026, 4, 5)), ("Africa/Cairo", (2026, 4, 24)), ("Asia/Almaty", (2026, 3, 1)),
]  # fmt: skip
"""Nights in which a zone leaves out an hour or repeats one, at two or at midnight; and one that used to."""


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_d07_a_night_job_runs_once_a_local_day(zone: str, day: tuple[int, int, int], clock: str) -> None:
    """At whatever time it is asked for: one that a night leaves out comes later, one that it repeats comes once."""
    told = {"name": "one", "provider": "fake", "timezone": zone, "currency": "EUR", "sweep_at": clock}
    trigger = moments(AccountSettings.model_validate(told), ZoneInfo(zone))["sweep"]
    at, fired = datetime(*day, tzinfo=ZoneInfo(zone)) - timedelta(days=2, minutes=1), list[datetime]()
    end = at + timedelta(days=5)
    while (due := trigger.get_next_fire_time(fired[-1] if fired else None, at)) < end:
        fired.append(due)
        at = due + timedelta(seconds=1)
    nights = [due.astimezone(ZoneInfo(zone)) for due in fired]
    assert [one.date() for one in nights] == [date(*day) + timedelta(days=n) for n in range(-2, 3)]
    assert all(timedelta() <= on_its_day(one, clock) <= timedelta(hours=1) for one in nights), nights


def on_its_day(moment: datetime, clock: str) -> timedelta:
    """By how much it is later than the clock says."""
    return moment.replace(tzinfo=None) - datetime.combine(moment.date(), time.fromisoformat(clock))


def test_d08_asleep_for_three_days(rig: Rig) -> None:
    """One run catches up, not one for each turn that was missed."""
    scheduler = schedule([rig.bench], NEVER)
    try:
        scheduler.start(paused=True)
        job = scheduler.get_job(f"cycle {rig.bench.settings.name}")
        long_ago = datetime.now(UTC) - timedelta(days=3)
        due = job._get_run_times(datetime.now(UTC)) if job.next_run_time is None else None
        job.modify(next_run_time=long_ago)
        missed = scheduler.get_job(job.id)._get_run_times(datetime.now(UTC))
        assert due is None and len(missed) > 500, "so many turns were missed"
        assert job.coalesce and job.misfire_grace_time is None and job.max_instances == 1, "they are made up for by one"
    finally:
        scheduler.shutdown(wait=False)
    rig.settle()


COMMAND = (sys.executable, "-m", "connector")
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("told", "limit"),
    [
        ({"LC_ALL": "C", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin"}, ""),
        pytest.param({"LANG": "C", "PATH": "/usr/bin:/bin"}, "ulimit -n 64; ", marks=pytest.mark.slow_fault),
    ],
    ids=["locale C, no home, no TZ", "64 open files"],
)
def test_d12_a_poor_environment(tmp_path: Path, told: dict[str, str], limit: str) -> None:
    """It runs, in Russian too, or says why not."""
    line = f"{limit}{' '.join(COMMAND)} kpis show revenue"
    ended = subprocess.run(["sh", "-c", line], env={**told, "PYTHONPATH": str(ROOT)}, cwd=tmp_path,
                           capture_output=True, check=False)  # fmt: skip
    assert ended.returncode == 0, ended.stderr.decode()
    assert "revenue" in ended.stdout.decode("utf-8")


def test_d13_nobody_reads_what_it_prints(tmp_path: Path) -> None:
    """A closed pipe ends a command without a traceback."""
    line = f"{' '.join(COMMAND)} kpis list | head -c 10"
    ended = subprocess.run(["sh", "-c", line], env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=tmp_path,
                           capture_output=True, check=False)  # fmt: skip
    assert len(ended.stdout) == 10
    assert b"Traceback" not in ended.stderr, ended.stderr.decode()


def test_d13_a_daemon_goes_on_where_its_log_cannot_be_written(rig: Rig) -> None:
    """The log's disk is full: every line is lost, no turn is."""
    import logging

    class Full(logging.StreamHandler):  # type: ignore[type-arg]
        def emit(self, record: logging.LogRecord) -> None:
            try:
                raise OSError(28, "No space left on device")
            except OSError:
                self.handleError(record)

    handler, root, told = Full(), logging.getLogger(), logging.raiseExceptions
    root.addHandler(handler)
    logging.raiseExceptions = False
    try:
        Turns(rig.bench, NEVER).cycle()
    finally:
        root.removeHandler(handler)
        logging.raiseExceptions = told
    assert rig.box.requests > 1
    rig.asked.append(rig.box.requests)
    rig.settle()
    assert invariants.digest(rig.bench) == rig.golden.digest
