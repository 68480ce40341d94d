"""A deal's life: when it was created and whose, how long it took, and whether its client came back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connector.fact import Fact
from tests.derive.ground import at, deal, facts, move, owner, sales

WON = move("won", "2026-09-10T12:00", source="open")
DAY = 86_400


def created(**parts: Any) -> Fact:
    return facts(**({"deals": (deal(outcome="open"),)} | parts))["created|deal:1"]


def test_a_created_deal_is_its_first_owners() -> None:
    fact = created(deals=(deal(outcome="open", created_by="503"),), owners=(owner("501", "502", "2026-09-05T10:00"),))
    assert (fact.user, fact.creator, fact.actor, fact.owner_now) == ("502", "503", "503", "501")
    assert (fact.at, fact.stage, fact.number, fact.amount) == (at("2026-09-01T10:00"), "open", None, 100_000_00)


def test_a_closed_deal_tells_how_long_it_was_open() -> None:
    fact = created(deals=(deal(),), moves=(WON,))
    assert (fact.stage, fact.number, fact.confidence) == ("won", 9 * DAY + 7200, "exact")
    lost = created(deals=(deal(outcome="lost", closed_at=at("2026-09-02T10:00")),))
    assert (lost.stage, lost.number, lost.confidence) == ("lost", DAY, "assumed")


@pytest.mark.parametrize(
    ("more", "amount", "note"),
    [
        ({"amount": 10_00, "currency": "USD"}, 900_00, None),
        ({"amount": 10_00, "currency": "GBP"}, None, "no_rate:GBP"),
        ({"amount": None}, 0, "no_amount"),
    ],
)
def test_a_created_deal_is_worth_what_it_is_now_at_the_rate_of_then(more: Any, amount: Any, note: Any) -> None:
    fact = created(deals=(deal(outcome="open", **more),))
    assert (fact.amount, fact.note, fact.omitted) == (amount, note, None)


@pytest.mark.parametrize(
    ("pipeline", "gone", "omitted"), [("3", {}, "service_pipeline"), ("1", {"deal:1": WON.at}, "deleted")]
)
def test_a_deal_that_counts_nowhere_was_not_created(pipeline: str, gone: Any, omitted: str) -> None:
    found = facts(deals=(deal(outcome="open", pipeline=pipeline),), gone=gone)
    assert found["created|deal:1"].omitted == omitted
    assert not any(key.startswith("open_") for key in found)


def test_a_first_owner_seen_within_the_hour_is_observed() -> None:
    start = at("2026-09-01T10:00")
    for late, confidence in ((timedelta(minutes=59), "observed"), (timedelta(minutes=61), "assumed")):
        assert created(rules=sales("observed"), since={"deal:1": start + late}).confidence == confidence


def test_a_cycle_is_from_creation_to_the_standing_win() -> None:
    again = (WON, move("open", "2026-09-11T12:00", source="won"), move("won", "2026-09-21T10:00", source="open"))
    fact = facts(deals=(deal(owner_id="502"),), moves=again)["cycle|deal:1"]
    assert (fact.number, fact.at, fact.user, fact.owner_now) == (20 * DAY, at("2026-09-21T10:00"), "502", "502")


def test_a_win_dated_before_its_creation_took_no_time_and_says_so() -> None:
    fact = facts(deals=(deal(created_at=at("2026-09-12T10:00")),), moves=(WON,))["cycle|deal:1"]
    assert (fact.number, fact.note, fact.omitted) == (0, "won_before_created", None)


def test_a_win_at_its_creation_took_no_time_and_there_is_nothing_to_say() -> None:
    fact = facts(deals=(deal(created_at=WON.at),), moves=(WON,))["cycle|deal:1"]
    assert (fact.number, fact.note, fact.omitted) == (0, None, None)


def test_only_wins_that_count_have_a_cycle() -> None:
    assert "cycle|deal:1" not in facts(deals=(deal(outcome="lost"),))
    assert "cycle|deal:1" not in facts(deals=(deal(pipeline="3"),))


def test_a_purchase_waits_for_the_clients_next() -> None:
    deals = (*(deal(str(n), pipeline="3" if n == 2 else "1") for n in (1, 2, 3)), deal("4", contacts=("contact:8",)))
    whens = ("2026-09-10T12:00", "2026-09-11T12:00", "2026-09-13T00:00", "2026-09-14T00:00")
    moves = tuple(move("won", when, f"deal:{n}", f"m{n}", "open") for n, when in enumerate(whens, 1))
    found = {f.deal: f for f in facts(sales(return_days=30), deals=deals, moves=moves).values() if f.kind == "return"}
    assert {id: fact.number for id, fact in found.items()} == {"1": 2.5, "3": None, "4": None}
    assert found["1"].due_at == at("2026-10-10T12:00")


def test_a_purchase_without_client_is_followed_by_nothing() -> None:
    assert "return|deal:1" not in facts(key="deal:1", deals=(deal(contacts=()),), moves=(WON,))
