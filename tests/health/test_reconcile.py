"""Both sides by one function; every difference by name; from wins to revenue with the reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connector.health.reconcile import Change, beside, compare, outside, tally, within
from connector.health.reconcile_telling import as_json, as_text
from connector.moment import Period
from connector.pipeline.trust.reconciling import Reconciled
from connector.records import Call, Deal, Lead, User
from tests.health.rows import Rows

SPAN = (datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC))
IN, BEFORE = datetime(2026, 9, 5, tzinfo=UTC), datetime(2026, 8, 5, tzinfo=UTC)


def deal(id: str = "1", **more: Any) -> Deal:
    base = {"created_at": IN, "pipeline_id": "1", "stage_id": "1/142", "outcome": "won", "closed_at": IN,
            "amount": 100_00, "currency": "RUB", "owner_id": "501"}  # fmt: skip
    return Deal(id=id, **(base | more))


@pytest.mark.parametrize(
    ("record", "counts"),
    [
        (deal(), {("deals_created", None): 1, ("deals_won", None): 1, ("won_amount", "RUB"): 100_00}),
        (deal(created_at=BEFORE), {("deals_won", None): 1, ("won_amount", "RUB"): 100_00}),
        (deal(closed_at=SPAN[1]), {("deals_created", None): 1}),
        (deal(closed_at=SPAN[0], created_at=BEFORE, amount=None), {("deals_won", None): 1}),
        (deal(outcome="lost"), {("deals_created", None): 1, ("deals_lost", None): 1}),
        (deal(outcome="open"), {("deals_created", None): 1}),
        (Lead(id="1", created_at=IN), {("leads_created", None): 1}),
        (Call(id="1", at=IN, direction="in", answered=False), {("calls_in", None): 1}),
        (Call(id="1", at=SPAN[1], direction="in", answered=False), {}),
        (User(id="1", name="Анна", active=False), {("users_inactive", None): 1}),
    ],
)
def test_the_raw_counts(record: Any, counts: dict[Any, int]) -> None:
    assert dict(tally([record], SPAN)) == counts
    assert within(record, SPAN) is bool(counts)


def test_counts_stand_beside_each_other_also_where_one_side_has_none() -> None:
    told = beside(tally([deal()], SPAN), tally([], SPAN))
    assert [(one.what, one.ours, one.theirs) for one in told] == [
        ("deals_created", 1, 0), ("deals_won", 1, 0), ("won_amount", 100_00, 0)
    ]  # fmt: skip


def test_a_record_that_differs_says_in_what() -> None:
    found = compare(deal(amount=1), deal(amount=2, owner_id="502", updated_at=IN), IN - timedelta(hours=1))
    assert found is not None
    assert found.changes == (Change("amount", 1, 2), Change("owner_id", "501", "502"))
    assert (found.how, found.later, found.ref) == ("differs", True, "deal:1")
    assert compare(deal(source="a"), deal(source="b", updated_at=IN), IN) is None
    missing = [compare(None, deal(), IN), compare(deal(), None, IN)]
    assert [one.how for one in missing if one] == ["missing_here", "missing_there"]


def test_from_wins_to_revenue() -> None:
    rows = Rows()
    counted = rows.add("win", amount=100_00, deal_id="1")
    facts = [
        counted,
        rows.add("win", amount=5, deal_id="2", omitted="service_pipeline"),
        rows.add("win", amount=5, deal_id="3", day=20260831),
        rows.add("win", amount=None, deal_id="4", note="no_rate:GBP"),
        rows.add("win", amount=0, deal_id="5", note="no_amount"),
        rows.add("win", amount=9, deal_id="7"),
    ]
    won = {id: deal(id) for id in "123456"}
    told = outside(won, facts, 20260901, 20261001, "RUB")
    assert [(one.deal, one.why, one.day) for one in told] == [
        ("2", "service_pipeline", None), ("3", "other_day", 20260831), ("4", "no_rate:GBP", None),
        ("5", "no_amount", None), ("6", "no_fact", None), ("7", "by_move", 20260910),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "amount", "words"),
    [
        ({"amount": 70_00}, 100_00, "100,00 RUB, в карточке 70,00 RUB"),
        ({"amount": None}, 100_00, "100,00 RUB, в карточке —"),
        ({"amount": 100_00, "currency": "USD"}, 9000_00, "9 000,00 RUB, в карточке 100,00 USD"),
        ({"currency": None}, 100_00, None),
        ({}, 100_00, None),
    ],
)
def test_a_win_that_counts_with_another_amount_than_its_card_has_is_named(
    more: dict[str, Any], amount: int, words: str | None
) -> None:
    """Amounts are those of the day of the win and rates too, so the sums of both sides differ for nobody's mistake."""
    fact = Rows().add("win", amount=amount, deal_id="1")
    found = outside({"1": deal("1", **more)}, [fact], 20260901, 20261001, "RUB")
    done = Reconciled("acme", Period.parse("2026-09"), IN, "RUB", str, outside=found)
    assert not done.differs
    text = as_text(done).replace("\u00a0", " ")
    assert (words is None) == (not found)
    assert words is None or f"сделка 1 · учтена сумма дня выигрыша {words}" in text
    assert [one["why"] for one in as_json(done)["outside"]] == ["other_amount"] * len(found)
