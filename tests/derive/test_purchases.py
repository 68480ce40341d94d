"""Wins put together: a contract split into deals is one purchase (K-02), wins share their client's year (K-35)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connector.contest.values import Ruling
from connector.fact import Fact
from connector.records import Deal, Move
from tests.derive.ground import at, deal, facts, owner, sales

DAY = timedelta(days=1)
Sold = tuple[str, int | None, dict[str, Any]]
"""When (of 2026), for how many roubles, and what else the deal has."""


def sold(*wins: Sold, rulings: tuple[Ruling, ...] = (), **rules: Any) -> dict[str, Fact]:
    deals = tuple(
        deal(str(n), amount=None if roubles is None else roubles * 100, closed_at=at(f"2026-{when}"), **more)
        for n, (when, roubles, more) in enumerate(wins, 1)
    )
    moves = tuple(_won(one) for one in deals if one.outcome == "won")
    return facts(sales(**rules), deals=deals, moves=moves, rulings=rulings)


def _won(one: Deal) -> Move:
    assert one.closed_at is not None
    return Move(
        id=f"m{one.id}",
        of=one.ref,
        at=one.closed_at,
        pipeline_id="1",
        stage_id="1/won",
        outcome="won",
        from_stage_id="1/new",
        from_outcome="open",
        by="501",
    )


def purchases(*wins: Sold, **rules: Any) -> list[tuple[str | None, int | None, float | None]]:
    """Deal, roubles and number of deals of each."""
    found = [fact for fact in sold(*wins, **{"group_wins_days": 3} | rules).values() if fact.kind == "purchase"]
    return [(fact.deal, fact.amount and fact.amount // 100, fact.number) for fact in sorted(found, key=lambda f: f.key)]


FIRST: Sold = ("09-10T12:00", 100, {})


@pytest.mark.parametrize(
    ("name", "wins", "told"),
    [
        ("four deals of one contract", [FIRST, ("09-10T12:05", 20, {}), ("09-12T09:00", 3, {})], [("1", 123, 3)]),
        ("to the end of the last day's moment", [FIRST, ("09-13T12:00", 20, {})], [("1", 120, 2)]),
        ("a second too late", [FIRST, ("09-13T12:00:01", 20, {})], [("1", 100, 1), ("2", 20, 1)]),
        (
            "from the first of them on, not from each",
            [FIRST, ("09-12T12:00", 20, {}), ("09-14T12:00", 3, {})],
            [("1", 120, 2), ("3", 3, 1)],
        ),
        ("another client", [FIRST, ("09-10T13:00", 20, {"contacts": ("contact:8",)})], [("1", 100, 1), ("2", 20, 1)]),
        ("another seller", [FIRST, ("09-10T13:00", 20, {"owner_id": "502"})], [("1", 100, 1), ("2", 20, 1)]),
        ("nobody's client", [("09-10T12:00", 1, {"contacts": ()}), ("09-10T12:00", 2, {"contacts": ()})],
         [("1", 1, 1), ("2", 2, 1)]),
        ("won for nothing", [FIRST, ("09-10T13:00", None, {}), ("09-10T14:00", 5, {})], [("1", 105, 2), ("2", 0, 1)]),
        ("no rate", [FIRST, ("09-10T13:00", 9, {"currency": "GBP"})], [("1", 100, 1), ("2", None, 1)]),
        ("another pipeline's", [FIRST, ("09-10T13:00", 20, {"pipeline": "2"})], [("1", 120, 2)]),
    ],
)  # fmt: skip
def test_wins_of_one_client_with_one_seller_within_some_days_are_one_purchase(
    name: str, wins: list[Sold], told: list[tuple[str, int | None, float]]
) -> None:
    assert purchases(*wins) == told, name


def test_what_counts_nowhere_is_a_purchase_that_counts_nowhere() -> None:
    found = sold(FIRST, ("09-10T13:00", 20, {"pipeline": "3"}), group_wins_days=3)
    assert (found["purchase|deal:1"].amount, found["purchase|deal:1"].omitted) == (100_00, None)
    assert found["purchase|deal:2"].omitted == "service_pipeline"


def test_without_the_rule_there_are_no_purchases() -> None:
    assert purchases(FIRST, group_wins_days=0) == []


@pytest.mark.parametrize(("credit", "told"), [("event", [("1", 100, 1), ("2", 20, 1)]), ("now", [("1", 120, 2)])])
def test_whose_purchase_it_is_follows_the_accounts_credit(credit: str, told: list[Any]) -> None:
    deals = tuple(
        deal(str(n), amount=roubles * 100, owner_id="502", closed_at=at(f"2026-09-1{n}T12:00"))
        for n, roubles in ((1, 100), (2, 20))
    )
    moved = (owner("502", "501", "2026-09-11T18:00"),)
    found = facts(
        sales(group_wins_days=3, credit=credit), deals=deals, moves=tuple(map(_won, deals)), owners=moved
    ).values()
    some = sorted((one for one in found if one.kind == "purchase"), key=lambda one: one.key)
    assert [(one.deal, one.amount and one.amount // 100, one.number) for one in some] == told
    assert some[0].owner_now == "502"


def test_a_purchase_is_at_its_first_win_and_says_until_when_it_may_grow() -> None:
    fact = sold(FIRST, ("09-11T12:00", 20, {}), group_wins_days=3)["purchase|deal:1"]
    assert (fact.at, fact.due_at) == (at("2026-09-10T12:00"), at("2026-09-13T12:00"))
    assert (fact.user, fact.client, fact.other, fact.confidence) == ("501", "contact:7", None, "exact")


def parts(*wins: Sold) -> list[tuple[float | None, Any]]:
    found = (fact for fact in sold(*wins).values() if fact.kind == "client_year")
    return [(fact.number, fact.due_at) for fact in sorted(found, key=lambda fact: fact.key)]


def test_the_wins_of_a_clients_year_make_one_and_a_year_begins_with_the_first_purchase() -> None:
    begun = at("2026-01-10T12:00")
    told = parts(("01-10T12:00", 5, {}), ("03-10T12:00", 5, {}), ("12-31T12:00", None, {}))
    assert told == [(1 / 3, begun + 365 * DAY)] * 3


@pytest.mark.parametrize(("second", "year"), [("2027-01-10T11:59:59", 1), ("2027-01-10T12:00:00", 2)])
def test_a_client_has_years_of_365_days(second: str, year: int) -> None:
    deals = (deal("1", closed_at=at("2026-01-10T12:00")), deal("2", closed_at=at(second)))
    fact = facts(sales(), deals=deals, moves=tuple(map(_won, deals)))["client_year|deal:2"]
    assert (fact.number, fact.due_at) == (1 / 2 if year == 1 else 1, at("2026-01-10T12:00") + year * 365 * DAY)


def test_a_win_that_counts_nowhere_or_is_nobodys_is_in_no_clients_year() -> None:
    found = sold(FIRST, ("09-10T13:00", 20, {"pipeline": "3"}), ("09-10T14:00", 20, {"contacts": ()}))
    assert [key for key in found if key.startswith("client_year")] == ["client_year|deal:1"]
    assert found["client_year|deal:1"].number == 1


@pytest.mark.parametrize(
    "ruling",
    [
        Ruling(about="deal:2", user="501", fact="win|deal:2"),
        Ruling(about="deal:2", user="501"),
        Ruling(about="deal:2", user="501", kinds=("win",)),
    ],
)
def test_a_win_that_is_agreed_to_be_wrong_is_part_of_no_purchase_and_no_year(ruling: Ruling) -> None:
    """Contested and accepted, it counts nowhere: neither its money nor its part of what it was put together into."""
    both, one = (FIRST, ("09-11T12:00", 20, {})), {"rulings": (ruling,), "group_wins_days": 3}
    found = sold(*both, **one)
    told = {key: (fact.amount, fact.number) for key, fact in found.items() if fact.omitted is None}
    assert told["purchase|deal:1"] == (100_00, 1)
    assert told["client_year|deal:1"] == (100_00, 1)
    assert not {"win|deal:2", "purchase|deal:2", "client_year|deal:2"} & set(told)
    left = found["client_year|deal:2"]
    assert found["purchase|deal:2"].omitted == left.omitted == "contested"
    assert (left.amount, left.number, left.due_at, left.user) == (20_00, None, None, "501")


def test_a_purchase_begins_with_the_first_win_that_is_not_contested() -> None:
    wins = (FIRST, ("09-12T12:00", 20, {}), ("09-14T12:00", 3, {}))
    ruling = Ruling(about="deal:1", user="501", fact="win|deal:1")
    found = sold(*wins, rulings=(ruling,), group_wins_days=3)
    assert (found["purchase|deal:2"].amount, found["purchase|deal:2"].number) == (23_00, 2)
    assert found["client_year|deal:2"].number == found["client_year|deal:3"].number == 0.5


def test_whose_share_is_contested_takes_nothing_from_whom_he_shared_with() -> None:
    shared: Sold = ("09-10T12:00", 100, {"fields": {"Деление": "501: 60, 502: 40"}})
    ruling = Ruling(about="deal:1", user="501")
    found = sold(shared, rulings=(ruling,), split_field="Деление", credit="split")
    whys = {fact.user: fact.omitted for fact in found.values() if fact.kind == "win_part"}
    assert whys == {"501": "contested", "502": None}


@pytest.mark.parametrize(
    ("ruling", "left"),
    [
        (Ruling(about="deal:1", user="501", fact="win|deal:1"), {"501", "502"}),  # the win itself is none
        (Ruling(about="deal:1", user="501", fact="win_part|deal:1|501"), {"501"}),
        (Ruling(about="deal:1", user="501", kinds=("win",)), {"501"}),
        (Ruling(about="deal:1", user="502", kinds=("win_part",)), {"502"}),
        (Ruling(about="deal:1", user="501", kinds=("purchase",)), set()),
        (Ruling(about="deal:1", user="501", fact="win|deal:10"), set()),
    ],
)
def test_a_contested_win_takes_its_parts_along(ruling: Ruling, left: set[str]) -> None:
    shared: Sold = ("09-10T12:00", 100, {"fields": {"Деление": "501: 60, 502: 40"}})
    found = sold(shared, rulings=(ruling,), split_field="Деление", credit="split")
    assert {fact.user for fact in found.values() if fact.kind == "win_part" and fact.omitted == "contested"} == left
