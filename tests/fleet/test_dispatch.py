"""What is put in the queue, in which order, and what becomes of what dead workers left."""

from __future__ import annotations

import sqlalchemy as sa

from connector.fleet.dispatch import look
from connector.store.engine import Store
from connector.store.told import inbox
from tests.fleet.conftest import Fleet, rows, run, working


def test_one_job_an_account_and_interval(fleet: Fleet) -> None:
    for n in range(5):
        fleet.account(f"a{n}")
    with fleet.roster() as roster:
        for _ in range(3):
            look(roster)
        assert sorted(fleet.jobs(roster.desk.store)) == [(n, "cycle", "todo") for n in range(1, 6)]
        store = roster.desk.store
        run(store, "update turn set due_at = 0 where what = 'cycle'")  # an interval is over, nobody had time
        look(roster)
        assert len(fleet.jobs(store)) == 5
        [(soonest,)] = rows(store, "select min(due_at) from turn where what = 'cycle'")
        assert soonest > roster.now()


def test_a_turn_is_taken_and_the_next_one_waits_for_its_slot(fleet: Fleet) -> None:
    fleet.account("a")
    with fleet.roster() as roster:
        look(roster)
        with working(roster):
            fleet.wait(lambda: not fleet.jobs(roster.desk.store))
        [(error, slow, ended)] = rows(roster.desk.store, "select error, slow, ended_at from turn where what = 'cycle'")
        assert (error, slow) == (None, False) and ended is not None
        assert [line.what for line in fleet.diary("a")] == ["began", "read"]
        look(roster)
        assert fleet.jobs(roster.desk.store) == []


def test_hooks_are_taken_when_they_come_and_only_then(fleet: Fleet) -> None:
    fleet.account("a")
    fleet.account("b")
    with fleet.roster() as roster:
        store = roster.desk.store
        run(store, "update turn set due_at = 9999999999999 where what <> 'hooks'")
        look(roster)
        assert fleet.jobs(store) == []
        with store.write() as conn:
            inbox.keep(conn, roster.desk.key, [inbox.Letter(2, roster.now(), b"leads[update][0][id]=1")])
        for _ in range(2):
            look(roster)
        assert fleet.jobs(store) == [(2, "hooks", "todo")]
        run(store, "delete from procrastinate_jobs")
        run(store, "update turn set due_at = 9999999999999")  # it rests after an error
        look(roster)
        assert fleet.jobs(store) == []


def fetched(store: Store, *lanes: str) -> tuple[int, str] | None:
    """What a worker of these lanes is given."""
    query = sa.text("select args->>'account' as a, args->>'what' as w from procrastinate_fetch_job_v2(:lanes, null)")
    with store.write() as conn:
        row = conn.execute(query, {"lanes": list(lanes)}).one()
    return None if row.a is None else (int(row.a), row.w)


def test_an_accounts_sweep_that_waits_keeps_its_quick_turns_from_nothing(fleet: Fleet) -> None:
    fleet.account("a")
    fleet.account("b")
    with fleet.roster() as roster:
        store, now = roster.desk.store, roster.now()
        run(store, "update turn set slow = false, due_at = 9999999999999")
        run(store, "update turn set due_at = :at where what = 'sweep' and account = 1", at=now - 3_600_000)
        look(roster)  # the slow worker is at others' sweeps
        run(store, "update turn set due_at = :at where what = 'cycle'", at=now - 1_000)
        look(roster)
        run(store, "update turn set due_at = 0 where what = 'hooks'")
        with store.write() as conn:
            inbox.keep(conn, roster.desk.key, [inbox.Letter(1, now, b"leads[update][0][id]=1")])
        look(roster)
        first = fetched(store, "quick")
        assert first == (1, "hooks")
        run(store, "delete from procrastinate_jobs where status = 'doing'")
        assert {fetched(store, "quick"), fetched(store, "quick")} == {(1, "cycle"), (2, "cycle")}
        assert fetched(store, "slow") is None  # its account is at work
        run(store, "delete from procrastinate_jobs where status = 'doing'")
        assert fetched(store, "slow") == (1, "sweep")


def test_a_new_accounts_hooks_are_quick(fleet: Fleet) -> None:
    fleet.account("a")
    with fleet.roster() as roster:
        assert rows(roster.desk.store, "select what from turn where slow") == [("cycle",)]
