"""Nobody waits for a slow or a broken account; nobody is served twice at once; the most overdue comes first."""

from __future__ import annotations

import threading

import pytest

from connector.fleet import turns
from connector.fleet.dispatch import keep_looking, look
from connector.fleet.roster import Roster
from tests.fleet.conftest import Fleet, rows, run, working

DONE = "select count(*) from turn where what = 'cycle' and ended_at is not null and error is null"
FAILED = "select count(*) from turn where what = 'cycle' and failures = 1"


@pytest.mark.usefixtures("light_turns")
def test_the_most_overdue_come_first(fleet: Fleet) -> None:
    for n in range(8):
        fleet.account(f"a{n}")
    with fleet.roster() as roster:
        store = roster.desk.store
        order = [5, 3, 8, 1, 7, 2, 6, 4]
        for place, account in enumerate(order):
            at = roster.now() - 1_000_000 + place * 10_000
            run(store, "update turn set due_at = :at where account = :a and what = 'cycle'", at=at, a=account)
        look(roster)
        with working(roster, workers=1):
            fleet.wait(lambda: not fleet.jobs(store))
        began = sorted((fleet.diary(f"a{account - 1}")[0].at, account) for account in order)
        assert [account for _, account in began] == order


@pytest.mark.usefixtures("light_turns")
def test_a_slow_and_a_broken_account_delay_none(fleet: Fleet) -> None:
    """Two accounts whose turns do not end and ten that fail, all more overdue than the rest: three workers are free."""
    for n in range(2):
        fleet.account(f"held{n}", "held")
    for n in range(10):
        fleet.account(f"broken{n}", "broken", every="30s")
    for n in range(20):
        fleet.account(f"quick{n}", every="30s")
    with fleet.roster() as roster:
        store = roster.desk.store
        run(store, "update turn set slow = false where account > 2")  # known accounts, but for the two
        run(store, "update turn set due_at = account where what = 'cycle'")
        look(roster)
        with working(roster, workers=4):
            fleet.wait(lambda: rows(store, DONE) == [(20,)])
            fleet.wait(lambda: rows(store, FAILED) == [(10,)])
            fleet.wait(lambda: any(fleet.diary(f"held{n}")[1:] for n in range(2)))
            held = [[line.what for line in fleet.diary(f"held{n}")] for n in range(2)]
            assert sorted(held) == [[], ["began", "holds"]]  # the second one waits for the first
            (fleet.folder / "go").touch()
            fleet.wait(lambda: rows(store, DONE) == [(22,)])


@pytest.mark.usefixtures("light_turns")
def test_many_processes_serve_each_account_once_an_interval(fleet: Fleet) -> None:
    """Two are held first: each process has one worker for what is new, so both have a part in it."""
    for n in range(30):
        fleet.account(f"a{n}", "held" if n < 2 else "quick", every="20m")
    with fleet.roster() as roster:
        run(roster.desk.store, "update turn set due_at = account where what = 'cycle'")
        for _ in range(2):
            fleet.start(workers=2)
        fleet.wait(lambda: all(fleet.diary(f"a{n}")[1:] for n in range(2)))
        (fleet.folder / "go").touch()
        fleet.wait(lambda: rows(roster.desk.store, DONE) == [(30,)])
        diaries = [fleet.diary(f"a{n}") for n in range(30)]
        assert all([line.what for line in diary][:2] == ["began", "read"] for diary in diaries[2:])
        assert len({line.pid for diary in diaries for line in diary}) == 2
        assert [len(diary) for diary in diaries[2:] if len(diary) > 4] == []  # twice, where its slot came in between


def test_a_turn_that_takes_too_long_goes_on_later_and_from_there(fleet: Fleet) -> None:
    fleet.account("a")
    with fleet.roster() as roster:
        store = roster.desk.store
        turns.take(roster, 1, "cycle", lambda: False, longest=0.0)
        [(due, error)] = rows(store, "select due_at, error from turn where what = 'cycle'")
        assert due <= roster.now() and error is None
        assert rows(store, "select error from run") == [("stopped on request",)]
        read = rows(store, "select count(*) from cursor")
        turns.take(roster, 1, "cycle", lambda: False)
        assert rows(store, "select error from run order by id") == [("stopped on request",), (None,)]
        assert rows(store, "select count(*) from cursor") > read


def test_an_account_of_another_configuration_is_left_to_others(fleet: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    fleet.account("a")
    fleet.account("b")
    with fleet.roster() as roster:
        del roster.settings[2]  # as where this process has an older configuration
        run(roster.desk.store, "update turn set due_at = 9999999999999")
        turns.take(roster, 2, "cycle", lambda: False)
        assert "which this configuration does not have" in caplog.text
        [(due,)] = rows(roster.desk.store, "select due_at from turn where account = 2 and what = 'cycle'")
        assert roster.now() < due <= roster.now() + turns.ELSEWHERE


def test_a_turn_that_is_not_begun_keeps_what_is_known_of_it(fleet: Fleet) -> None:
    fleet.account("a")
    with fleet.roster() as roster:
        store = roster.desk.store
        run(store, "update turn set failures = 3, slow = true, error = 'no answer', due_at = 9999999999999")
        turns.take(roster, 1, "cycle", lambda: True)
        query = "select failures, slow, error, ended_at from turn where what = 'cycle'"
        assert rows(store, query) == [(3, True, "no answer", None)]
        [(due,)] = rows(store, "select due_at from turn where what = 'cycle'")
        assert due <= roster.now()


def test_who_looks_goes_on_when_the_database_is_away(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    fleet.account("a")
    looks: list[int] = []

    def failing(roster: Roster) -> None:
        looks.append(1)
        if len(looks) == 1:
            raise ConnectionError("away")
        stopping.set()

    stopping = threading.Event()
    monkeypatch.setattr("connector.fleet.dispatch.LOOK_EVERY", 0.01)
    monkeypatch.setattr("connector.fleet.dispatch.look", failing)
    with fleet.roster() as roster:
        keep_looking(roster, stopping)
    assert len(looks) == 2
