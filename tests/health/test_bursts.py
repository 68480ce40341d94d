"""What is one go: against the plain reading of the words, over random events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from connector.health.bursts import Event, bursts
from connector.kpi.definition import Text

START = datetime(2026, 9, 1, tzinfo=UTC)
WINDOW = timedelta(minutes=10)
EVENTS = st.lists(st.tuples(st.integers(0, 90), st.sampled_from("ab"), st.integers(0, 6)), max_size=40)


def events(drawn: list[tuple[int, str, int]]) -> list[Event]:
    return [Event(START + timedelta(minutes=m), user, f"deal:{ref}", Text("", "")) for m, user, ref in drawn]


def plainly(some: list[Event], least: int) -> set[tuple[str, datetime, str]]:
    """Every event that lies in any window with so many different records of its person."""
    found = set()
    for first in some:
        window = [e for e in some if e.user == first.user and first.at <= e.at <= first.at + WINDOW]
        if len({e.ref for e in window}) >= least:
            found |= {(e.user, e.at, e.ref) for e in window}
    return found


@given(drawn=EVENTS, least=st.integers(2, 5))
def test_all_and_only_what_some_window_holds(drawn: list[tuple[int, str, int]], least: int) -> None:
    some = events(drawn)
    told = list(bursts(some, least, WINDOW))
    assert {(e.user, e.at, e.ref) for burst in told for e in burst} == plainly(some, least)
    assert all(len({e.user for e in burst}) == 1 for burst in told)
    assert all(list(burst) == sorted(burst, key=lambda e: (e.at, e.ref)) for burst in told)


def test_two_goes_an_hour_apart_are_two() -> None:
    drawn = [(m, "a", m) for m in range(4)] + [(60 + m, "a", m) for m in range(4)]
    assert [len(burst) for burst in bursts(events(drawn), 4, WINDOW)] == [4, 4]
    assert list(bursts(events(drawn), 5, WINDOW)) == []
