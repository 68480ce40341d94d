"""A worker that is killed, one that slept through its lease, one that is told to stop: real processes and signals."""

from __future__ import annotations

import asyncio
import os
import signal

import procrastinate
import pytest
import sqlalchemy as sa

from connector.fleet import queue
from connector.fleet.dispatch import LOOK_EVERY, look
from connector.fleet.running import _connector
from connector.store import leases
from connector.store.engine import Store
from tests.fleet.conftest import Fleet, rows, run, working

SILENT = "update procrastinate_workers set last_heartbeat = now() - interval '31 seconds'"
"""As if thirty seconds had passed: it is the database's clock that counts, and nobody renews these."""


def deals(store: Store) -> list[str]:
    return [id for (id,) in rows(store, "select id from record where kind = 'deal' order by id")]


def documented_rescue(store: Store) -> None:
    """Procrastinate's own recipe: retry every stalled job."""

    async def retry() -> None:
        app = procrastinate.App(connector=_connector(store.url))
        async with app.open_async():
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
                await app.job_manager.retry_job(job)

    asyncio.run(retry())


def killed_with_a_job(fleet: Fleet, store: Store) -> None:
    """A process of the fleet takes the account's turn and is killed in the middle of it."""
    process = fleet.start()
    fleet.wait(lambda: any(line.what == "holds" for line in fleet.diary("a")))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    (fleet.folder / "go").touch()
    assert fleet.jobs(store) == [(1, "cycle", "doing")]


def test_what_a_killed_worker_held_is_put_back_within_the_time_of_a_lease(fleet: Fleet) -> None:
    fleet.account("a", "held")
    with fleet.roster() as roster:
        store = roster.desk.store
        killed_with_a_job(fleet, store)
        run(store, "update turn set due_at = 0 where what = 'cycle'")
        look(roster)  # the next interval's job waits behind the dead one's, whose lock nobody gives up
        assert fleet.jobs(store) == [(1, "cycle", "doing"), (1, "cycle", "todo")]
        taken = sa.text("select id from procrastinate_fetch_job_v2(null, null)")
        with store.write() as conn:
            assert conn.execute(taken).scalar() is None
        run(store, SILENT)
        with pytest.raises(procrastinate.exceptions.ConnectorException):
            documented_rescue(store)  # it jams: the queue's unique index forbids a second waiting job
        assert fleet.jobs(store) == [(1, "cycle", "doing"), (1, "cycle", "todo")]
        look(roster)
        assert fleet.jobs(store) == [(1, "cycle", "todo")]
        with working(roster):
            fleet.wait(lambda: not fleet.jobs(store))
        assert deals(store) == [f"by{os.getpid()}"]
    assert queue.STALLED + 2 * LOOK_EVERY < leases.SECONDS


def test_a_killed_workers_only_job_is_taken_by_another_process(fleet: Fleet) -> None:
    fleet.account("a", "held")
    with fleet.roster() as roster:
        store = roster.desk.store
        killed_with_a_job(fleet, store)
        look(roster)
        assert fleet.jobs(store) == [(1, "cycle", "doing")]  # nobody is given up before his time
        run(store, SILENT)
        other = fleet.start()
        fleet.wait(lambda: any(line.pid == other.pid and line.what == "read" for line in fleet.diary("a")))
        fleet.wait(lambda: not fleet.jobs(store))
        assert deals(store) == [f"by{other.pid}"]


def test_a_job_that_its_workers_die_of_rests(fleet: Fleet) -> None:
    fleet.account("a")
    with fleet.roster() as roster:
        store = roster.desk.store
        for attempt in range(queue.DEADLY):
            run(store, "update turn set due_at = 0 where what = 'cycle'")
            look(roster)
            run(store, "update procrastinate_jobs set status = 'doing', worker_id = null")
            look(roster)
            assert bool(fleet.jobs(store)) is (attempt + 1 < queue.DEADLY)
        [(due,)] = rows(store, "select due_at from turn where what = 'cycle'")
        assert due > roster.now() + 800_000


def test_the_deaths_of_a_job_go_on_with_the_one_that_waits(fleet: Fleet) -> None:
    """The account's next job always waits already: it must not begin at none."""
    fleet.account("a")
    with fleet.roster() as roster:
        store = roster.desk.store
        run(store, "update turn set due_at = 9999999999999 where what <> 'cycle'")
        for death in range(1, queue.DEADLY + 1):
            run(store, "update turn set due_at = 0 where what = 'cycle'")
            look(roster)
            run(store, "update procrastinate_jobs set status = 'doing'")
            with store.write() as conn:  # the next interval's
                queue.put(conn, [queue.Job(1, "cycle", "quick", 0)])
            run(store, "update turn set due_at = 9999999999999")
            look(roster)
            left = rows(store, "select status::text, attempts from procrastinate_jobs")
            assert left == ([("todo", death)] if death < queue.DEADLY else [])
        [(due,)] = rows(store, "select due_at from turn where what = 'cycle'")
        assert roster.now() + 800_000 < due < 9999999999999


def test_a_worker_that_wakes_too_late_cannot_commit_and_works_on(fleet: Fleet) -> None:
    fleet.account("a", "held")
    with fleet.roster() as roster:
        store = roster.desk.store
        zombie = fleet.start()
        fleet.wait(lambda: any(line.what == "holds" for line in fleet.diary("a")))
        os.kill(zombie.pid, signal.SIGSTOP)
        run(store, SILENT)
        run(store, "update lease set until = 1")
        look(roster)
        assert fleet.jobs(store) == [(1, "cycle", "todo")]
        (fleet.folder / "go").touch()
        with working(roster):
            fleet.wait(lambda: not fleet.jobs(store))
        assert deals(store) == [f"by{os.getpid()}"]
        os.kill(zombie.pid, signal.SIGCONT)
        fleet.wait(lambda: "was taken over by" in fleet.log())
        assert deals(store) == [f"by{os.getpid()}"]
        run(store, "update turn set due_at = 0 where what = 'cycle'")
        fleet.wait(lambda: any(line.pid == zombie.pid and line.what == "read" for line in fleet.diary("a")))


def test_told_to_stop_it_ends_between_two_pages_and_leaves_the_turn_to_others(fleet: Fleet) -> None:
    fleet.account("a", "held")
    with fleet.roster() as roster:
        store = roster.desk.store
        process = fleet.command("--workers", "1")
        fleet.wait(lambda: any(line.what == "holds" for line in fleet.diary("a")))
        process.send_signal(signal.SIGTERM)
        fleet.wait(lambda: "stopping after the current pages" in fleet.log())
        (fleet.folder / "go").touch()
        assert process.wait(30) == 0
        read = rows(store, "select 1 from cursor where kind = 'deal' and cursor is not null")
        assert deals(store) == [f"by{process.pid}"] * len(read)  # the page in hand with its cursor, or neither
        assert fleet.jobs(store) == [] and rows(store, "select count(*) from procrastinate_workers") == [(0,)]
        [(told,)] = rows(store, "select error from run where what = 'sync'")
        assert told == "stopped on request"
        look(roster)
        assert fleet.jobs(store) == [(1, "cycle", "todo")]
        assert rows(store, "select until from lease") == [(0,)]
