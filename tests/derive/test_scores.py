"""Scores written on a deal: shares of 1 however they are written, at the close, of its owner then."""

from __future__ import annotations

from typing import Any

import pytest

from tests.derive.ground import at, deal, facts, move, owner, sales

RULES = sales(objection_field="Возражения", script_field="Скрипт")
WON = move("won", "2026-09-10T12:00", source="open")


def told(fields: Any, outcome: Any = "won", **parts: Any) -> dict[str, Any]:
    made = deal(outcome=outcome, fields=fields, owner_id="502", updated_at=at("2026-10-20T10:00"))
    changes = (owner("502", "501", "2026-09-20T10:00"),)
    found = facts(RULES, deals=(made,), moves=(WON,) if outcome == "won" else (), owners=changes, **parts)
    return {f.kind: f for f in found.values() if f.kind in ("objection", "script_passed", "script_items")}


@pytest.mark.parametrize(
    ("written", "number"),
    [(0.8, 0.8), ("0,8", 0.8), (80, 0.8), ("80 %", 0.8), ("1%", 0.01), (1, 1), (0, 0), (100, 1), ("7 из 10", 0.07)],
)
def test_a_score_is_a_share_of_one(written: Any, number: float) -> None:
    assert told({"Возражения": written})["objection"].number == pytest.approx(number)


@pytest.mark.parametrize("written", ["хорошо", 101, -1, "-5%", "101 %"])
def test_beyond_the_whole_it_cannot_be_read(written: Any) -> None:
    fact = told({"Возражения": written})["objection"]
    assert (fact.number, fact.omitted) == (None, "unreadable")


def test_a_script_is_passed_in_part_of_one_item() -> None:
    found = told({"Скрипт": 75})
    assert (found["script_passed"].number, found["script_items"].number) == (0.75, 1)
    unread = told({"Скрипт": "да"})
    assert {fact.omitted for fact in unread.values()} == {"unreadable"}


@pytest.mark.parametrize(
    ("outcome", "when", "user", "confidence"),
    [("won", WON.at, "501", "exact"), ("open", at("2026-10-20T10:00"), "502", "assumed")],
)
def test_it_is_of_whoever_had_the_deal_then(outcome: str, when: Any, user: str, confidence: str) -> None:
    fact = told({"Возражения": 1}, outcome)["objection"]
    assert (fact.at, fact.user, fact.confidence) == (when, user, confidence)


def test_scores_go_with_their_deal_and_empty_ones_are_none() -> None:
    gone = told({"Возражения": 1, "Скрипт": "да"}, gone={"deal:1": at("2026-10-01T10:00")})
    assert {fact.omitted for fact in gone.values()} == {"deleted"}
    assert not told({"Возражения": "", "Скрипт": None})
