"""A plan by the days that somebody can work."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from connector.kpi.catalogue import ALL
from connector.targets.planning.prorating import Prorated, prorated, scales

REVENUE = ALL["revenue"]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (22, None),
        (23, None),
        (17, Prorated(Decimal("231818.18"), Decimal(300_000), 17, 22)),
        (0, Prorated(Decimal("0.00"), Decimal(300_000), 0, 22)),
        (-1, Prorated(Decimal("0.00"), Decimal(300_000), 0, 22)),
    ],
)
def test_by_days(days, told):
    assert prorated(REVENUE, Decimal(300_000), days, 22) == told


@pytest.mark.parametrize("whole", [0, -1])
def test_without_working_days_there_is_nothing_to_share(whole):
    assert prorated(REVENUE, Decimal(300_000), 0, whole) is None


@pytest.mark.parametrize(
    ("key", "sums"),
    [
        ("revenue", True),
        ("won_deals", True),
        ("outgoing_calls", True),
        ("meetings", True),
        ("win_rate", False),
        ("average_deal", False),
        ("plan_attainment", False),
        ("lead_response_minutes", False),
        ("csat", False),
        ("pipeline_amount", False),
    ],
)
def test_only_sums_of_what_happened_are_shared(key, sums):
    assert scales(ALL[key]) is sums
    assert (prorated(ALL[key], Decimal(10), 5, 10) is not None) is sums


@limits(max_examples=60)
@given(st.decimals(0, 10**9, places=2), st.integers(1, 31), st.data())
def test_never_more_than_the_plan_and_never_less_for_another_day(plan, whole, data):
    days = data.draw(st.integers(0, whole - 1))
    told = prorated(REVENUE, plan, days, whole)
    assert told is not None
    assert 0 <= told.value <= plan
    later = prorated(REVENUE, plan, days + 1, whole)
    assert later is None or told.value <= later.value
