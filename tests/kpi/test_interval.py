"""Intervals: the same for the same facts in any order, around the value, and honest about how often they hold it."""

from __future__ import annotations

import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.kpi.interval import MANY, of_count, of_counts, of_mean, of_quantile, wilson

VALUES = st.lists(st.integers(0, 10_000), min_size=2, max_size=60)


@given(VALUES, st.randoms())
def test_the_mean_lies_within_and_order_does_not_matter(values: list[int], chance) -> None:  # type: ignore[no-untyped-def]
    mixed = list(values)
    chance.shuffle(mixed)
    ends = of_mean(values, "a")
    assert ends == of_mean(mixed, "a")
    assert ends is not None
    assert min(values) <= ends[0] <= ends[1] <= max(values)


def test_another_subject_draws_otherwise_and_many_values_need_no_drawing() -> None:
    chance = random.Random(1)
    few = [chance.expovariate(1) for _ in range(30)]
    assert of_mean(few, "a") != of_mean(few, "b")
    many = [chance.expovariate(1) for _ in range(MANY)]
    assert of_mean(many, "a") == of_mean(many, "b")


@pytest.mark.parametrize("values", [[], [1.0]])
def test_one_value_has_no_interval(values: list[float]) -> None:
    assert of_mean(values, "a") is None
    assert of_quantile(values, 0.5) is None


@given(VALUES, st.sampled_from([0.1, 0.5, 0.9]))
def test_a_quantile_lies_between_two_of_the_values(values: list[int], quantile: float) -> None:
    ordered = sorted(values)
    ends = of_quantile([float(value) for value in ordered], quantile)
    assert ends is not None
    assert ends[0] <= Decimal(ordered[round(quantile * (len(ordered) - 1))]) <= ends[1]
    assert {int(end) for end in ends} <= set(values)


def test_how_often_the_true_value_is_within() -> None:
    """Ninety percent are promised; drawn means of skewed values hold somewhat fewer, the others no fewer."""
    chance, rounds = random.Random(5), 400
    held = {"mean": 0, "median": 0, "share": 0}
    for n in range(rounds):
        values = sorted(chance.expovariate(1) for _ in range(40))
        mean, median, share = of_mean(values, str(n)), of_quantile(values, 0.5), wilson(sum(v > 1 for v in values), 40)
        assert mean is not None and median is not None
        held["mean"] += mean[0] <= 1 <= mean[1]
        held["median"] += float(median[0]) <= 0.6931 <= float(median[1])
        held["share"] += float(share[0]) <= 0.3679 <= float(share[1])
    assert 0.82 <= held["mean"] / rounds <= 0.95
    assert 0.86 <= held["share"] / rounds <= 0.95
    assert 0.88 <= held["median"] / rounds <= 0.99


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [
        (0, 0.0, 2.996),
        (1, 0.051, 4.744),
        (2, 0.355, 6.296),
        (5, 1.970, 10.513),
        (10, 5.425, 16.962),
        (100, 84.139, 118.079),
    ],
)
def test_a_count_is_as_sure_as_tables_of_poisson_say(events: int, low: float, high: float) -> None:
    """The exact limits, to within a thirtieth of an event."""
    ends = of_count(events, 1)
    assert [float(end) for end in ends] == pytest.approx([low, high], abs=0.034)
    assert [float(end) * 20 for end in of_count(events, 20)] == pytest.approx([float(end) for end in ends], abs=1e-4)


def test_the_ratio_of_two_counts_by_hand() -> None:
    """Ten of thirty are 0.21084 to 0.48340 by Wilson, whose odds are 0.26717 and 0.93575."""
    assert [float(end) for end in of_counts(10, 20)] == pytest.approx([0.26717, 0.93575], abs=5e-5)
    assert of_counts(0, 20)[0] == 0
    assert of_counts(30, 20)[0] < Decimal("1.5") < of_counts(30, 20)[1]


def test_how_often_the_true_rate_and_ratio_are_within() -> None:
    """Ninety percent are promised. Where answers come of those asked, the ratio of counts holds more, never fewer."""
    chance, rounds = np.random.default_rng(7), 2000
    held = {"rate": 0, "ratio": 0, "nested": 0}
    for top, bottom in zip(chance.poisson(12, rounds), chance.poisson(60, rounds), strict=True):
        rate, ratio = of_count(int(top), 20), of_counts(int(top), int(bottom))
        nested = of_counts(int(chance.binomial(int(bottom), 0.2)), int(bottom))
        held["rate"] += float(rate[0]) <= 0.6 <= float(rate[1])
        held["ratio"] += float(ratio[0]) <= 0.2 <= float(ratio[1])
        held["nested"] += float(nested[0]) <= 0.2 <= float(nested[1])
    assert 0.89 <= held["rate"] / rounds <= 0.95
    assert 0.87 <= held["ratio"] / rounds <= 0.93
    assert 0.90 <= held["nested"] / rounds <= 0.98


def test_marks_and_parts_are_no_surer_than_they_are() -> None:
    """Marks of a call go together, and parts of wins are fewer wins: at least ninety percent hold what is true."""
    chance, rounds = np.random.default_rng(8), 1000
    held = {"marks": 0, "parts": 0}
    for _ in range(rounds):
        items = chance.integers(6, 11, 25)
        passed = chance.binomial(items, chance.beta(3, 1, 25)).sum() / items.sum()
        marks = wilson(float(passed) * 25, 25)
        weights = chance.choice([0.5, 1.0], 40)
        won = chance.random(40) < 0.3
        parts = wilson(float(weights[won].sum()), float(weights.sum()))
        held["marks"] += float(marks[0]) <= 0.75 <= float(marks[1])
        held["parts"] += float(parts[0]) <= 0.3 <= float(parts[1])
    assert held["marks"] / rounds >= 0.90
    assert held["parts"] / rounds >= 0.90


HUNDRED = [float(n) for n in range(100)]


@pytest.mark.parametrize(
    ("values", "quantile", "low", "high"),
    [
        (HUNDRED, 0.5, 40, 59),  # 50 -+ 1.645 * 5, to the ranks around it
        (HUNDRED, 0.9, 84, 95),  # 90 -+ 1.645 * 3
        (HUNDRED, 0.1, 4, 15),
        ([1.0, 2.0], 0.5, 1, 2),
        ([1.0, 2.0, 3.0, 4.0, 5.0], 0.5, 1, 5),
    ],
)
def test_the_ranks_of_a_quantile_by_hand(values: list[float], quantile: float, low: int, high: int) -> None:
    assert of_quantile(values, quantile) == (low, high)


def test_of_many_values_the_normal_distribution_tells() -> None:
    """0.5 -+ 1.645 * sqrt(0.25 * 2000 / 1999) / sqrt(2000)."""
    assert of_mean([0.0, 1.0] * (MANY // 2), "a") == (Decimal("0.481605"), Decimal("0.518395"))


def test_what_was_published_is_had_again() -> None:
    """Another number of draws, other ends or another seed would be another answer about a closed month."""
    assert of_mean([float(n) for n in range(1, 11)], "a") == (Decimal("3.9"), Decimal("7.0"))
    skewed = [float(2**n) for n in range(12)]
    assert of_mean(skewed, "user:501|2026-09") == of_mean(skewed[::-1], "user:501|2026-09")
    assert of_mean(skewed, "user:501|2026-09") == (Decimal("98.295833"), Decimal("642.6375"))
    assert of_mean([*HUNDRED, *HUNDRED[:-1]] * 10, "a") != of_mean([*HUNDRED, *HUNDRED[:-1]] * 10, "b")
