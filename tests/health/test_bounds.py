"""Where a bound is claimed it is one: no part of the doubtful facts takes the value out of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.health.bounds import weigh, without
from connector.kpi.catalogue import ALL
from tests.health.rows import LIMITS, Row, Rows

KPIS = ("revenue", "won_deals", "average_deal", "win_rate", "calls_to_deals", "calls", "successful_call_share")
FACTS = st.tuples(
    st.sampled_from(["win", "loss", "call_out", "call_in"]),
    st.integers(0, 200),
    st.booleans(),
    st.booleans(),
)


def value(key: str, rows: list[Row]) -> Decimal | None:
    """The KPI over these rows, straight from its definition."""
    kpi = ALL[key]
    sides = weigh(kpi, rows, (), LIMITS)
    if not kpi.bottom:
        return sides.top / (100 if kpi.top[0].money else 1)
    return sides.top / sides.bottom / (100 if kpi.top[0].money else 1) if sides.bottom else None


@pytest.mark.parametrize("key", KPIS)
@given(drawn=st.lists(FACTS, min_size=1, max_size=12))
def test_no_part_of_the_doubtful_leads_out_of_the_bounds(key: str, drawn: list[tuple[str, int, bool, bool]]) -> None:
    rows, doubtful, dropped = Rows(), set(), set()
    for kind, size, odd, out in drawn:
        row = rows.add(kind, amount=size * 100 if kind == "win" else None, number=float(size))
        doubtful |= {row.key} if odd else set()
        dropped |= {row.key} if odd and out else set()
    effect = without(ALL[key], rows.made, doubtful, LIMITS, "RUB")
    if effect is None or effect.claim != "bound":
        return
    left = value(key, [row for row in rows.made if row.key not in dropped])
    assert effect.value == value(key, rows.made)
    if left is not None:
        assert effect.low <= left <= effect.high  # type: ignore[operator]
    assert effect.low <= effect.value <= effect.high  # type: ignore[operator]


def test_the_bounds_of_a_share_are_reached() -> None:
    rows = Rows()
    doubtful = {rows.add("win", amount=100).key, rows.add("loss").key, rows.add("loss").key}
    for kind in ("win", "win", "loss", "loss", "loss"):
        rows.add(kind, amount=100 if kind == "win" else None)
    effect = without(ALL["win_rate"], rows.made, doubtful, LIMITS, "RUB")
    assert effect is not None
    assert (effect.low, effect.value, effect.high) == (Decimal(2) / 7, Decimal(3) / 8, Decimal(3) / 6)
    assert (effect.over, effect.under) == (Decimal(3) / 8 - Decimal(2) / 7, Decimal(1) / 8)


def test_calls_that_may_not_be_sales_calls_make_the_conversion_too_low() -> None:
    rows = Rows()
    odd = {rows.add("call_out", number=5.0).key for _ in range(29)}
    for _ in range(71):
        rows.add("call_out", number=100.0)
    for _ in range(7):
        rows.add("win", amount=100)
    effect = without(ALL["calls_to_deals"], rows.made, odd, LIMITS, "RUB")
    assert effect is not None
    assert (effect.low, effect.value, effect.high) == (Decimal("0.07"), Decimal("0.07"), Decimal(7) / 71)


@pytest.mark.parametrize("key", ["lead_response_minutes", "plan_attainment", "contacted_clients"])
def test_nothing_is_claimed_of_what_does_not_add_up(key: str) -> None:
    rows = Rows()
    odd = {rows.add("enquiry", number=60.0).key, rows.add("win", amount=1).key, rows.add("call_out", number=99.0).key}
    assert without(ALL[key], rows.made, odd, LIMITS, "RUB") is None


def test_what_counts_nowhere_and_what_is_not_doubtful_changes_nothing() -> None:
    rows = Rows()
    gone = rows.add("win", amount=500, omitted="deleted")
    rows.add("win", amount=500)
    assert without(ALL["revenue"], rows.made, {gone.key}, LIMITS, "RUB") is None


def test_a_ratio_whose_whole_denominator_is_doubtful_has_no_bound() -> None:
    rows = Rows()
    odd = {rows.add("call_out", number=5.0).key}
    rows.add("win", amount=100)
    effect = without(ALL["calls_to_deals"], rows.made, odd, LIMITS, "RUB")
    assert effect is not None
    assert (effect.claim, effect.high) == ("unknown", None)
