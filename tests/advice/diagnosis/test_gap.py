"""The parts of a gap add up to the kopeck, depend on no order, and agree with the example of the literature."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.advice.diagnosis.gap import FACTORS, Factors, effect, log_mean, parts

OWN = Factors(120, 0.62, 0.14, 52_000, 0.97)
TEAM = Factors(115, 0.70, 0.19, 55_000, 0.98)
SHARE = st.floats(0.001, 1)
ANY = st.builds(Factors, st.floats(0.01, 50), SHARE, SHARE, st.floats(10, 1e6), SHARE)


def test_the_worked_example() -> None:
    """methods.md 5.1: the split of that gap of 299 017."""
    found = {factor: minor / 100 for factor, minor in parts(OWN, TEAM, 1).items()}
    assert found == pytest.approx(
        {"leads": -28_247, "contact": 80_548, "conversion": 202_683, "size": 37_227, "kept": 6_807}, abs=1
    )
    assert sum(found.values()) == pytest.approx(TEAM.revenue - OWN.revenue, abs=0.01)


@given(ANY, ANY, st.floats(0.5, 31))
def test_the_parts_add_up_exactly_and_each_has_the_sign_of_its_factor(own: Factors, team: Factors, days: float) -> None:
    found = parts(own, team, days)
    assert sum(found.values()) == round((team.revenue - own.revenue) * days * 100)
    for factor in FACTORS:
        cost = getattr(team, factor) - getattr(own, factor)
        assert found[factor] * cost >= 0 or abs(found[factor]) <= len(FACTORS)


@given(ANY, st.sampled_from(FACTORS))
def test_the_same_has_no_gap_and_no_what_if(own: Factors, factor: str) -> None:
    assert set(parts(own, own, 20).values()) == {0}
    assert effect(own, factor, getattr(own, factor), 20) == 0


@given(st.floats(0.5, 2), st.floats(0.5, 2))
def test_it_is_near_what_shapley_says(one: float, other: float) -> None:
    """An independent split, over every order in which the factors might have moved: the same signs, about the same."""
    own = Factors(10, 0.5, 0.2, 1000, 1)
    team = Factors(10 * one, 0.5 * other, 0.2, 1000, 1)
    shares = dict.fromkeys(FACTORS, 0.0)
    orders = list(itertools.permutations(FACTORS))
    for order in orders:
        at = own
        for factor in order:
            moved = at.with_(factor, getattr(team, factor))
            shares[factor] += (moved.revenue - at.revenue) / len(orders)
            at = moved
    found = parts(own, team, 1, minor=1000)
    for factor in FACTORS:
        assert found[factor] / 1000 == pytest.approx(shares[factor], rel=0.1, abs=2)


@given(st.floats(1e-3, 1e6), st.floats(1e-3, 1e6))
def test_the_log_mean_lies_between(a: float, b: float) -> None:
    mean = log_mean(a, b)
    assert min(a, b) * (1 - 1e-9) <= mean <= max(a, b) * (1 + 1e-9)
    assert math.isfinite(mean)
