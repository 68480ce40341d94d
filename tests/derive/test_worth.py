"""Margin, list price, discount and payments: what stands in fields, beside the win it belongs to."""

from __future__ import annotations

from typing import Any

import pytest

from connector.fact import Fact
from connector.records import Outcome
from tests.derive.ground import at, deal, facts, move, owner, price, sales

RULES = sales(
    margin_field="Маржа",
    list_price_field="Прайс",
    payment_amount_field="Оплачено",
    payment_date_field="Дата оплаты",
)
WON = move("won", "2026-09-10T12:00", source="open")


def derived(kind: str, fields: dict[str, Any], outcome: Outcome = "won", more: Any = None, **parts: Any) -> Fact | None:
    told = deal(outcome=outcome, fields=fields, owner_id="502", updated_at=at("2026-10-20T10:00"), **(more or {}))
    base = {
        "rules": RULES,
        "deals": (told,),
        "moves": (WON,) if outcome == "won" else (),
        "owners": (owner("502", "501", "2026-09-20T10:00"),),
    }
    return facts(**(base | parts)).get(f"{kind}|deal:1")


def some(*given: Any, **parts: Any) -> Fact:
    fact = derived(*given, **parts)
    assert fact is not None
    return fact


def test_a_margin_stands_beside_the_revenue_of_its_win() -> None:
    edits = (price(80_000_00, 5, "2026-09-09T10:00"), price(20_000_00, 80_000_00, "2026-09-29T12:00"))
    fact = some("margin", {"Маржа": "30 000"}, prices=edits)
    assert (fact.amount, fact.user, fact.at) == (30_000_00, "501", WON.at)
    assert some("margin_base", {"Маржа": "30 000"}, prices=edits).amount == 80_000_00
    assert (fact.owner_now, fact.omitted, fact.note) == ("502", None, None)


@pytest.mark.parametrize(
    ("written", "currency", "amount", "note"),
    [
        (100, "USD", 9_000_00, None),
        ("100|RUB", "USD", 100_00, None),
        ("100", "GBP", None, "no_rate:GBP"),
        ("-5", "RUB", -5_00, None),
        (0, "RUB", 0, None),
    ],
)
def test_a_margin_is_in_the_deals_currency_unless_it_names_one(
    written: Any, currency: str, amount: Any, note: Any
) -> None:
    fact = some("margin", {"Маржа": written}, more={"currency": currency})
    assert (fact.amount, fact.note, fact.omitted) == (amount, note, None)


def test_an_unreadable_margin_is_shown_only() -> None:
    assert some("margin", {"Маржа": "высокая"}).omitted == "unreadable"
    assert some("margin_base", {"Маржа": "высокая"}).omitted == "unreadable"
    gone = some("margin", {"Маржа": "высокая"}, gone={"deal:1": WON.at})
    assert gone.omitted == "deleted"


@pytest.mark.parametrize("kind", ["margin", "margin_base", "listed", "discount"])
@pytest.mark.parametrize(
    ("fields", "outcome"), [({}, "won"), ({"Маржа": "", "Прайс": None}, "won"), ({"Маржа": 5, "Прайс": 5}, "open")]
)
def test_only_what_is_filled_and_won_has_one(kind: str, fields: Any, outcome: Outcome) -> None:
    assert derived(kind, fields, outcome) is None


@pytest.mark.parametrize(("listed", "discount"), [("120 000", 20_000_00), ("100000", 0), ("90000", -10_000_00)])
def test_a_discount_is_what_the_win_was_below_the_list_price(listed: str, discount: int) -> None:
    fields = {"Прайс": listed}
    assert some("discount", fields).amount == discount
    assert some("listed", fields).amount == 100_000_00 + discount


@pytest.mark.parametrize(
    ("written", "more", "omitted", "note"),
    [
        ("много", {}, "unreadable", None),
        ("5000", {"amount": 0}, "no_amount", None),
        ("5000", {"currency": "GBP"}, None, "no_rate:GBP"),
    ],
)
def test_without_both_prices_there_is_no_discount(written: str, more: Any, omitted: Any, note: Any) -> None:
    for kind in ("listed", "discount"):
        fact = some(kind, {"Прайс": written}, more=more)
        assert (fact.omitted, fact.note if note else None) == (omitted, note)
        assert omitted == "no_amount" or fact.amount is None


# Payments


def test_a_payment_counts_when_it_came_for_whoever_won_it() -> None:
    fact = some("payment", {"Оплачено": "50 000", "Дата оплаты": "2026-09-25"})
    assert (fact.amount, fact.at, fact.user, fact.confidence) == (50_000_00, at("2026-09-25T00:00"), "501", "exact")


@pytest.mark.parametrize(("outcome", "when"), [("won", WON.at), ("open", at("2026-10-20T10:00"))])
def test_without_a_date_it_is_assumed_to_have_come_with_the_win(outcome: Outcome, when: Any) -> None:
    fact = some("payment", {"Оплачено": 50_000, "Дата оплаты": "скоро"}, outcome)
    assert (fact.at, fact.confidence, fact.omitted) == (when, "assumed", None)


@pytest.mark.parametrize(("when", "user"), [("2026-09-05", "501"), ("2026-09-25", "502")])
def test_paid_before_the_win_it_is_of_whoever_had_the_deal(when: str, user: str) -> None:
    assert some("payment", {"Оплачено": 50_000, "Дата оплаты": when}, "open").user == user


def test_nothing_paid_is_no_payment_and_nonsense_is_shown() -> None:
    assert derived("payment", {"Оплачено": "0"}) is None
    assert derived("payment", {"Оплачено": ""}) is None
    assert some("payment", {"Оплачено": "да"}).omitted == "unreadable"
    assert some("payment", {"Оплачено": "5|GBP"}).note == "no_rate:GBP"
