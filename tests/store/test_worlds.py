"""Worlds and drifts as rows, and what the guard and the looks into quality read, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connector.errors import StoreTrouble
from connector.moment import to_ms
from connector.records import Client, Deal, Meeting, Move, Task
from connector.store import worlds
from connector.store.asked import guarding, inspection
from connector.store.engine import Store
from tests.kpi.ground import account, fact, know, save, win

NOW = datetime(2026, 9, 24, 12, tzinfo=UTC)


@pytest.fixture
def number(store: Store) -> int:
    with store.write() as conn:
        return account(conn)


def test_worlds_are_kept_and_replaced(store: Store, number: int) -> None:
    with store.write() as conn:
        assert worlds.load(conn, number) is None
        worlds.keep(conn, number, worlds.Kept("{}", '{"a": 1}', 5))
        worlds.keep(conn, number, worlds.Kept('{"b": 2}', "{}", 9))
        assert worlds.load(conn, number) == ('{"b": 2}', "{}", 9)
        assert worlds.load(conn, number + 1) is None


def test_drifts_freeze_while_they_are_open_and_as_of_then(store: Store, number: int) -> None:
    with store.write() as conn:
        one = worlds.add(
            conn, number, "stage_outcome", "stage:1", since=9, now=10, text=("а", "a"), kpis=["revenue", "win_rate"]
        )
        worlds.add(
            conn, number, "stage_added", "stage:2", since=9, now=10, text=("б", "b"), kpis=[], accepted_by="noted"
        )
        assert [(d.id, d.kpis, d.since) for d in worlds.freezing(conn, number)] == [(one, ("revenue", "win_rate"), 9)]
        assert worlds.freezing(conn, number + 1) == []
        assert worlds.accept(conn, number, [one], "anna", now=20) == 1
        assert worlds.accept(conn, number, [one], "boris", now=30) == 0
        assert worlds.freezing(conn, number) == []
        for moment, count in ((9, 0), (10, 1), (19, 1), (20, 0)):
            assert len(worlds.freezing(conn, number, as_of=moment)) == count, moment
        rows = worlds.all(conn, number)
        assert [(row.code, row.accepted_by) for row in rows] == [("stage_outcome", "anna"), ("stage_added", "noted")]
        assert worlds.all(conn, number, only_open=True) == []


def test_a_list_that_is_none_is_trouble() -> None:
    assert worlds.listed('["a", "b"]') == ("a", "b")
    with pytest.raises(StoreTrouble):
        worlds.listed('{"a": 1}')


def test_calls_by_day(store: Store, number: int) -> None:
    calls = [fact("call_out", f"2026-09-10T0{n}:00", number=float(n * 10), key=f"o{n}") for n in range(4)]
    calls += [
        fact("call_in", "2026-09-10T09:00", number=500.0, key="i"),
        fact("call_missed", "2026-09-11T09:00", key="m"),
    ]
    calls += [fact("call_out", "2026-09-10T10:00", number=700.0, omitted="duplicate", key="d")]
    with store.write() as conn:
        know(conn, number, calls, at=77)
        found = guarding.call_days(conn, number, 20260901, 20260930)
        assert found == {20260910: (5, 4, 3, 1, 10.0, 30.0), 20260911: (1, 0, 0, 0, None, None)}
        assert guarding.call_days(conn, number, 20260901, 20260910) == {}
        assert guarding.known_until(conn, number, 20260901, 20260910) == 77
        assert guarding.known_until(conn, number, 20260901, 20260912) is None


def test_recent_wins_are_settled_ones(store: Store, number: int) -> None:
    days = {"a": 10, "b": 2, "c": 400}
    deals = [Deal(id=id, created_at=NOW, pipeline_id="1", stage_id="1") for id in days]
    with store.write() as conn:
        save(conn, number, deals)
        wins = [win(deal=id, when=f"{NOW - timedelta(days=ago):%Y-%m-%dT%H:%M}") for id, ago in days.items()]
        know(conn, number, wins)
        assert set(guarding.recent_wins(conn, number, to_ms(NOW))) == {"a"}


def test_what_is_planned_and_what_is_shared(store: Store, number: int) -> None:
    later, before = NOW + timedelta(days=1), NOW - timedelta(days=1)
    tasks = [
        Task(id="1", on=("deal:1",), due_at=later),
        Task(id="2", on=("deal:2",), due_at=before),
        Task(id="3", on=("deal:3",), due_at=later, ours=True),
        Task(id="4", on=("deal:4",), due_at=later, done_at=before),
        Task(id="5", on=("deal:5", "contact:9")),
    ]
    clients = [
        Client(id="contact:1", phones=("x",)), Client(id="contact:2", phones=("x", "y")),
        Client(id="contact:3", phones=("y",)),
        Client(id="contact:4", phones=("z",), company="company:1"), Client(id="company:1", phones=("z",)),
    ]  # fmt: skip
    with store.write() as conn:
        save(conn, number, tasks)
        save(conn, number, [Meeting(id="m", on=("deal:6",), due_at=later)])
        save(conn, number, clients)
        assert inspection.planned(conn, number, NOW) == {"deal:1", "deal:5", "contact:9", "deal:6"}
        groups, count = inspection.shared_phones(conn, number)
        assert (groups, count) == ([["contact:1", "contact:2", "contact:3"]], 4)


def test_facts_records_and_first_wins(store: Store, number: int) -> None:
    moves = [
        Move(id=str(n), of="deal:1", at=at, updated_at=at, pipeline_id="1", stage_id="1", outcome="open")
        for n, at in enumerate((NOW - timedelta(days=50), NOW))
    ]
    with store.write() as conn:
        save(conn, number, moves)
        know(conn, number, [
            win(when="2026-09-10T12:00", client="contact:1", deal="7"),
            win(when="2026-07-10T12:00", client="contact:1", deal="8"),
            win(when="2026-08-10T12:00", client="contact:1", deal="9", omitted="deleted"),
        ])  # fmt: skip
        told = inspection.facts(conn, number, 20260901, 20261001)
        assert [(row.kind, row.deal_id) for row in told] == [("win", "7")]
        assert inspection.facts(conn, number, 20260901, 20261001, ["loss"]) == []
        assert [one.id for one in inspection.since(conn, number, Move, to_ms(NOW - timedelta(days=1)))] == ["1"]
        first = to_ms(datetime(2026, 7, 10, 12, tzinfo=UTC))
        assert inspection.first_wins(conn, number, ["contact:1"]) == {"contact:1": first}
        assert {row.deal_id for row in inspection.wins(conn, number, 20260901, 20261001, ["8"])} == {"7", "8"}


def test_a_day_is_known_once_the_files_read_with_it_are_and_before_later_days_come(store: Store, number: int) -> None:
    def call(day: int, at: int) -> None:
        know(conn, number, [fact("call_out", f"2026-09-{day:02}T09:00", number=60.0)], at=at, dossier=f"contact:{day}")

    with store.write() as conn:
        for day, at in ((10, 70), (9, 75), (11, 90), (8, 95)):
            call(day, at)
        assert guarding.known_until(conn, number, 20260901, 20260910) == 75
        assert guarding.known_until(conn, number, 20260910, 20260910) == 70
        assert guarding.known_until(conn, number, 20260901, 20260911) == 95
