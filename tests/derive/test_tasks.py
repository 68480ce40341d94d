"""Tasks are judged by the deadline as it was first set; meetings are tasks, ours are nobody's."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.fact import STANDS, Fact
from connector.records import Deadline, Done, Meeting, Task
from tests.derive.ground import at, facts, sales

DUE = "2026-09-03T18:00"


def task(id: str = "61", due: str | None = DUE, done: str | None = None, **more: Any) -> Task:
    base: dict[str, Any] = {"created_at": at("2026-09-01T10:00"), "user_id": "501", "on": ("deal:1", "contact:7")}
    return Task(id=id, due_at=due and at(due), done_at=done and at(done), **(base | more))  # type: ignore[arg-type]


def moved(when: str, before: str | None, due: str | None, of: str = "task:61", **more: Any) -> Deadline:
    given = {"id": f"d{when}", "of": of, "at": at(when), "before": before and at(before), "due_at": due and at(due)}
    return Deadline(**(given | more))  # type: ignore[arg-type]


def of_kind(kind: str, found: dict[str, Fact]) -> list[Fact]:
    return [fact for fact in found.values() if fact.kind == kind]


@pytest.mark.parametrize(
    ("done", "number"),
    [
        (None, None),
        (DUE, 0),
        ("2026-09-03T18:00:01", 1),
        ("2026-09-02T18:00", -86400),
        ("2026-10-03T18:00", 30 * 86400),
    ],
)
def test_a_task_is_due_at_its_deadline(done: str | None, number: int | None) -> None:
    found = facts(tasks=(task(done=done),))
    fact = found["task_due|task:61"]
    assert (fact.at, fact.due_at, fact.number, fact.user, fact.deal, fact.client) == (
        at(DUE), at(DUE), number, "501", "1", "contact:7",
    )  # fmt: skip
    assert ("open_task|task:61" in found) == (done is None)


def test_rescheduling_makes_no_late_task_punctual() -> None:
    changes = (
        moved("2026-09-05T10:00", "2026-09-04T18:00", "2026-09-20T18:00"),
        moved("2026-09-03T17:00", DUE, "2026-09-04T18:00"),
    )
    found = facts(tasks=(task(due="2026-09-20T18:00", done="2026-09-05T18:00"),), deadlines=changes)
    fact = found["task_due|task:61"]
    assert (fact.at, fact.number) == (at(DUE), 2 * 86400)
    assert [(one.at, one.user, one.deal) for one in of_kind("reschedule", found)] == [
        (at("2026-09-03T17:00"), "501", "1"), (at("2026-09-05T10:00"), "501", "1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "first", "times"),
    [
        ([(None, DUE)], DUE, 0),  # set later: nothing was moved
        ([(None, "2026-09-02T18:00"), ("2026-09-02T18:00", DUE)], "2026-09-02T18:00", 1),
        ([("2026-09-02T18:00", None), (None, DUE)], "2026-09-02T18:00", 1),  # taken away is moved too
        ([(DUE, DUE)], DUE, 0),
    ],
)
def test_what_counts_as_moved(changes: list[tuple[str | None, str | None]], first: str, times: int) -> None:
    told = tuple(moved(f"2026-09-01T1{n}:00", *pair) for n, pair in enumerate(changes))
    found = facts(tasks=(task(),), deadlines=told)
    assert (found["task_due|task:61"].at, len(of_kind("reschedule", found))) == (at(first), times)


def test_whoever_moved_it_is_told_and_how_it_is_known() -> None:
    changes = (
        moved("2026-09-02T10:00", "2026-09-02T18:00", "2026-09-02T19:00", by="503"),
        moved("2026-09-02T11:00", "2026-09-02T19:00", DUE, how="observed"),
    )
    told = of_kind("reschedule", facts(tasks=(task(),), deadlines=changes))
    assert [(one.user, one.confidence) for one in told] == [("503", "exact"), ("501", "observed")]


def test_a_task_without_a_deadline_is_due_never_and_may_be_open() -> None:
    found = facts(tasks=(task(due=None),))
    assert found.keys() == {"open_task|task:61"}
    assert found["open_task|task:61"].due_at is None


def test_an_open_task_stands_by_its_present_deadline() -> None:
    fact = facts(tasks=(task(),), deadlines=(moved("2026-09-02T10:00", "2026-09-02T18:00", DUE),))["open_task|task:61"]
    assert (fact.day, fact.at, fact.due_at, fact.user) == (STANDS, at("2026-09-01T10:00"), at(DUE), "501")


def test_ours_and_deleted_count_nowhere() -> None:
    given = (task("61", ours=True), task("62"), task("63", ours=True))
    changes = tuple(moved(f"2026-09-02T1{n}:00", DUE, "2026-09-04T18:00", f"task:6{n}") for n in (1, 2))
    gone = {"task:62": at("2026-09-02T10:00"), "task:63": at("2026-09-02T10:00")}
    found = facts(tasks=given, deadlines=changes, gone=gone)
    assert {key: fact.omitted for key, fact in found.items()} == {
        "open_task|task:61": "ours", "task_due|task:61": "ours", "reschedule|deadline:d2026-09-02T11:00": "ours",
        "open_task|task:62": "deleted", "task_due|task:62": "deleted",
        "reschedule|deadline:d2026-09-02T12:00": "deleted",
        "open_task|task:63": "deleted", "task_due|task:63": "deleted",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("done", "number"),
    [("2026-09-03T23:59:59", -1), ("2026-09-04T00:00", 0), ("2026-09-04T00:00:01", 1), ("2026-09-03T15:00", -9 * 3600)],
)
def test_a_meeting_is_in_time_all_that_day(done: str, number: int) -> None:
    met = Meeting(id="61", created_at=at("2026-09-01T10:00"), due_at=at("2026-09-03T14:00"), done_at=at(done))
    fact = facts(meetings=(met,))["task_due|meeting:61"]
    assert (fact.at, fact.number, fact.due_at) == (at("2026-09-03T14:00"), number, at("2026-09-04T00:00"))


def test_a_meeting_that_stands_is_overdue_the_next_day() -> None:
    met = Meeting(id="61", created_at=at("2026-09-01T10:00"), due_at=at("2026-09-03T14:00"))
    assert facts(meetings=(met,))["open_task|meeting:61"].due_at == at("2026-09-04T00:00")


def test_amocrms_task_61_may_be_the_meeting_61() -> None:
    met = Meeting(id="61", created_at=at("2026-09-01T10:00"), due_at=at("2026-09-05T14:00"))
    change = moved("2026-09-02T10:00", DUE, "2026-09-05T14:00")
    assert facts(meetings=(met,), deadlines=(change,))["task_due|meeting:61"].at == at(DUE)
    both = facts(meetings=(met,), tasks=(task(),), deadlines=(change,))
    assert both["task_due|meeting:61"].at == at("2026-09-05T14:00")


def test_done_when_the_event_tells() -> None:
    told = Done(id="1", of="task:61", at=at("2026-09-03T17:00"))
    late = task(done="2026-09-08T10:00", updated_at=at("2026-09-08T10:00"))
    assert facts(tasks=(late,), dones=(told,))["task_due|task:61"].number == -3600


@pytest.mark.parametrize(
    ("more", "confidence"),
    [
        ({}, "exact"),
        ({"updated_at": at("2026-09-03T17:00")}, "assumed"),
        ({"updated_at": at("2026-09-03T17:00"), "done_exact": True}, "exact"),
    ],
)
def test_a_moment_that_is_only_the_last_change_is_assumed(more: Any, confidence: str) -> None:
    assert facts(tasks=(task(done="2026-09-03T17:00", **more),))["task_due|task:61"].confidence == confidence


@pytest.mark.parametrize(
    ("seen", "confidence"),
    [("2026-09-01T10:59", "observed"), ("2026-09-01T11:01", "assumed"), (None, "assumed")],
)
def test_a_first_deadline_is_known_from_when_we_looked(seen: str | None, confidence: str) -> None:
    since = {"task:61": at(seen)} if seen else {}
    watched = sales("observed")
    assert facts(watched, tasks=(task(),), since=since)["task_due|task:61"].confidence == confidence


HOURS = st.integers(1, 900)


@given(st.lists(HOURS, min_size=1, max_size=6, unique=True), st.one_of(st.none(), HOURS))
def test_however_often_it_was_moved_the_first_deadline_counts(dues: list[int], done: int | None) -> None:
    start = at("2026-09-01T10:00")
    moments = [start + timedelta(hours=due) for due in dues]
    changes = tuple(
        Deadline(id=str(n), of="task:61", at=start + timedelta(minutes=n), before=before, due_at=after)
        for n, (before, after) in enumerate(pairwise(moments))
    )
    ended = None if done is None else start + timedelta(hours=done)
    known = Task(id="61", created_at=start, due_at=moments[-1], done_at=ended)
    found = facts(tasks=(known,), deadlines=changes)
    fact = found["task_due|task:61"]
    assert fact.at == moments[0]
    assert fact.number == (None if done is None else 3600 * (done - dues[0]))
    assert len(of_kind("reschedule", found)) == len(dues) - 1
    assert ("open_task|task:61" in found) == (done is None)


@pytest.mark.parametrize(("apart", "sort"), [(False, "task"), (True, "activity")])
def test_a_task_and_the_crms_own_activity_are_told_apart(apart: bool, sort: str) -> None:
    changes = (moved("2026-09-02T10:00", "2026-09-02T18:00", DUE),)
    met = Meeting(id="62", user_id="501", created_at=at("2026-09-01T10:00"), due_at=at(DUE), activity=apart)
    found = facts(tasks=(task(activity=apart),), meetings=(met,), deadlines=changes)
    told = {key.split("|")[0]: fact.stage for key, fact in found.items() if "task:61" in key or "meeting:62" in key}
    assert told == {"open_task": sort, "task_due": sort}
    assert [one.stage for one in of_kind("reschedule", found)] == [sort]
    assert {one.stage for one in found.values()} == {sort}
