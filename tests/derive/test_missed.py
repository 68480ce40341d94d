"""A missed call is returned by whoever dials the number first, unless the client gets through himself before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.fact import Fact
from connector.records import Call
from tests.derive.ground import at, call, facts, sales


def missed(when: str = "2026-09-01T10:00", id: str = "m", **more: Any) -> Call:
    return call(when, 0, id, direction="in", **more)


def came(when: str, seconds: int = 30, **more: Any) -> Call:
    return call(when, seconds, direction="in", **more)


def callback(*calls: Call, rules: Any = None, **parts: Any) -> Fact:
    return facts(rules, calls=calls, **parts)["callback|call:m"]


@pytest.mark.parametrize(
    ("missed_at", "returned_at", "number", "due"),
    [
        ("2026-09-01T10:00", "2026-09-01T10:20", 1200, "2026-09-01T10:20"),
        ("2026-09-01T10:00", "2026-09-01T10:20:01", 1201, "2026-09-01T10:20"),
        ("2026-09-04T17:55", "2026-09-07T09:05", 600, "2026-09-07T09:15"),  # over a weekend
        ("2026-09-05T13:00", "2026-09-05T14:00", 0, "2026-09-07T09:20"),  # he worked on Saturday
        ("2026-09-01T10:00", "2026-09-02T10:00", 9 * 3600, "2026-09-01T10:20"),
    ],
)
def test_working_seconds_until_it_was_returned(missed_at: str, returned_at: str, number: int, due: str) -> None:
    fact = callback(missed(missed_at), call(returned_at, 0))
    assert (fact.number, fact.due_at, fact.omitted, fact.user) == (number, at(due), None, "501")
    assert (fact.at, fact.client, fact.call) == (at(missed_at), "contact:7", "m")


def test_the_clock_on_the_wall_is_told_too() -> None:
    """K-27: the second line asks whether it was returned within 23 hours, nights and weekends included."""
    over_a_weekend = callback(missed("2026-09-04T17:55"), call("2026-09-07T09:05", 0))
    assert (over_a_weekend.number, over_a_weekend.other) == (600, 63 * 3600 + 600)
    assert callback(missed()).other is None


def test_the_first_attempt_counts_whoever_makes_it_and_however_it_ends() -> None:
    fact = callback(missed(), call("2026-09-01T10:30", 60), call("2026-09-01T10:10", 0, user="502"))
    assert (fact.number, fact.user) == (600, "501")


def test_nobody_called_back() -> None:
    before, same_moment = call("2026-09-01T09:00", 60), call("2026-09-01T10:00", 60)
    fact = callback(missed(), before, same_moment, missed("2026-09-01T10:05", "again"))
    assert (fact.number, fact.omitted) == (None, None)


@pytest.mark.parametrize(
    ("theirs", "ours", "omitted"),
    [
        ("2026-09-01T10:05", None, "client_called"),
        ("2026-09-01T10:05", "2026-09-01T10:06", "client_called"),
        ("2026-09-01T10:07", "2026-09-01T10:06", None),
        ("2026-09-01T10:06", "2026-09-01T10:06", None),
        ("2026-09-02T09:00", None, "client_called"),  # 23 hours later, the last that is about this call
        ("2026-09-02T09:00:01", None, None),
    ],
)
def test_who_got_through_himself_needed_no_call(theirs: str, ours: str | None, omitted: str | None) -> None:
    calls = [missed(), came(theirs), *([call(ours, 0)] if ours else [])]
    assert callback(*calls).omitted == omitted


def test_over_a_weekend_he_has_until_the_norm_is_over() -> None:
    for theirs, omitted in (("2026-09-07T09:15", "client_called"), ("2026-09-07T09:15:01", None)):
        assert callback(missed("2026-09-04T17:55"), came(theirs)).omitted == omitted


def test_a_call_he_missed_again_is_no_getting_through() -> None:
    assert callback(missed(), came("2026-09-01T10:05", 9, answered=False)).omitted is None


@pytest.mark.parametrize(
    ("missed_on", "called_on", "number"), [("x", "x", 600), ("x", "y", None), (None, "y", 600), ("x", None, 600)]
)
def test_the_same_number_is_called_back(missed_on: str | None, called_on: str | None, number: int | None) -> None:
    assert callback(missed(phone=missed_on), call("2026-09-01T10:10", 0, phone=called_on)).number == number


def test_a_group_that_rang_missed_one_call_and_deleted_rows_return_none() -> None:
    rows = (missed(unique="u"), missed(id="other", user="502", unique="u"), call("2026-09-01T10:10", 0, "gone"))
    found = facts(calls=rows, gone={"call:gone": at("2026-09-03T10:00")})
    told = {key: (fact.number, fact.omitted) for key, fact in found.items() if fact.kind == "callback"}
    assert told == {"callback|call:m": (None, "duplicate"), "callback|call:other": (None, None)}


def test_the_norm_is_configured() -> None:
    fact = callback(missed(), rules=sales(callback_minutes=60))
    assert fact.due_at == at("2026-09-01T11:00")


def told(id: int, minute: int, direction: Any, answered: bool, phone: str) -> Call:
    """A call so many minutes after the morning of the first of September."""
    when = at("2026-09-01T08:00") + timedelta(minutes=minute)
    return Call(
        id=str(id), at=when, direction=direction, answered=answered, seconds=20 if answered else 0, user_id="501",
        phone=phone,
    )  # fmt: skip


CALLS = st.lists(
    st.builds(
        told,
        st.integers(0, 10**6),
        st.integers(0, 3000),
        st.sampled_from(["in", "out"]),
        st.booleans(),
        st.sampled_from(["x", "y"]),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(CALLS)
def test_every_missed_call_waits_once_and_for_the_nearest(calls: list[Call]) -> None:
    found = {f.call: f for f in facts(calls=tuple(calls)).values() if f.kind == "callback"}
    assert found.keys() == {one.id for one in calls if one.direction == "in" and not one.answered}
    for fact in found.values():
        mine = next(one for one in calls if one.id == fact.call)
        ours = [one.at for one in calls if one.phone == mine.phone and one.direction == "out" and one.at > mine.at]
        assert (fact.number is None) == (not ours)
        if ours:
            assert fact.number == sales().calendar.seconds(mine.at, min(ours))
