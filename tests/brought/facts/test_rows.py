"""Rows judged: all that is wrong with each at once, and what they say where nothing is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connector.brought.facts.columns import SHAPES, WHATS
from connector.brought.facts.known import Known, clients_of, deal_of
from connector.brought.facts.rows import judge, read
from connector.records import External, User
from connector.sheet import Line

KNOWN = Known(
    zone=ZoneInfo("Europe/Moscow"),
    currency="RUB",
    now=datetime(2026, 9, 20, 12, tzinfo=UTC),
    users={id: User(id=id, name=name) for id, name in (("501", "Анна Белова"), ("502", "Борис"), ("503", "борис"))},
    deals={"7001"},
    clients={"contact:7", "contact:8", "company:8"},
    held={"old": "rating"},
)  # fmt: skip

GOOD: dict[str, dict[str, str]] = {
    "payment": {"amount": "100,50"},
    "refund": {"amount": "100,50"},
    "rating": {"number": "5"},
    "objection": {"number": "80 %"},
    "script": {"number": "7", "items": "10"},
    "technique": {"number": "да", "technique": "SPIN"},
    "invoice": {"amount": "100,50", "due": "30.09.2026"},
    "training": {"technique": "SPIN", "user": "501"},
}


def cells(what: str = "payment", /, **more: str) -> dict[str, str]:
    base = {"key": "k1", "what": what, "at": "2026-09-10", "deal": "7001"}
    return {name: cell for name, cell in (base | GOOD.get(what, {}) | more).items() if cell}


def good(what: str = "payment", /, **more: str) -> External:
    made = read(cells(what, **more), KNOWN)
    assert isinstance(made, External), made
    return made


def bad(what: str = "payment", /, **more: str) -> str:
    made = read(cells(what, **more), KNOWN)
    assert isinstance(made, str)
    return made


def test_every_sort_is_read_by_all_its_names() -> None:
    assert set(SHAPES) == set(WHATS) == set(GOOD)
    for what, names in WHATS.items():
        for name in names:
            assert good(what, what=name.upper()).what == what


def test_what_rows_say() -> None:
    paid = good(user="анна  белова")
    assert (paid.id, paid.user_id, paid.deal, paid.amount, paid.currency) == ("k1", "501", "deal:7001", 100_50, "RUB")
    assert paid.at == datetime(2026, 9, 9, 21, tzinfo=UTC)
    bill = good("invoice", paid="да")
    assert (bill.paid, bill.due_at) == (100_50, datetime(2026, 9, 30, 21, tzinfo=UTC))
    assert (good("invoice", paid="20").paid, good("invoice").paid, good("invoice", paid="0").paid) == (20_00, None, 0)
    assert (good("script").number, good("script").items) == (7, 10)
    assert (good("objection").number, good("objection", number="4", items="5").number) == (0.8, 0.8)
    assert (good("technique").number, good("technique").technique) == (1, "SPIN")
    assert good("rating").currency is None
    assert good(client="7", deal="", user="501").client == "contact:7"
    assert good(amount="100|USD", currency="USD").amount == 100_00


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"key": ""}, "key is missing"),
        ({"key": "k" * 121}, "at most 120 signs"),
        ({"key": "a\0b"}, "in one line"),
        ({"key": "\ud800"}, "in one line"),
        ({"key": "old"}, "key 'old' is a rating already"),
        ({"what": "мнение"}, "what 'мнение' is not one of payment"),
        ({"at": "32.08.2026"}, "at '32.08.2026' is not a day"),
        ({"at": "2026-09-22"}, "it lies in the future"),
        ({"amount": ""}, "amount is missing: a payment needs it"),
        ({"amount": "0"}, "amount '0' is not an amount above 0 in RUB"),
        ({"amount": "-1"}, "amount '-1'"),
        ({"amount": "$5"}, "amount '$5'"),
        ({"amount": "5", "currency": "bucks"}, "currency 'bucks'"),
        ({"amount": "99999999999999999"}, "amount"),
        ({"number": "5"}, "number '5' says nothing of a payment"),
        ({"deal": "7002"}, "deal '7002' is not a deal that this account knows"),
        ({"deal": "", "client": "7"}, "credited to nobody"),
        ({"user": "Борис"}, "give the id: 502, 503"),
        ({"user": "Вера"}, "user 'Вера' is not anybody's id or name"),
        ({"client": "9"}, "client '9' is not a client"),
        ({"client": "8"}, "one client: company:8, contact:8"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, str], told: str) -> None:
    assert told in bad(**change)


@pytest.mark.parametrize(
    ("what", "change", "told"),
    [
        ("script", {"number": "11"}, "more than all"),
        ("script", {"number": "-1"}, "less than none"),
        ("script", {"items": "0"}, "items '0' is not a number above 0"),
        ("objection", {"number": "4"}, "a part of 1"),
        ("technique", {"technique": ""}, "technique is missing"),
        ("training", {"user": ""}, "somebody was trained"),
        ("invoice", {"due": ""}, "due is missing"),
        ("invoice", {"due": "soon"}, "due 'soon'"),
        ("invoice", {"paid": "-5"}, "paid '-5' is not an amount from 0 on"),
        ("rating", {"number": "отлично"}, "number 'отлично' is not a number"),
    ],
)
def test_what_is_wrong_with_single_sorts(what: str, change: dict[str, str], told: str) -> None:
    assert told in bad(what, **change)


def test_everything_wrong_with_a_row_is_told_at_once() -> None:
    told = bad(key="", what="?", at="x", user="nobody", deal="1")
    for part in ("key is missing", "what '?'", "at 'x'", "user 'nobody'", "deal '1'"):
        assert part in told


def test_a_moment_of_today_may_be_a_little_ahead_of_our_clock() -> None:
    assert good(at="2026-09-21T11:00:00Z").at > KNOWN.now


def test_a_key_stands_in_one_row_only_whether_the_rows_are_good_or_not() -> None:
    lines = [Line(2, cells()), Line(3, cells(amount="x")), Line(4, cells()), Line(5, cells(key="k2"))]
    made, wrong = judge(lines, KNOWN)
    assert [one.id for one in made] == ["k1", "k2"]
    assert [(one.line, "stands in 2 already" in one.problem) for one in wrong] == [(3, True), (4, True)]


@pytest.mark.parametrize(("text", "id"), [("7001", "7001"), ("№ 7001", "7001"), ("deal:7001", "7001"), ("", None)])
def test_deals_as_people_name_them(text: str, id: Any) -> None:
    assert deal_of({"deal": text}) == id


def test_a_bare_client_may_be_either() -> None:
    assert clients_of({"client": "8"}) == ("contact:8", "company:8")
    assert clients_of({"client": "company:8"}) == ("company:8",)
    assert clients_of({}) == ()
