"""Attainment and the weighted index: what methods.md 6 promises of them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from connector.targets.planning.scoring import Weighed, attainment, index

D = Decimal
MOST = D("1.2")


@pytest.mark.parametrize(
    ("direction", "fact", "plan", "reached"),
    [
        ("more", 50, 100, D("0.5")),
        ("more", 100, 100, D(1)),
        ("more", 300, 100, MOST),
        ("more", -5, 100, D(0)),
        ("less", 30, 15, D("0.5")),
        ("less", 15, 15, D(1)),
        ("less", 5, 15, MOST),
        ("less", 0, 15, MOST),
        ("more", 50, 0, None),
        ("less", 0, 0, None),
        ("neither", 50, 100, None),
    ],
)
def test_attainment(direction, fact, plan, reached):
    """D3: where fewer is better it was 0 or 100 % and nothing between."""
    assert attainment(direction, D(fact), D(plan), MOST) == reached


def test_a_cap_is_put_on_each_before_it_is_weighed():
    """One at 300 % must not hide two at nothing."""
    some = [Weighed("a", 50, attainment("more", D(300), D(100), MOST)), Weighed("b", 50, D(0))]
    assert index(some).value == D("0.6")


def test_what_cannot_be_judged_is_left_out_and_its_weight_shared():
    some = [Weighed("a", 60, D(1)), Weighed("b", 20, D("0.5")), Weighed("c", 20, None, "no_plan")]
    told = index(some)
    assert told.value == D("0.875")
    assert told.shares == (("a", D("0.75")), ("b", D("0.25")))
    assert told.left_out == (("c", "no_plan"),)


def test_where_nothing_can_be_judged_there_is_no_score():
    assert index([Weighed("a", 60, None, "no_fact")]).value is None
    assert index([]).value is None


weighed = st.lists(
    st.builds(
        Weighed,
        st.uuids().map(str),
        st.integers(1, 100).map(float),
        st.one_of(st.none(), st.decimals(0, 2, places=4)),
    ),
    min_size=1,
    max_size=5,
)


@limits(max_examples=60)
@given(weighed, st.randoms())
def test_the_index_is_a_mean_of_what_is_there_in_any_order(some, random):
    told = index(some)
    judged = [one.attained for one in some if one.attained is not None]
    if not judged:
        assert told.value is None
        return
    tiny = D("1e-20")
    assert min(judged) - tiny <= told.value <= max(judged) + tiny
    assert abs(sum(share for _, share in told.shares) - 1) < tiny
    shuffled = random.sample(some, len(some))
    assert abs(index(shuffled).value - told.value) < tiny


@limits(max_examples=60)
@given(weighed, st.decimals(0, 1, places=3))
def test_doing_better_never_lowers_it(some, more):
    place = next((n for n, one in enumerate(some) if one.attained is not None), None)
    if place is None:
        return
    one = some[place]
    better = [*some[:place], Weighed(one.key, one.weight, one.attained + more), *some[place + 1 :]]
    assert index(better).value >= index(some).value


@limits(max_examples=60)
@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(1, 1000))
def test_the_unit_of_currency_does_not_matter(fact, plan, times):
    for direction in ("more", "less"):
        assert attainment(direction, D(fact), D(plan), D(1000)) == attainment(
            direction, D(fact) * times, D(plan) * times, D(1000)
        ) or abs(
            attainment(direction, D(fact), D(plan), D(1000))
            - attainment(direction, D(fact) * times, D(plan) * times, D(1000))
        ) < D("1e-15")
