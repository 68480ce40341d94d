"""When a deal was won and for how much, by the account's rules (C6, C17); refunds that are nobody's fault (K-08)."""

from __future__ import annotations

from typing import Any

import pytest

from connector.fact import Fact
from tests.derive.ground import at, deal, facts, into, move, owner, price, sales

TWICE = (
    move("won", "2026-09-10T12:00", source="open"),
    move("open", "2026-09-20T12:00", source="won"),
    move("won", "2026-10-05T09:00", source="open"),
)


def win(rules: dict[str, Any], **parts: Any) -> Fact:
    base: dict[str, Any] = {"deals": (deal(),), "moves": TWICE}
    return facts(sales(**rules), **(base | parts))["win|deal:1"]


@pytest.mark.parametrize(
    ("rule", "when", "user", "roubles"),
    [("last_standing", "2026-10-05T09:00", "502", 70), ("first_ever", "2026-09-10T12:00", "501", 50)],
)
def test_won_twice_is_one_win_at_the_entry_that_the_rule_means(rule: str, when: str, user: str, roubles: int) -> None:
    """With the owner and the amount of that moment."""
    fact = win(
        {"win_rule": rule},
        deals=(deal(owner_id="502", amount=70_00),),
        owners=(owner("502", "501", "2026-09-25T10:00"),),
        prices=(price(70_00, 50_00, "2026-09-30T10:00"),),
    )
    assert (fact.at, fact.user, fact.amount) == (at(when), user, roubles * 100)


def test_a_deal_that_is_not_won_any_more_is_no_win_by_either_rule() -> None:
    for rule in ("last_standing", "first_ever"):
        found = facts(
            sales(win_rule=rule), deals=(deal(outcome="lost"),), moves=(*TWICE[:2], into("lost", "2026-10-01T10:00"))
        )
        assert "win|deal:1" not in found
        assert found["loss|deal:1"].at == at("2026-10-01T10:00")


def test_the_first_entry_counts_where_the_crm_does_not_tell_from_where() -> None:
    moves = (move("won", "2026-09-10T12:00"), move("open", "2026-09-20T12:00"), move("won", "2026-10-05T09:00"))
    assert win({"win_rule": "first_ever"}, moves=moves).at == at("2026-09-10T12:00")


def test_a_deal_made_as_a_won_one_was_won_then() -> None:
    moves = (move("open", "2026-09-20T12:00", source="won"), move("won", "2026-10-05T09:00", source="open"))
    assert win({"win_rule": "first_ever"}, moves=moves).at == at("2026-09-01T10:00")


def test_without_a_move_into_it_both_rules_assume_the_crms_moment() -> None:
    told = deal(closed_at=at("2026-09-15T12:00"))
    for rule in ("last_standing", "first_ever"):
        fact = win({"win_rule": rule}, deals=(told,), moves=())
        assert (fact.at, fact.confidence) == (at("2026-09-15T12:00"), "assumed")


EDITED = {"deals": (deal(amount=70_00),), "moves": TWICE[:1], "prices": (price(70_00, 50_00, "2026-09-30T10:00"),)}


@pytest.mark.parametrize(
    ("amounts", "parts", "roubles", "note"),
    [
        ("strict", EDITED, 50, None),
        ("live", EDITED, 70, "changed_after_win"),
        ("live", EDITED | {"prices": (price(70_00, 50_00, "2026-09-09T10:00"),)}, 70, None),
        ("live", EDITED | {"prices": ()}, 70, None),
        ("live", EDITED | {"deals": (deal(amount=None),), "prices": (price(None, 50_00, "2026-09-30T10:00"),)},
         0, "no_amount"),
        ("live", EDITED | {"deals": (deal(amount=1_00, currency="USD"),), "prices": (
            price(1_00, 1_00, "2026-09-30T10:00", how="observed", currency="USD", currency_before="RUB"),)},
         90, "changed_after_win"),
    ],
)  # fmt: skip
def test_a_win_is_worth_what_it_was_then_or_what_it_is_now(
    amounts: str, parts: dict[str, Any], roubles: int, note: str | None
) -> None:
    fact = facts(sales(amounts=amounts), **parts)["win|deal:1"]
    assert (fact.amount, fact.note) == (roubles * 100, note)


def test_a_live_amount_is_known_for_sure_where_the_past_one_is_not() -> None:
    parts = EDITED | {"prices": (), "since": {"deal:1": at("2026-10-01T10:00")}}
    strict, live = (facts(sales("observed", amounts=a), **parts)["win|deal:1"] for a in ("strict", "live"))
    assert strict.confidence == "assumed"
    assert live.confidence == "assumed", "the owner is no surer"
    owned = parts | {"owners": (owner("501", "502", "2026-09-02T10:00"),)}
    strict, live = (facts(sales("observed", amounts=a), **owned)["win|deal:1"] for a in ("strict", "live"))
    assert (strict.confidence, live.confidence) == ("assumed", "assumed")


def test_a_margin_and_a_discount_are_of_the_same_amount_as_the_win() -> None:
    parts = EDITED | {"deals": (deal(amount=70_00, fields={"Маржа": "30", "Прайс": "100"}),)}
    for amounts, roubles in (("strict", 50), ("live", 70)):
        found = facts(sales(amounts=amounts, margin_field="Маржа", list_price_field="Прайс"), **parts)
        assert found["margin_base|deal:1"].amount == roubles * 100
        assert found["discount|deal:1"].amount == (100 - roubles) * 100


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("Брак", "refund_excused"),
        (" брак ", "refund_excused"),
        ([{"value": "БРАК"}], "refund_excused"),
        ("Не подошло", "refund"),
        ("", "refund"),
        (None, "refund"),
    ],
)
def test_a_refund_for_a_reason_that_is_not_the_sellers_stands_apart(reason: Any, kind: str) -> None:
    told = deal(fields={"Refund": 5, "Refund date": "2026-09-20", "Причина": reason})
    rules = sales(refund_reason_field="Причина", refund_excused_reasons=("Брак", ""))
    found = facts(rules, deals=(told,), moves=TWICE[:1])
    assert {key for key in found if key.startswith("refund")} == {f"{kind}|deal:1", "refund_booked|deal:1"}
    assert found[f"{kind}|deal:1"].number == 10


def test_without_the_field_every_refund_counts() -> None:
    told = deal(fields={"Refund": 5, "Refund date": "2026-09-20", "Причина": "Брак"})
    assert "refund|deal:1" in facts(sales(refund_excused_reasons=("Брак",)), deals=(told,), moves=TWICE[:1])
