"""One holder an account: among processes, after a death, after a sleep, on both databases."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from connector.errors import Busy
from connector.store import leases
from connector.store.engine import Store, open_store
from connector.store.upsert import table

LEASE = table("lease")
FORK = multiprocessing.get_context("fork")
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def in_child(store: Store, work: Callable[..., None], *args: Any) -> Any:
    """Start `work` in a process of its own, which inherits no connection."""
    store.dispose()
    child = FORK.Process(target=work, args=args)
    child.start()
    return child


def test_a_second_holder_is_refused_and_told_who_and_until_when(store: Store) -> None:
    clock = Clock()
    with leases.hold(store, 1, "daemon", clock=clock):
        with (
            pytest.raises(Busy, match="daemon works on this account") as caught,
            leases.hold(store, 1, "cli", clock=clock),
        ):
            raise AssertionError("two hold it")
        assert caught.value.retry_at == NOW + timedelta(seconds=60)
        with leases.hold(store, 2, "cli", clock=clock):
            pass  # another account
    with leases.hold(store, 1, "cli", clock=clock) as fence:
        assert fence.version == 2


def test_a_process_is_told_by_its_number_and_machine_and_whether_it_is_this_one(store: Store) -> None:
    for account, holder, told, ours in (
        (1, leases.this_process(), f"process {os.getpid()} on {os.uname().nodename}", True),
        (2, "elsewhere/pid:[4026531836]/3989", "process 3989 on elsewhere", False),
    ):
        with (
            leases.hold(store, account, holder) as fence,
            pytest.raises(Busy) as caught,
            leases.hold(store, account, "cli"),
        ):
            raise AssertionError("two hold it")
        assert (caught.value.what, caught.value.ours) == (f"{told} works on this account", ours)
        with store.write() as conn:
            conn.execute(LEASE.update().values(version=LEASE.c.version + 1))
            with pytest.raises(Busy, match=f"taken over by {told}"):
                fence.check(conn)


def test_a_lease_is_given_up_when_the_work_fails(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), leases.hold(store, 1, "daemon"):
        raise ZeroDivisionError
    with leases.hold(store, 1, "cli"):
        pass


def test_a_holder_who_slept_through_his_lease_cannot_commit(store: Store) -> None:
    clock = Clock()
    with leases.hold(store, 1, "sleeper", clock=clock) as sleeping:
        with store.write() as conn:
            sleeping.check(conn)
        clock.now += timedelta(seconds=61)
        with leases.hold(store, 1, "heir", clock=clock) as heir:
            with pytest.raises(Busy, match="taken over by heir"), store.write() as conn:
                sleeping.check(conn)
            with store.write() as conn:
                heir.check(conn)
    # the sleeper gave up a lease that was no longer his: the heir's own was over by then, and nobody else's was touched
    with store.read() as conn:
        assert conn.execute(sa.select(LEASE.c.version, LEASE.c.until)).one() == (2, 0)


def test_giving_up_a_lost_lease_does_not_end_the_heirs(store: Store) -> None:
    clock = Clock()
    sleeper = leases.hold(store, 1, "sleeper", clock=clock)
    sleeper.__enter__()
    clock.now += timedelta(seconds=61)
    with leases.hold(store, 1, "heir", clock=clock):
        sleeper.__exit__(None, None, None)
        with pytest.raises(Busy, match="heir"), leases.hold(store, 1, "third", clock=clock):
            raise AssertionError("two hold it")


def test_a_removed_lease_is_no_lease(store: Store) -> None:
    with leases.hold(store, 1, "daemon") as fence:
        with store.write() as conn:
            conn.execute(LEASE.delete())
        with pytest.raises(Busy, match="removed it"), store.write() as conn:
            fence.check(conn)


def test_the_heartbeat_keeps_a_lease_longer_than_its_term(store: Store) -> None:
    with leases.hold(store, 1, "daemon", seconds=0.3) as fence:
        time.sleep(0.7)
        with pytest.raises(Busy), leases.hold(store, 1, "cli"):
            raise AssertionError("two hold it")
        with store.write() as conn:
            fence.check(conn)


def test_the_heartbeat_stops_where_the_lease_was_taken(store: Store) -> None:
    clock = Clock()
    with leases.hold(store, 1, "sleeper", seconds=0.15, clock=clock):
        clock.now += timedelta(seconds=61)
        with store.write() as conn:  # as an heir would
            conn.execute(LEASE.update().values(version=7, holder="heir", until=5))
        time.sleep(0.3)
        with store.read() as conn:
            assert conn.execute(sa.select(LEASE.c.until)).scalar() == 5


def test_of_many_threads_and_processes_one_holds_at_a_time(store: Store) -> None:
    """Each adds one to a number by read, pause, write, without a transaction around: any overlap loses a step."""
    with store.write() as conn:
        conn.execute(sa.text("create table tally (n integer)"))
        conn.execute(sa.text("insert into tally values (0)"))

    def work(url: str) -> None:
        mine = open_store(url, migrate=False)
        done = 0
        while done < 5:
            try:
                with leases.hold(mine, 1, leases.this_process(), seconds=30) as fence:
                    with mine.read() as conn:
                        seen = conn.execute(sa.text("select n from tally")).scalar_one()
                    time.sleep(0.005)
                    with mine.write() as conn:
                        fence.check(conn)
                        conn.execute(sa.text("update tally set n = :n"), {"n": seen + 1})
                done += 1
            except Busy:
                time.sleep(0.002)

    children = [in_child(store, work, store.url) for _ in range(4)]
    for child in children:
        child.join(60)
        assert child.exitcode == 0
    with store.read() as conn:
        assert conn.execute(sa.text("select n from tally")).scalar() == 20


def test_a_killed_holder_of_this_machine_is_followed_at_once(store: Store) -> None:
    def work(url: str) -> None:
        with leases.hold(open_store(url, migrate=False), 1, leases.this_process()):
            os.kill(os.getpid(), signal.SIGKILL)

    child = in_child(store, work, store.url)
    child.join(30)
    assert child.exitcode == -signal.SIGKILL
    with leases.hold(store, 1, leases.this_process()) as fence:
        assert fence.version == 2


@pytest.mark.parametrize("holder", ["daemon", "elsewhere/pid:[1]/999999", "", "a/b", f"{os.uname().nodename}//999999"])
def test_a_holder_of_whom_nothing_can_be_seen_counts_as_alive(store: Store, holder: str) -> None:
    with leases.hold(store, 1, holder), pytest.raises(Busy), leases.hold(store, 1, "cli"):
        raise AssertionError("two hold it")


def test_a_frozen_process_that_wakes_cannot_commit(store: Store) -> None:
    """SIGSTOP in the middle of its work, the lease runs out, an heir works, SIGCONT: the page must not get in."""
    ready, report = FORK.Pipe()

    def work(url: str) -> None:
        mine = open_store(url, migrate=False)
        with leases.hold(mine, 1, leases.this_process(), seconds=0.5) as fence:
            report.send("holding")
            report.recv()
            try:
                with mine.write() as conn:
                    fence.check(conn)
                    conn.execute(sa.text("insert into dirty values (1, 'late')"))
            except Busy:
                report.send("fenced off")
            else:
                report.send("committed")

    child = in_child(store, work, store.url)
    assert ready.recv() == "holding"
    os.kill(child.pid, signal.SIGSTOP)
    heir = None
    for _ in range(100):
        try:
            heir = leases.hold(store, 1, "heir")
            heir.__enter__()
            break
        except Busy:
            time.sleep(0.02)
    assert heir is not None
    ready.send("go on")
    os.kill(child.pid, signal.SIGCONT)
    assert ready.recv() == "fenced off"
    child.join(30)
    heir.__exit__(None, None, None)
    with store.read() as conn:
        assert conn.execute(sa.text("select count(*) from dirty")).scalar() == 0


def test_nobody_takes_over_between_the_check_and_the_commit(store: Store) -> None:
    """The checked row is locked: an heir waits for the transaction, and then sees what it stored."""
    clock = Clock()
    later = Clock()
    later.now += timedelta(seconds=61)
    go, began = FORK.Event(), FORK.Event()

    def work(url: str) -> None:
        go.wait(30)
        mine = open_store(url, migrate=False)
        began.set()
        with leases.hold(mine, 1, "heir", clock=later), mine.read() as conn:
            assert conn.execute(sa.text("select dossier from dirty")).scalar() == "slow"

    child = in_child(store, work, store.url)  # before the transaction: SQLite's locks do not survive a fork
    with leases.hold(store, 1, "slow", clock=clock) as fence, store.write() as conn:
        fence.check(conn)
        go.set()
        assert began.wait(30)
        time.sleep(0.3)
        assert child.is_alive()
        conn.execute(sa.text("insert into dirty values (1, 'slow')"))
    child.join(30)
    assert child.exitcode == 0
