"""Scores hang on their calls: whose, when and of which deal is the call's to say, whatever becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from connector.records import Call, External
from tests.derive.ground import ZONE, at, deal, facts, move

DEAL = deal(created_at=at("2026-09-01T10:00"))
TALK = Call(
    id="9", at=at("2026-09-05T23:30"), direction="out", answered=True, seconds=90, user_id="502", on=("deal:1",),
    unique="u",
)  # fmt: skip
MARK = "objection|external:score:9:objection"


def score(what: Any = "objection", **more: Any) -> External:
    base = {"number": 1.0, "call": "9", "at": at("2026-09-01T00:00")}
    return External(id=f"score:9:{what}", what=what, **(base | more))


def told(*rows: External, calls: tuple[Call, ...] = (TALK,), **parts: Any) -> dict[str, Any]:
    return facts(None, **({"deals": (DEAL,), "calls": calls, "externals": rows} | parts))


def test_a_score_is_of_its_calls_person_deal_and_moment() -> None:
    fact = told(score())[MARK]
    assert (fact.call, fact.user, fact.deal, fact.at) == ("9", "502", "1", TALK.at)
    assert fact.day == TALK.at.astimezone(ZONE).date()
    assert fact.omitted is None
    assert fact.number == 1.0


def test_it_counts_nowhere_where_its_call_does_not() -> None:
    assert told(score(), gone={"call:9": TALK.at})[MARK].omitted == "deleted"
    assert told(score(), calls=())[MARK].omitted == "no_call"
    longer = Call(id="10", at=TALK.at, direction="out", answered=True, seconds=100, user_id="502", unique="u")
    assert told(score(), calls=(TALK, longer))[MARK].omitted == "duplicate"
    undone = told(score(), gone={"external:score:9:objection": TALK.at})[MARK]
    assert undone.omitted == "undone"


def test_script_items_are_two_facts_and_a_technique_waits_for_its_training() -> None:
    made = told(score("script", number=4.0, items=6.0), score("technique", technique="СПИН"))
    assert made["script_passed|external:score:9:script"].number == 4.0
    assert made["script_items|external:score:9:script"].number == 6.0
    assert made["technique|external:score:9:technique"].omitted == "before_training"


def test_a_lost_deal_leaves_the_score_where_it_is() -> None:
    lost = move("lost", "2026-09-10T12:00")
    fact = told(score(), moves=(lost,))[MARK]
    assert fact.at == TALK.at < lost.at - timedelta(days=1)


def test_a_score_of_no_deal_is_of_whoever_was_talked_with() -> None:
    talk = Call(
        id="9", at=TALK.at, direction="out", answered=True, seconds=90, user_id="502", on=("lead:3", "contact:8")
    )
    fact = told(score(), calls=(talk,), deals=())[MARK]
    assert (fact.deal, fact.client) == (None, "contact:8")
