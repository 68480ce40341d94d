"""Calls and meetings belong to who spoke, at the moment they were, once."""

from __future__ import annotations

from typing import Any

import pytest

from connector.derive.clocks import Clocks
from connector.moment import WorkCalendar
from connector.records import Done, Meeting
from tests.derive.ground import at, call, facts, sales


@pytest.mark.parametrize(
    ("direction", "answered", "seconds", "kind", "number"),
    [
        ("out", True, 59, "call_out", 59),
        ("out", True, 60, "call_out", 60),
        ("out", False, 33, "call_out", 0),  # ringing is no talk
        ("in", True, 12, "call_in", 12),
        ("in", False, 0, "call_missed", None),
        ("in", False, 8, "call_missed", None),
    ],
)
def test_a_call_is_one_of_three_kinds(direction: Any, answered: bool, seconds: int, kind: str, number: Any) -> None:
    told = call("2026-09-01T10:00", seconds, "9", direction=direction, answered=answered, on=("deal:1", "contact:7"))
    fact = facts(calls=(told,))[f"{kind}|call:9"]
    assert (fact.user, fact.number, fact.call, fact.deal, fact.client) == ("501", number, "9", "1", "contact:7")


def test_rows_of_one_call_count_once_with_the_longest_talk() -> None:
    rows = (
        call("2026-09-01T10:00", 5, "1", unique="x"),
        call("2026-09-01T10:00", 70, "2", unique="x"),
        call("2026-09-01T10:01", 400, "3", unique="x", answered=False),
        call("2026-09-01T10:02", 5, "4", unique="y"),
        call("2026-09-01T10:02", 5, "5"),
    )
    found = facts(calls=rows)
    assert {f.call: f.omitted for f in found.values()} == {
        "1": "duplicate",
        "2": None,
        "3": "duplicate",
        "4": None,
        "5": None,
    }


def redials(*rows: tuple[str, int, dict[str, Any]]) -> list[str]:
    """Which of these calls (second of ten o'clock, talk, more) count with another one."""
    base: dict[str, Any] = {"phone": "hash"}
    calls = tuple(call(f"2026-09-01T10:{at}", talk, str(n), **(base | more)) for n, (at, talk, more) in enumerate(rows))
    return sorted(f.call or "" for f in facts(calls=calls).values() if f.omitted == "redial" and f.kind != "callback")


@pytest.mark.parametrize(
    ("name", "rows", "told"),
    [
        ("a burst", (("00:00", 0, {}), ("00:30", 0, {}), ("01:20", 0, {})), ["1", "2"]),
        ("a minute later", (("00:00", 0, {}), ("01:00", 0, {})), []),
        ("the one that was talked on counts", (("00:00", 0, {}), ("00:20", 70, {}), ("00:59", 5, {})), ["0", "2"]),
        ("another number", (("00:00", 0, {}), ("00:30", 0, {"phone": "other"})), []),
        ("no number told", (("00:00", 0, {"phone": None}), ("00:30", 0, {"phone": None})), []),
        ("two people", (("00:00", 0, {}), ("00:30", 0, {"user": "502"})), []),
        (
            "a call that was redirected",
            (("00:00", 0, {"direction": "in"}), ("00:20", 90, {"direction": "in", "user": "502"})),
            ["0"],
        ),
        ("called back at once", (("00:00", 0, {"direction": "in"}), ("00:30", 60, {})), []),
    ],
)  # fmt: skip
def test_calls_with_one_number_within_a_minute_are_one(name: str, rows: Any, told: list[str]) -> None:
    assert redials(*rows) == told, name


def test_a_missed_call_that_is_repeated_is_one_miss_since_the_first() -> None:
    rows = tuple(call(f"2026-09-01T10:00:{s:02}", 0, str(s), direction="in", phone="hash") for s in (0, 20, 50))
    found = facts(calls=(*rows, call("2026-09-01T10:05", 60, "9", phone="hash")))
    told = {fact.call: (fact.omitted, fact.number) for fact in found.values() if fact.kind == "callback"}
    assert told == {"0": (None, 300), "20": ("redial", 280), "50": ("redial", 250)}


def test_a_deleted_row_does_not_push_out_the_one_that_is_left() -> None:
    rows = (call("2026-09-01T10:00", 5, "1", unique="x"), call("2026-09-01T10:00", 70, "2", unique="x"))
    found = facts(calls=rows, gone={"call:2": at("2026-09-02T10:00")})
    assert {f.call: f.omitted for f in found.values()} == {"1": None, "2": "deleted"}


def test_a_caller_who_is_no_user_still_called() -> None:
    fact = facts(calls=(call("2026-09-01T10:00", 70, "1", user="robot"),))["call_out|call:1"]
    assert (fact.user, fact.omitted, fact.note) == ("robot", None, "unknown_user")


