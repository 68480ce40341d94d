"""Values, intervals and reasons: None is not zero, little data says so, exact decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.kpi.catalogue import ALL
from connector.kpi.evaluate import Given, evaluate
from connector.kpi.fold import Cell, Gathered
from connector.kpi.interval import wilson
from connector.result import Result

NOTHING = Cell()


def judged(key: str, top: Cell = NOTHING, bottom: Cell = NOTHING, **more: Any) -> Result:
    found = Gathered(top, bottom, more.pop("spread", NOTHING), more.pop("ripening", 0))
    return evaluate(ALL[key], "user:501", "2026-09", found, currency="RUB", given=Given(**more))


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (4, 10, "0.194", "0.648"),
        (12, 30, "0.267", "0.549"),
        (0, 10, "0", "0.213"),
        (10, 10, "0.787", "1"),
        (1, 1, "0.27", "1"),
    ],
)
def test_wilson_interval_of_ninety_percent(hits: int, n: int, low: str, high: str) -> None:
    assert [round(end, 3) for end in wilson(hits, n)] == [Decimal(low), Decimal(high)]


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_between_none_and_all(case: tuple[int, int]) -> None:
    low, high = wilson(*case)
    assert 0 <= low <= Decimal(case[0]) / case[1] + Decimal("0.000001")
    assert Decimal(case[0]) / case[1] - Decimal("0.000001") <= high <= 1


def test_a_sum_of_nothing_is_zero_and_says_that_there_was_nothing() -> None:
    result = judged("revenue")
    assert (result.value, result.n, result.enough, result.reason) == (0, 0, False, "no_deals")


def test_money_is_in_units_and_exact() -> None:
    result = judged("revenue", Cell(12345678901234567891, 3))
    assert (result.value, result.numerator, result.enough) == (Decimal("123456789012345678.91"),) * 2 + (True,)


def test_an_average_needs_eight() -> None:
    few = judged("average_deal", Cell(1000_00, 3), Cell(3, 3))
    assert (round(few.value or 0, 2), few.enough, few.reason) == (Decimal("333.33"), False, "few_data")
    assert (few.numerator, few.denominator, few.interval) == (1000, 3, None)
    assert judged("average_deal", Cell(1000_00, 8), Cell(8, 8)).enough
    assert judged("average_deal").reason == "no_deals"
    assert judged("average_deal").value is None


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("repeat_share", "no_deals"),
        ("win_rate", "no_deals"),
        ("refund_share", "no_deals"),
        ("successful_call_share", "no_calls"),
        ("calls_to_deals", "no_calls"),
        ("lead_response_minutes", "no_leads"),
        ("lead_answered_in_norm", "no_leads"),
        ("csat", "no_ratings"),
        ("plan_attainment", "no_plan"),
    ],
)
def test_an_empty_denominator_is_none_with_a_reason(key: str, reason: str) -> None:
    result = judged(key)
    assert (result.value, result.reason, result.enough, result.interval) == (None, reason, False, None)


def test_a_share_needs_twenty_and_has_an_interval() -> None:
    result = judged("win_rate", Cell(5, 5), Cell(19, 19))
    assert (result.enough, result.reason, result.interval) == (False, "few_data", wilson(5, 19))
    assert judged("win_rate", Cell(5, 5), Cell(20, 20)).enough


@pytest.mark.parametrize("key", ["calls_to_deals", "refund_share", "plan_attainment", "average_deal", "revenue"])
def test_what_is_no_part_of_a_whole_has_no_interval(key: str) -> None:
    assert judged(key, Cell(5, 5), Cell(20, 20), plan=Decimal(5)).interval is None


def test_a_plan_is_not_capped_and_none_or_zero_is_no_plan() -> None:
    assert judged("plan_attainment", Cell(1500_00, 1), plan=Decimal(1000)).value == Decimal("1.5")
    nothing_sold = judged("plan_attainment", plan=Decimal(1000))
    assert (nothing_sold.value, nothing_sold.enough, nothing_sold.reason) == (0, True, None)
    for plan in (None, Decimal(0)):
        result = judged("plan_attainment", Cell(1500_00, 1), plan=plan)
        assert (result.value, result.reason, result.numerator) == (None, "no_plan", 1500)


def test_the_median_is_in_minutes_and_of_the_middle() -> None:
    cell = Cell(n=4, values=(60.0, 90.0, 300.0, 6000.0))
    assert judged("lead_response_minutes", cell).value == Decimal("3.25")


def test_a_missing_rate_makes_the_number_incomplete() -> None:
    assert judged("revenue", Cell(1000_00, 1, unpriced=1)).reason == "no_rate"


def test_a_number_is_as_sure_as_the_worst_of_its_facts() -> None:
    result = judged("win_rate", Cell(5, 5, "observed"), Cell(25, 25, "assumed"))
    assert result.confidence == "assumed"
