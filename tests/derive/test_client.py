"""Ratings and refunds from custom fields, however the CRM writes them."""

from __future__ import annotations

from typing import Any

import pytest

from connector.fact import Fact
from connector.records import Outcome
from tests.derive.ground import at, deal, facts, move, owner, sales

WON = move("won", "2026-08-10T12:00", source="open")


def derived(kind: str, fields: dict[str, Any], outcome: Outcome = "won", **parts: Any) -> Fact | None:
    told = deal(outcome=outcome, fields=fields, updated_at=at("2026-10-20T10:00"), owner_id="502")
    changed = owner("502", "501", "2026-08-20T10:00")
    base = {"deals": (told,), "moves": (WON,) if outcome == "won" else (), "owners": (changed,)}
    return facts(**(base | parts)).get(f"{kind}|deal:1")


def rating(score: Any, date: Any = "2026-09-03", **parts: Any) -> Fact:
    fact = derived("rating", {"CSAT": score, "CSAT date": date}, **parts)
    assert fact is not None
    return fact


@pytest.mark.parametrize(
    ("written", "score"),
    [(5, 5), ("4", 4), ("4,5", 4.5), ("5 - отлично", 5), ([{"value": "3"}], 3), (0, 0), ("10", 10)],
)
def test_a_score_is_a_number_however_it_is_written(written: Any, score: float) -> None:
    assert rating(written).number == score


def test_a_rating_is_of_whoever_owned_the_deal_when_it_was_won() -> None:
    """And of that day (K-07): a month's ratings are those of its closed deals, not those that came in by chance."""
    fact = rating(5)
    assert (fact.user, fact.at, fact.confidence) == ("501", WON.at, "exact")
    assert (str(fact.day), fact.due_at) == ("2026-08-10", at("2026-09-03T00:00"))
    undated = rating(5, None)
    assert (undated.at, undated.confidence, undated.due_at) == (WON.at, "exact", None)


def test_a_rating_of_a_lost_deal_is_of_whoever_lost_it() -> None:
    lost = move("lost", "2026-08-10T12:00", source="open")
    fact = rating(5, outcome="lost", moves=(lost,))
    assert (fact.user, fact.at, fact.confidence) == ("501", lost.at, "exact")


@pytest.mark.parametrize(("date", "user"), [("2026-08-15", "501"), ("2026-09-03", "502")])
def test_a_rating_of_an_open_deal_is_of_whoever_had_it_then(date: str, user: str) -> None:
    fact = rating(5, date, outcome="open")
    assert (fact.user, fact.at, fact.confidence) == (user, at(f"{date}T00:00"), "exact")


def test_a_rating_of_an_open_deal_is_no_surer_than_its_owner() -> None:
    """Where owners are only observed, and the deal was first seen after the rating."""
    watched = {"rules": sales("observed"), "owners": (), "outcome": "open"}
    assert rating(5, since={"deal:1": at("2026-09-10T10:00")}, **watched).confidence == "assumed"
    assert rating(5, since={"deal:1": at("2026-09-01T10:00")}, **watched).confidence == "observed"


@pytest.mark.parametrize(
    "written",
    [
        "2026-09-03",
        "2026-09-03T00:00:00+03:00",
        "2026-09-02T21:00:00Z",
        "03.09.2026",
        "03.09.2026 00:00:00",
        at("2026-09-03T00:00").timestamp(),
        str(int(at("2026-09-03T00:00").timestamp())),
        at("2026-09-03T00:00"),
    ],
)
def test_a_date_is_read_however_it_is_written(written: Any) -> None:
    assert rating(5, written).due_at == at("2026-09-03T00:00")
    assert rating(5, written, outcome="open").at == at("2026-09-03T00:00")


@pytest.mark.parametrize("written", [None, "", "soon", "2026-13-45", 10**30, [], {}])
def test_without_a_readable_date_the_last_change_is_assumed(written: Any) -> None:
    fact = rating(5, written, outcome="open")
    assert (fact.at, fact.confidence) == (at("2026-10-20T10:00"), "assumed")


@pytest.mark.parametrize("written", ["good", "nan", [[]], {"value": None}, object()])
def test_an_unreadable_score_is_shown_and_counts_nowhere(written: Any) -> None:
    assert (rating(written).omitted, rating(written).number) == ("unreadable", None)


@pytest.mark.parametrize("empty", [None, "", []])
def test_an_empty_field_is_no_rating(empty: Any) -> None:
    assert derived("rating", {"CSAT": empty}) is None
    assert derived("rating", {}) is None


def test_without_a_configured_field_there_is_nothing() -> None:
    bare = sales(csat_field=None, refund_amount_field=None)
    assert derived("rating", {"CSAT": 5}, rules=bare) is None
    assert derived("refund", {"Refund": 5}, rules=bare) is None


def test_ratings_and_refunds_go_with_their_deal() -> None:
    gone = {"deal:1": at("2026-10-01T10:00")}
    assert rating(5, gone=gone).omitted == "deleted"
    assert refund("5", gone=gone).omitted == "deleted"


def refund(amount: Any, date: Any = "2026-09-27", **parts: Any) -> Fact:
    fact = derived("refund", {"Refund": amount, "Refund date": date}, **parts)
    assert fact is not None
    return fact


@pytest.mark.parametrize(
    ("written", "minor"), [("50 000,50 ₽", 50_000_50), (50_000, 50_000_00), ("10|USD", 900_00), ("1000|RUB", 1000_00)]
)
def test_a_refund_belongs_to_the_sale_it_takes_back(written: Any, minor: int) -> None:
    fact = refund(written)
    assert (fact.amount, fact.at, fact.user, fact.omitted) == (minor, at("2026-08-10T12:00"), "501", None)
    assert (fact.number, fact.due_at) == (48, at("2026-09-27T00:00"))


@pytest.mark.parametrize(("date", "omitted"), [("2026-11-08", None), ("2026-11-09", "late_refund")])
def test_a_refund_after_the_window_counts_nowhere(date: str, omitted: str | None) -> None:
    assert refund("5", date).omitted == omitted


def test_a_refund_without_a_win_or_a_readable_amount_is_shown_only() -> None:
    assert refund("5", outcome="open").omitted == "not_won"
    assert refund("five").omitted == "unreadable"
    pounds = refund("5|GBP")
    assert (pounds.amount, pounds.note) == (None, "no_rate:GBP")


def test_a_refund_is_in_its_deals_currency_unless_it_names_one() -> None:
    """Like every other amount in a field: a hundred dollars back were a hundred roubles."""
    sold = deal(fields={"Refund": "100", "Refund date": "2026-09-27"}, currency="USD")
    told = facts(deals=(sold,), moves=(WON,))
    assert (told["refund|deal:1"].amount, told["refund_booked|deal:1"].amount) == (9_000_00, 9_000_00)


def test_nothing_taken_back_is_no_refund() -> None:
    assert derived("refund", {"Refund": "0"}) is None
    assert derived("refund", {"Refund": 0}) is None
