"""KPIs that the definitions name beside the first ones, each by hand, as a report and as its proof."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace as replaced

from connector.config import Rules
from connector.fact import Fact
from connector.kpi import cells
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Measure, Where
from connector.kpi.engine import report
from connector.kpi.explain import explain
from connector.moment import Period, to_ms
from connector.result import Result
from connector.store import cursors
from connector.store.engine import Store
from tests.kpi.ground import NOW, ZONE, account, fact, know

RULES = Rules(group_wins_days=3, expected_close_field="E", refund_reason_field="R")


def told(store: Store, facts: list[Fact], key: str, period: str = "2026-09", rules: Rules = RULES) -> Result:
    """The number in a report, after its proof gave the same."""
    with store.write() as conn:
        number = account(conn)
        know(conn, number, facts)
    with store.read() as conn:
        span, base = Period.parse(period), {"zone": ZONE, "now": NOW, "rules": rules}
        found = report(conn, number, span, kpis=[key], **base)  # type: ignore[arg-type]  # by name
        proof = explain(conn, number, key, span, user="501", **base)  # type: ignore[arg-type]  # by name
    [result] = [one for user, one in found.of("user") if user == "501"]
    assert proof.result == result
    return result


def expected(due: str, roubles: int) -> Fact:
    return fact("open_expected", amount=roubles * 100, due_at=datetime.fromisoformat(due).replace(tzinfo=UTC))


EXPECTED = [
    expected("2026-09-30T20:59:59", 1),
    expected("2026-09-30T21:00:00", 10),
    expected("2026-10-31T20:59:59", 100),
    expected("2026-10-31T21:00:00", 1000),
]
"""Around the ends of October in Moscow."""


@pytest.mark.parametrize(
    ("period", "roubles"),
    [("2026-10", 110), ("2026-11", 1000), ("2026-09-01..2026-10-31", 111), ("2026-10-01", 10)],
)
def test_what_is_expected_in_a_period_is_asked_of_that_period(sqlite_store: Store, period: str, roubles: int) -> None:
    open_deals = [fact("open_deal", amount=100) for _ in EXPECTED]
    assert told(sqlite_store, EXPECTED + open_deals, "expected_pipeline", period).value == Decimal(roubles)


def test_dates_in_too_few_open_deals_are_not_gone_by(sqlite_store: Store) -> None:
    open_deals = [fact("open_deal", amount=100) for _ in range(6)]
    result = told(sqlite_store, EXPECTED + open_deals, "expected_pipeline", "2026-10")
    assert (result.value, result.enough, result.reason) == (Decimal(110), False, "few_filled")


@pytest.mark.parametrize(("born", "counts"), [("23:00", True), ("23:00:00.001", False), ("23:59", False)])
def test_an_open_deals_first_hour_is_since_it_was_made(sqlite_store: Store, born: str, counts: bool) -> None:
    """K-23: one that only just came to another stage is no new one. The report is of midnight UTC."""
    made = datetime.fromisoformat(f"2026-09-30T{born}").replace(tzinfo=UTC)
    facts = [fact("open_deal", "2026-09-30T23:59", other=int(made.timestamp() * 1000))]
    result = told(sqlite_store, facts, "deals_without_next_step", "2026-10")
    assert (result.value, result.n) == ((1, 1) if counts else (None, 0))


def test_a_month_stands_as_it_did_before_it_was_told_when_a_deal_was_made(sqlite_store: Store) -> None:
    """K-23 of September is the same after a derivation in October that knows more."""
    old = [fact("open_deal", "2026-09-20T12:00") for _ in range(19)] + [fact("open_deal", "2026-09-30T20:30")]
    made = to_ms(datetime(2026, 8, 1, tzinfo=UTC))
    found = []
    with sqlite_store.write() as conn:
        number = account(conn)
        cursors.finish(conn, number, "deal", now=0)
        for at, some in ((0, old), (NOW - 1000, [replaced(one, other=made) for one in old])):
            know(conn, number, some, at=at)
            base: dict[str, Any] = {"zone": ZONE, "now": NOW, "rules": RULES}
            span = Period.parse("2026-09")
            report_of = report(conn, number, span, kpis=["deals_without_next_step"], **base)
            [one] = [result for user, result in report_of.of("user") if user == "501"]
            assert explain(conn, number, one.kpi, span, user="501", **base).result == one
            found.append(one)
    assert found[0] == found[1]
    assert (found[0].value, found[0].n) == (1, 19)


def test_without_the_field_nothing_is_expected(sqlite_store: Store) -> None:
    assert told(sqlite_store, EXPECTED, "expected_pipeline", "2026-10", Rules()).reason == "no_source"


def test_what_each_period_compares_with_something_else_is_kept_in_no_cell() -> None:
    of_period = (Where("due_at", "ge", "period_start"),)
    assert not cells.keepable(Measure(("open_expected",), of_period, "sum"))
    assert cells.keepable(Measure(("open_expected",), take="sum"))
    assert not of_period[0].moves


def test_revenue_of_ended_client_years_by_their_parts(sqlite_store: Store) -> None:
    """One year of two wins, one of one, and one that is not over yet."""
    over, running = datetime(2026, 9, 30, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    parts: list[tuple[int, float, datetime]] = [(100, 0.5, over), (200, 0.5, over), (600, 1, over), (9999, 1, running)]
    facts = [fact("client_year", amount=roubles * 100, number=part, due_at=due) for roubles, part, due in parts]
    result = told(sqlite_store, facts, "revenue_per_client_year")
    assert (result.value, result.denominator, result.n, result.ripening) == (Decimal(450), Decimal(2), 3, 1)


def test_an_average_purchase_is_of_those_with_an_amount(sqlite_store: Store) -> None:
    facts = [fact("purchase", amount=amount, number=2) for amount in (100_00, 300_00, 0, None)]
    result = told(sqlite_store, facts, "average_purchase")
    assert (result.value, result.n, result.reason) == (Decimal(200), 2, "no_rate")
    assert told(sqlite_store, [], "average_purchase", rules=Rules()).reason == "no_source"


def test_the_share_of_refunds_that_are_nobodys_fault(sqlite_store: Store) -> None:
    due = datetime(2026, 9, 20, tzinfo=UTC)
    more: dict[str, Any] = {"due_at": due}
    facts = [fact("refund", amount=300_00, **more), fact("refund_excused", amount=100_00, **more)]
    facts.append(fact("refund_excused", amount=100_00, due_at=datetime(2027, 1, 1, tzinfo=UTC)))
    result = told(sqlite_store, facts, "excused_refund_share")
    assert (result.value, result.n) == (Decimal("0.25"), 2)


def test_a_refund_that_is_nobodys_fault_is_in_no_refund_share(sqlite_store: Store) -> None:
    due = datetime(2026, 9, 20, tzinfo=UTC)
    facts = [fact("win", amount=1000_00, number=1), fact("refund_excused", amount=100_00, due_at=due)]
    rules = Rules(refund_amount_field="S", refund_reason_field="R")
    assert told(sqlite_store, facts, "refund_share", rules=rules).value == 0


def test_the_new_ones_say_what_they_need() -> None:
    needs = {"average_purchase": "group_wins_days", "median_purchase": "group_wins_days",
             "expected_pipeline": "expected_close_field", "expected_plan_coverage": "expected_close_field",
             "excused_refund_share": "refund_reason_field", "revenue_per_client_year": None}  # fmt: skip
    assert {key: ALL[key].setting for key in needs} == needs
