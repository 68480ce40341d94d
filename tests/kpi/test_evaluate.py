"""Values, intervals and reasons: None is not zero, little data says so, exact decimals."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from connector.kpi.catalogue import ALL
from connector.kpi.definition import Kpi, Measure
from connector.kpi.evaluate import Given, evaluate, muted, without_source
from connector.kpi.fold import Cell, Gathered
from connector.kpi.interval import Interval, of_count, of_counts, of_ratio, wilson
from connector.kpi.varying import way
from connector.result import Result

NOTHING = Cell()


def judged(key: str, top: Cell = NOTHING, bottom: Cell = NOTHING, **more: Any) -> Result:
    sides = more.pop("above", NOTHING), more.pop("below", NOTHING)
    found = Gathered(top, bottom, more.pop("spread", NOTHING), more.pop("ripening", 0), *sides)
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


NO_INTERVAL = {
    **dict.fromkeys(("plan_attainment", "paid_plan_attainment"), "a known sum against a known plan"),
    **dict.fromkeys(("plan_coverage", "expected_plan_coverage"), "what is open now against what is left of the plan"),
}
RATIOS_AND_MEANS = [
    kpi.key
    for kpi in ALL.values()
    if kpi.ratio or kpi.unit in ("share", "minutes", "days") or kpi.top[0].take == "quantile"
]


def plenty(kpi: Kpi) -> Gathered:
    """As many facts as are enough for anything, a third of them above."""
    values: Any = tuple(float(n) for n in range(1, 61))
    if kpi.top[0].take == "survival":
        values = tuple((n, True) for n in values)
    top = Cell(20 if kpi.bottom else 60, 20 if kpi.bottom else 60, values=() if kpi.top[0].additive else values)
    if way(kpi) == "pairs":  # what a client brings, in minor units where there is money
        below = Cell(60, 60, values=tuple(f"contact:{n}" for n in range(1, 61)))
        size = 100 if kpi.unit == "money" else 1 / 3
        each = (
            tuple((f"contact:{n}", size * n) for n in range(1, 61)),
            tuple((f"contact:{n}", 30.5) for n in range(1, 61)),
        )
        top = Cell(int(sum(value for _, value in each[0])), 60)
        if kpi.bottom[0].take == "sum":
            below = Cell(sum(range(1, 61)), 60)
        return Gathered(top, below, NOTHING, 0, Cell(n=60, values=each[0]), Cell(n=60, values=each[1]))
    squares = Cell(Decimal(20), 20), Cell(Decimal(60), 60)
    if way(kpi) in ("sum_rate", "sum_counts"):  # 100 each, in minor units where there is money
        top, squares = Cell(2000, 20), (Cell(Decimal(200_000), 20), NOTHING)
    return Gathered(top, Cell(60, 60, values=values), Cell(n=60, values=values), 0, *squares)


@pytest.mark.parametrize("key", RATIOS_AND_MEANS)
def test_every_share_and_mean_has_an_interval_around_it_or_a_reason_why_not(key: str) -> None:
    given = Given(plan=Decimal(5), days=20)
    result = evaluate(ALL[key], "user:501", "2026-09", plenty(ALL[key]), currency="RUB", given=given)
    assert result.value is not None
    assert (result.interval is None) == (key in NO_INTERVAL)
    if result.interval is not None and ALL[key].spread is None:
        assert result.interval[0] < result.value < result.interval[1]


def test_a_total_has_no_interval() -> None:
    assert judged("revenue", Cell(5, 5)).interval is None
    assert judged("calls", Cell(50, 50)).interval is None


def test_a_mean_of_one_value_has_no_interval() -> None:
    assert judged("average_deal", Cell(5, 5), Cell(20, 20)).interval is None


def test_counts_of_different_events_have_an_interval_beyond_all_too() -> None:
    assert judged("calls_to_deals", Cell(5, 5), Cell(20, 20)).interval == of_counts(5, 20)
    assert judged("csat_response", Cell(30, 30), Cell(20, 20)).interval == of_counts(30, 20)
    assert judged("csat_response", Cell(3, 3)).interval is None


def test_counts_by_day_are_as_sure_as_their_number() -> None:
    assert judged("calls_per_day", Cell(90, 90), days=20).interval == of_count(90, 20)
    assert judged("meetings_per_day", days=20).interval == of_count(0, 20)
    assert [judged("calls_per_day", Cell(90, 90), days=days).interval for days in (None, 0)] == [None, None]


def test_a_script_is_as_sure_as_the_number_of_calls_not_of_its_items() -> None:
    found = judged("script_compliance", Cell(Decimal(120), 20), Cell(Decimal(160), 20))
    assert (found.value, found.interval) == (Decimal("0.75"), wilson(15, 20))
    assert judged("script_compliance", Cell(Decimal(170), 20), Cell(Decimal(160), 20)).interval is None


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


def test_both_sides_are_added_up_and_what_is_too_young_is_told() -> None:
    result = judged("win_rate", Cell(5, 5, assumed=1), Cell(25, 25, assumed=3), ripening=7)
    assert (result.value, result.n, result.assumed, result.ripening) == (Decimal("0.2"), 25, 4, 7)
    assert (result.numerator, result.denominator) == (5, 25)
    assert judged("revenue", Cell(100, 2, unpriced=0)).reason is None
    assert judged("average_deal", Cell(100, 8), Cell(8, 8, unpriced=1)).reason == "no_rate"


def test_what_is_told_by_worked_day_is_of_its_numerators_facts() -> None:
    result = judged("revenue_per_day", Cell(1000_00, 3), days=20)
    assert (result.value, result.numerator, result.denominator, result.n) == (50, 1000, 20, 3)
    none = judged("revenue_per_day", Cell(1000_00, 3))
    assert (none.value, none.reason, none.n) == (None, ALL["revenue_per_day"].empty, 3)
    assert judged("revenue_per_day", Cell(1000_00, 3), days=0).value is None


@pytest.mark.parametrize(
    ("key", "n", "days", "value", "reason"),
    [
        ("calls_per_day", 90, 20, "4.5", None),
        ("calls_per_day", 90, 0, None, "no_days"),
        ("calls_per_day", 0, 20, "0", None),
        ("meetings_per_day", 5, 20, "0.25", None),
        ("meetings_per_day", 5, None, None, "no_days"),
    ],
)
def test_a_norm_is_of_days_worked(key: str, n: int, days: int | None, value: str | None, reason: str | None) -> None:
    result = judged(key, Cell(n, n), days=days)
    assert (result.value, result.reason) == (None if value is None else Decimal(value), reason)


def test_clients_are_counted_once() -> None:
    result = judged("contacted_clients", Cell(n=3, values=("contact:1", "contact:2", "contact:1")))
    assert (result.value, result.numerator, result.n, result.interval) == (2, None, 3, None)


def test_expected_money_is_in_units_and_none_of_nothing() -> None:
    kpi = replace(ALL["revenue"], top=(Measure(("open_deal",), take="expected"),))

    def value(*amounts: int) -> Decimal | None:
        found = Gathered(Cell(n=len(amounts), values=amounts), NOTHING, NOTHING, 0)
        return evaluate(kpi, "user:501", "2026-09", found, currency="RUB").value

    assert (value(150, 250), value()) == (4, None)


@pytest.mark.parametrize(
    ("rank", "values", "value"),
    [
        (0.5, (1, 2, 3), 2),
        (0.5, (1, 2, 3, 4), Decimal("2.5")),
        (0.25, (1, 2, 3, 4), Decimal("1.5")),
        (0.9, (1, 2, 3, 4), 4),
        (0.1, (1, 2, 3, 4), 1),
        (0.75, (4, 3, 2, 1), Decimal("3.5")),
        (0.5, (7,), 7),
        (0.99, (1, 2), 2),
        (0.01, (1, 2), 1),
    ],
)
def test_a_quantile_is_what_this_part_does_not_exceed(rank: float, values: tuple[int, ...], value: Decimal) -> None:
    kpi = replace(ALL["median_deal"], top=(Measure(("task_due",), take="quantile", of="number", quantile=rank),))
    found = Gathered(Cell(n=len(values), values=values), NOTHING, NOTHING, 0)
    assert evaluate(kpi, "user:501", "2026-09", found, currency="RUB").value == value


def test_an_interval_is_in_the_units_of_its_value() -> None:
    deals = judged("median_deal", Cell(n=20, values=tuple(range(100, 2100, 100))))
    assert deals.value == Decimal("10.5")
    assert deals.interval is not None
    assert 1 <= deals.interval[0] < deals.value < deals.interval[1] <= 20
    waits = judged("deal_cycle_days", Cell(n=20, values=tuple(float(day * 86_400) for day in range(1, 21))))
    assert waits.value == Decimal("10.5")
    assert waits.interval is not None
    assert 1 <= waits.interval[0] < waits.value < waits.interval[1] <= 20
    mean = judged(
        "average_deal", Cell(21_000, 20), Cell(20, 20), spread=Cell(n=20, values=tuple(range(100, 2100, 100)))
    )
    assert mean.interval is not None and mean.value is not None
    assert 1 <= mean.interval[0] < mean.value < mean.interval[1] <= 20


def test_a_sum_a_day_is_in_units_of_money_or_in_minutes() -> None:
    """Ten deals of 1000 in 20 days are as sure as ten events; calls of 600 s each are counted in minutes."""
    low, high = (end * 1000 for end in of_count(10, 20))
    revenue = judged("revenue_per_day", Cell(1_000_000, 10), above=Cell(Decimal(10**11), 10), days=20)
    assert revenue.value == 500 and revenue.interval is not None
    assert [float(end) for end in revenue.interval] == pytest.approx([float(low), float(high)], abs=0.01)
    talk = judged("talk_minutes_per_day", Cell(Decimal(6000), 10), above=Cell(Decimal(3_600_000), 10), days=20)
    assert talk.value == 5 and talk.interval is not None
    assert [float(end) for end in talk.interval] == pytest.approx([float(low) / 100, float(high) / 100], abs=1e-5)
    for days in (None, 0):
        assert judged("revenue_per_day", Cell(100, 1), above=Cell(Decimal(10_000), 1), days=days).interval is None
    assert judged("revenue_per_day", days=20).interval is None


def test_a_sum_by_a_count_is_as_sure_as_both() -> None:
    """Ten alike of 1000 by 40 enquiries: the ratio of ten events to 40, each of 1000."""
    told = judged("revenue_per_lead", Cell(1_000_000, 10), Cell(40, 40), above=Cell(Decimal(10**11), 10))
    assert told.value == 250 and told.interval is not None
    assert [float(end) for end in told.interval] == pytest.approx(
        [float(x) * 1000 for x in of_counts(10, 40)], abs=0.01
    )
    assert judged("revenue_per_lead", Cell(1_000_000, 10), above=Cell(Decimal(10**11), 10)).interval is None


def test_a_part_of_a_sum_has_an_interval_unless_it_is_more_than_the_whole() -> None:
    squares = {"above": Cell(Decimal(10 * 10**4), 10), "below": Cell(Decimal(40 * 10**4), 40)}
    told = judged("repeat_revenue_share", Cell(1000, 10), Cell(4000, 40), **squares)
    assert (told.value, told.interval) == (Decimal("0.25"), wilson(10, 40))
    assert judged("refund_share", Cell(4001, 10), Cell(4000, 40), **squares).interval is None


def test_what_each_client_brings_is_drawn() -> None:
    """Who bought twice is one client; a sale without a client adds to the sum alone."""
    sales = ("a", 100.0), ("b", 300.0), ("a", 500.0), ("deal:7", 100.0)
    told = judged("revenue_per_client", Cell(1000, 4), Cell(n=4, values=("a", "b", "a")), above=Cell(n=4, values=sales))
    drawn = of_ratio([(600, 1), (300, 1), (100, 0)], "revenue_per_client|user:501|2026-09")
    assert told.value == 5 and told.interval is not None and drawn is not None
    assert told.interval == tuple(Decimal(round(end)) / 100 for end in drawn)
    margins = judged(
        "margin_share", Cell(30, 2), Cell(100, 2),
        above=Cell(n=2, values=(("a", 10.0), ("b", 20.0))), below=Cell(n=2, values=(("a", 50.0), ("b", 50.0))),
    )  # fmt: skip
    assert margins.interval == of_ratio([(10, 50), (20, 50)], "margin_share|user:501|2026-09")


def test_a_sum_by_the_number_of_its_own_facts_is_a_mean() -> None:
    """What each brings varies, their number does not: ten alike leave no doubt. Who brings nothing is drawn too."""
    mean = replace(ALL["revenue_per_lead"], bottom=(Measure(("win",)),))

    def interval(amounts: list[float], n: int) -> Interval | None:
        each = Cell(n=len(amounts), values=tuple((f"contact:{at}", one) for at, one in enumerate(amounts)))
        found = Gathered(Cell(int(sum(amounts)), len(amounts)), Cell(n, n), NOTHING, 0, each)
        return evaluate(mean, "user:501", "2026-09", found, currency="RUB").interval

    assert way(mean) == "pairs"
    assert interval([10_000.0] * 10, 10) == (100, 100)
    drawn = of_ratio([(10_000, 1)] * 8 + [(0, 1)] * 2, "revenue_per_lead|user:501|2026-09")
    assert drawn is not None and interval([10_000.0] * 8, 10) == tuple(Decimal(round(end)) / 100 for end in drawn)


def test_a_part_beyond_its_whole_has_no_interval() -> None:
    assert judged("win_rate", Cell(26, 26), Cell(25, 25)).interval is None
    assert judged("win_rate", Cell(25, 25), Cell(25, 25)).interval == wilson(25, 25)


@pytest.mark.parametrize(
    ("key", "interval"), [("win_rate", wilson(4.5, 22.5)), ("calls_to_deals", of_counts(4.5, 22.5))]
)
def test_parts_of_wins_count_as_the_parts_that_they_are(key: str, interval: Interval) -> None:
    """Nine halves of wins among eighteen lost deals are told no better than four and a half wins."""
    found = Gathered(Cell(Decimal("4.5"), 9), Cell(Decimal("22.5"), 27), NOTHING, 0)
    shared = evaluate(ALL[key].credited("split"), "user:501", "2026-09", found, currency="RUB")
    assert (shared.value, shared.interval) == (Decimal("0.2"), interval)


def test_what_mostly_still_waits_is_undecided() -> None:
    waiting = tuple((day * 86_400.0, False) for day in range(1, 21))
    undecided = judged("deal_cycle_estimate", Cell(n=20, values=waiting))
    assert (undecided.value, undecided.enough, undecided.reason) == (None, False, "undecided")
    nothing = judged("deal_cycle_estimate")
    assert (nothing.value, nothing.reason) == (None, ALL["deal_cycle_estimate"].empty)
    over = judged("deal_cycle_estimate", Cell(n=20, values=tuple((wait, True) for wait, _ in waiting)))
    assert (over.value, over.enough, over.reason) == (10, True, None)
    assert over.interval is not None
    assert 1 <= over.interval[0] <= 10 <= over.interval[1] <= 20
    few = judged("deal_cycle_estimate", Cell(n=2, values=((86_400.0, True), (172_800.0, True))))
    assert (few.value, few.reason) == (1, "few_data")


def test_without_a_source_there_is_no_value_and_a_reason() -> None:
    result = without_source(ALL["csat"], "user:501", "2026-09")
    assert (result.value, result.reason, result.unit, result.enough) == (None, "no_source", ALL["csat"].unit, False)
    assert without_source(ALL["csat"], "user:501", "2026-09", "not_observed").reason == "not_observed"


CSAT = Result(kpi="csat", subject="user:501", period="2026-09", unit="share", value=Decimal("0.9"), enough=True)


@pytest.mark.parametrize(
    ("told", "of", "enough", "reason"),
    [
        (9, 100, False, "low_response"),
        (10, 100, True, None),
        (0, 1, False, "low_response"),
        (0, 0, True, None),
        (3, 30, True, None),
        (2, 30, False, "low_response"),
    ],
)
def test_what_too_few_told_is_shown_and_not_enough(told: int, of: int, enough: bool, reason: str | None) -> None:
    """CSAT below a tenth of answers (K-07); where nobody was asked there is nothing to say."""
    found = muted(ALL["csat"], CSAT, Given(told=(Cell(told, told), Cell(of, of))))
    assert (found.value, found.enough, found.reason) == (CSAT.value, enough, reason)


def test_only_what_has_such_a_rule_and_a_number_that_would_do_is_muted() -> None:
    few = Given(told=(Cell(1, 1), Cell(100, 100)))
    little = changed(CSAT, enough=False, reason="few")
    assert muted(ALL["csat"], little, few) == little
    assert muted(ALL["csat"], CSAT, Given()) == CSAT
    revenue = changed(CSAT, kpi="revenue")
    assert muted(ALL["revenue"], revenue, few) == revenue
