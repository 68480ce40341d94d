"""The first real talk with a client, and what came of it within the window."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connector.fact import Fact
from connector.records import Meeting
from tests.derive.ground import at, call, deal, facts, move, sales

TALK = "2026-09-02T10:00"
TALKED = call(TALK, 60, "t", user="502", on=("deal:1", "contact:7"))


def talks(**parts: Any) -> tuple[Fact, Fact]:
    """Until the win, until the meeting."""
    found = facts(**({"calls": (TALKED,)} | parts))
    return found["talk_won|contact:7"], found["talk_meeting|contact:7"]


@pytest.mark.parametrize(
    "calls",
    [
        (TALKED,),
        (call("2026-09-03T10:00", 600), TALKED),
        (call("2026-09-01T10:00", 59), call("2026-09-01T11:00", 500, answered=False), TALKED),
        (call("2026-09-01T10:00", 70, "1", unique="u"), call("2026-09-01T10:00", 70, "2", unique="u")),
    ],
)
def test_it_is_the_first_that_was_long_enough(calls: Any) -> None:
    won, met = talks(calls=calls)
    first = TALKED if TALKED in calls else calls[1]
    for fact in (won, met):
        assert (fact.at, fact.user, fact.call) == (first.at, first.user_id, first.id)
        assert (fact.number, fact.due_at) == (None, first.at + timedelta(days=90))


def test_the_client_may_have_called() -> None:
    won, _ = talks(calls=(call(TALK, 60, direction="in"),))
    assert won.at == at(TALK)


def test_no_talk_or_no_client_no_facts() -> None:
    for parts in ({"calls": (call(TALK, 59),)}, {"calls": (TALKED,), "key": "deal:1"}, {"calls": ()}):
        assert not [key for key in facts(**parts) if key.startswith("talk")]


def test_seconds_to_the_first_counted_win() -> None:
    deals = (deal("1"), deal("2"), deal("3", pipeline="3"), deal("4"), deal("5", "lost"))
    wins = ("2026-09-20T10:00", "2026-09-02T09:59", "2026-09-03T10:00", "2026-09-12T10:00")
    moves = tuple(move("won", when, of=f"deal:{n}", source="open") for n, when in enumerate(wins, 1))
    moves += (move("lost", "2026-09-03T10:00", of="deal:5", source="open"),)
    won, met = talks(deals=deals, moves=moves)
    assert (won.number, won.deal, won.confidence, met.number) == (10 * 86400, "1", "exact", None)


def test_a_win_in_the_moment_of_the_talk_is_its_own() -> None:
    won, _ = talks(deals=(deal(),), moves=(move("won", TALK, source="open"),))
    assert won.number == 0


def test_an_assumed_win_is_an_assumed_answer() -> None:
    won, _ = talks(deals=(deal(closed_at=at("2026-09-03T10:00")),))
    assert (won.number, won.confidence) == (86400, "assumed")


def test_seconds_to_the_first_meeting_held() -> None:
    meetings = (
        Meeting(id="1", done_at=at("2026-09-01T10:00"), on=("contact:7",)),
        Meeting(id="2", done_at=at("2026-09-04T10:00"), on=("contact:7",)),
        Meeting(id="3", due_at=at("2026-09-03T10:00"), on=("contact:7",)),
        Meeting(id="4", done_at=at("2026-09-03T10:00"), on=("contact:7",)),
        Meeting(id="5", done_at=at("2026-09-03T11:00"), on=("contact:7",), has_result=False),
    )
    _, met = talks(meetings=meetings, gone={"meeting:4": at("2026-09-05T10:00")})
    assert met.number == 2 * 86400


def test_window_and_length_are_configured() -> None:
    rules = sales(conversion_window_days=5, successful_call_seconds=61)
    assert not [key for key in facts(rules, calls=(TALKED,)) if key.startswith("talk")]
    longer = facts(rules, calls=(call(TALK, 61),))["talk_won|contact:7"]
    assert longer.due_at == at("2026-09-07T10:00")