@pytest.mark.parametrize(
    ("when", "kind"),
    [
        ("2026-09-01T08:59:59", "call_missed_off"),
        ("2026-09-01T09:00:00", "call_missed"),
        ("2026-09-01T17:59:59", "call_missed"),
        ("2026-09-01T18:00:00", "call_missed_off"),
        ("2026-09-05T12:00", "call_missed_off"),  # a Saturday
        ("2026-06-11T17:00", "call_missed_off"),  # an hour shorter, before a holiday
        ("2026-06-11T16:59:59", "call_missed"),
        ("2026-06-12T12:00", "call_missed_off"),
    ],
)
def test_a_call_is_missed_where_somebody_should_have_been_there(when: str, kind: str) -> None:
    found = facts(calls=(call(when, 0, "9", direction="in"),))
    assert {key: fact.number for key, fact in found.items()} == {f"{kind}|call:9": None, "callback|call:9": None}


def test_working_hours_are_those_of_whom_the_client_called() -> None:
    office = WorkCalendar("Europe/Moscow", "11:00-20:00", country=None)
    late = sales(clocks=Clocks(sales().calendar, {"502": ((0, office),)}))
    for when, of_501, of_502 in (
        ("2026-09-01T10:00", "call_missed", "call_missed_off"),
        ("2026-09-01T19:00", "call_missed_off", "call_missed"),
    ):
        for user, kind in (("501", of_501), ("502", of_502)):
            assert f"{kind}|call:9" in facts(late, calls=(call(when, 0, "9", user, direction="in"),))


def reached(*calls: Any, **more: Any) -> dict[str | None, float | None]:
    """By call: the longest talk of the day, where the call stands for its number."""
    return {f.call: f.other for f in facts(calls=calls, **more).values() if f.kind.startswith("call_")}


def test_a_number_is_dialled_once_a_day_and_reached_by_its_longest_talk() -> None:
    assert reached(
        call("2026-09-01T12:00", 12, "3"),
        call("2026-09-01T10:00", 0, "1"),
        call("2026-09-01T11:00", 90, "2", answered=False),
        call("2026-09-01T23:59", 7, "4"),
        call("2026-09-02T00:00", 0, "5"),
    ) == {"1": 12, "2": None, "3": None, "4": None, "5": 0}


def test_another_number_person_or_direction_is_another_dialling() -> None:
    assert reached(
        call("2026-09-01T10:00", 5, "1", phone="x"),
        call("2026-09-01T10:10", 15, "2", phone="y"),
        call("2026-09-01T10:20", 25, "3", user="502", phone="x"),
        call("2026-09-01T10:30", 35, "4", phone="x", direction="in"),
        call("2026-09-01T10:40", 45, "5", phone="x"),
    ) == {"1": 45, "2": 15, "3": 25, "4": None, "5": None}


def test_rows_that_count_nowhere_are_no_dialling() -> None:
    assert reached(
        call("2026-09-01T10:00", 5, "1", unique="u"),
        call("2026-09-01T10:01", 50, "2", unique="u"),
        call("2026-09-01T09:00", 500, "3"),
        gone={"call:3": at("2026-09-02T10:00")},
    ) == {"1": None, "2": 50, "3": None}


DONE = at("2026-09-02T15:00")


def test_a_meeting_counts_once_it_is_done_at_the_moment_the_crm_tells() -> None:
    met = Meeting(
        id="61", user_id="502", done_at=at("2026-09-05T10:00"), updated_at=at("2026-09-05T10:00"), on=("deal:1",)
    )
    told = (Done(id="1", of="task:61", at=at("2026-09-01T15:00")), Done(id="2", of="task:61", at=DONE))
    fact = facts(meetings=(met,), dones=told)["meeting|meeting:61"]
    assert (fact.at, fact.user, fact.deal, fact.confidence) == (DONE, "502", "1", "exact")


@pytest.mark.parametrize(
    ("changed", "confidence"), [(None, "exact"), (at("2026-09-03T10:00"), "exact"), (DONE, "assumed")]
)
def test_without_an_event_the_meetings_own_moment_counts(changed: Any, confidence: str) -> None:
    fact = facts(meetings=(Meeting(id="61", done_at=DONE, updated_at=changed),))["meeting|meeting:61"]
    assert (fact.at, fact.confidence) == (DONE, confidence)


def test_a_meeting_without_result_counts_nowhere_where_the_crm_keeps_results() -> None:
    """K-04: completed with a result; a meeting that is only ticked off may never have been."""
    for result, why in ((False, "no_result"), (None, None), (True, None)):
        fact = facts(meetings=(Meeting(id="61", done_at=DONE, has_result=result),))["meeting|meeting:61"]
        assert (fact.note, fact.omitted) == (None, why)
    gone = facts(meetings=(Meeting(id="61", done_at=DONE, has_result=False),), gone={"meeting:61": DONE})
    assert gone["meeting|meeting:61"].omitted == "deleted"


def test_a_meeting_that_is_open_again_or_deleted_does_not_count() -> None:
    assert not facts(meetings=(Meeting(id="61"),), dones=(Done(id="1", of="task:61", at=DONE),))
    gone = facts(meetings=(Meeting(id="61", done_at=DONE),), gone={"meeting:61": DONE})
    assert gone["meeting|meeting:61"].omitted == "deleted"
