"""A plan is only spoken against with a backtest, a reason and a better value; never for luck, twice or too late."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.advice.correction import TOO_EASY, WORTH, Case, Flow, Why, proposals, reasons
from connector.result import Plan

DRAWS = np.random.default_rng(1).lognormal(np.log(1_000_000), 0.25, 4000)
FEW = Flow(before=400, before_days=480.0, now=60, now_days=120.0, noise=1.2)
SAME = Flow(before=400, before_days=480.0, now=95, now_days=120.0, noise=1.2)


def case(plan: int = 1_000_000, **more: Any) -> Case:
    agreed = Plan(subject="user:501", kpi="revenue", period="2026-09", value=Decimal(plan), version=2)
    base = {"surprise": 0.5, "at_start": 0.5, "share_gone": 0.4, "days": 22, "days_agreed": 22}
    return Case(name="Anna", plan=agreed, draws=DRAWS, **(base | more))


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (case(), ()),
        (case(1_600_000), ("out_of_reach",)),
        (case(1_600_000, surprise=0.1), ()),
        (case(500_000, at_start=0.99), ("too_easy",)),
        (case(500_000, at_start=0.8), ()),
        (case(days=15), ()),
        (case(days=15, prorated=False), ("away",)),
        (case(days=21, prorated=False), ()),
        (case(1_200_000, flow=FEW), ("fewer_leads",)),
        (case(1_200_000, flow=SAME), ()),
        (case(900_000, flow=FEW), ()),
        (case(1_600_000, days=15, prorated=False, flow=FEW), ("out_of_reach", "away", "fewer_leads")),
    ],
)
def test_what_speaks_against_a_plan(told: Case, why: tuple[Why, ...]) -> None:
    assert reasons(told) == why
    made = proposals([told], vouched=True)
    assert tuple(one.why for one in made) == ((why,) if why else ())


def test_the_value_is_what_six_of_ten_drawn_months_reach_and_both_chances_are_told() -> None:
    (one,) = proposals([case(1_600_000)], vouched=True)
    assert (one.was, one.version, one.period) == (Decimal(1_600_000), 2, "2026-09")
    assert 0 <= float(np.quantile(DRAWS, 0.4)) - float(one.value) < 1000
    assert one.before < 0.1
    assert 0.6 <= one.after < 0.61
    assert one.low < one.expected < one.high


def test_who_is_away_gets_the_plan_of_the_days_that_are_left() -> None:
    (one,) = proposals([case(days=11, prorated=False)], vouched=True)
    assert (one.value, one.days, one.days_agreed) == (Decimal(500_000), 11, 22)


def test_days_away_that_are_taken_off_already_speak_against_no_plan() -> None:
    """Half the days leave half the plan: a month that comes to that is no reason; what is proposed is of all days."""
    assert proposals([case(1_900_000, part=0.5)], vouched=True) == ()
    (one,) = proposals([case(3_200_000, part=0.5)], vouched=True)
    assert 0 <= 2 * float(np.quantile(DRAWS, 0.4)) - float(one.value) < 10_000
    assert one.before < 0.1 and 0.6 <= one.after < 0.62


def test_what_is_reached_already_is_not_proposed() -> None:
    """Late in a month six of ten drawn ones bring nothing more: the plan would be what is there."""
    late = 800_000 + np.where(np.arange(4000) % 5 < 3, 0.0, 150_000.0)
    assert proposals([case(1_600_000, done=700_000.0)], vouched=True) != ()
    assert proposals([replace(case(1_600_000, done=800_000.0), draws=late)], vouched=True) == ()


def test_where_deals_are_all_alike_rounding_does_not_cost_a_deal() -> None:
    steps = np.random.default_rng(2).poisson(5, 4000) * 99_999.999
    (one,) = proposals([replace(case(1_500_000), draws=steps)], vouched=True)
    assert one.after >= 0.6


def test_nothing_without_a_backtest_nothing_decided_before_nothing_at_the_end() -> None:
    told = case(1_600_000)
    assert proposals([told], vouched=False) == ()
    assert proposals([told], vouched=True, settled={("user:501", "revenue", "2026-09")}) == ()
    assert proposals([replace(told, share_gone=0.95)], vouched=True) == ()
    assert len(proposals([told], vouched=True, settled={("user:502", "revenue", "2026-09")})) == 1


def test_fewer_enquiries_must_be_fewer_for_sure() -> None:
    assert FEW.down
    assert FEW.interval[0] < FEW.ratio < FEW.interval[1] < 0.85
    assert not Flow(before=40, before_days=480.0, now=2, now_days=120.0).down
    assert not Flow(before=400, before_days=480.0, now=60, now_days=120.0, noise=8.0).down
    assert not Flow(before=400, before_days=0.0, now=60, now_days=120.0).down


@given(
    st.integers(0, 5_000_000), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.integers(0, 22), st.booleans(),
    st.sampled_from([None, FEW, SAME]),
)  # fmt: skip
def test_every_proposal_makes_the_plan_believable_and_moves_it_the_right_way(
    plan: int, surprise: float, start: float, gone: float, days: int, prorated: bool, flow: Flow | None
) -> None:
    told = case(
        plan, surprise=surprise, at_start=start, share_gone=gone, days=days, prorated=prorated, flow=flow
    )  # fmt: skip
    for one in proposals([told], vouched=True):
        assert abs(one.value - one.was) >= one.was * Decimal(str(WORTH))
        up = "too_easy" in one.why
        assert (one.value > one.was) is up
        assert (one.after < one.before) is up or one.after == one.before
        assert not up or (one.before > TOO_EASY and one.why == ("too_easy",))
