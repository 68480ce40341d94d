"""Intervals: the same for the same facts in any order, around the value, and honest about how often they hold it."""

from __future__ import annotations

import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.kpi.interval import (
    MANY,
    of_count,
    of_counts,
    of_mean,
    of_quantile,
    of_ratio,
    of_sum,
    of_sum_by_count,
    of_sum_share,
    wilson,
)

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


def test_a_sum_of_alike_is_as_sure_as_their_number() -> None:
    """Ten of 7 each in 20 days; and one of 7 among nothing is one event, not ten."""
    ends = [float(end) for end in of_sum(70, 490, 20) or ()]
    assert ends == pytest.approx([float(end) * 7 for end in of_count(10, 20)], abs=1e-5)
    assert [float(end) for end in of_sum_by_count(70, 490, 40) or ()] == pytest.approx(
        [float(end) * 7 for end in of_counts(10, 40)], abs=1e-5
    )
    assert [float(end) for end in of_sum(7, 49, 1) or ()] == pytest.approx([7 * 0.0513, 7 * 4.744], abs=0.3)


def test_a_sum_of_unlike_ones_is_less_sure_by_hand() -> None:
    """1, 1, 1, 1 and 6: 10 * 10 / 40 = 2.5 events of 4 each."""
    assert [float(end) for end in of_sum(10, 40, 1) or ()] == pytest.approx(
        [float(end) * 4 for end in of_count(2.5, 1)], abs=1e-5
    )


@pytest.mark.parametrize(
    "ends", [of_sum(0, 0, 1), of_sum(-5, 25, 1), of_sum_by_count(0, 0, 5), of_sum_by_count(5, 25, 0)]
)
def test_a_sum_of_nothing_tells_nothing(ends: object) -> None:
    assert ends is None


@pytest.mark.parametrize(
    ("part", "whole", "squares", "hits", "n"),
    [
        (30, 100, (30, 100), 30, 100),
        (0, 100, (0, 100), 0, 100),
        (100, 100, (100, 100), 100, 100),
        (50, 100, (500, 1000), 5, 10),  # ten of ten each
        (40, 100, (1600, 2800), 1.25, 3.125),  # 40 of 40 + 20 + 20 + 20: 0.24 / 0.0768, less than four alike
        (10, 100, (2, 1000), 1, 10),  # many little ones above say no more than all: never more than Kish's ten
    ],
)  # fmt: skip
def test_a_part_of_a_sum_by_hand(
    part: float, whole: float, squares: tuple[float, float], hits: float, n: float
) -> None:
    found = of_sum_share(part, whole, squares)
    assert found is not None
    assert [float(end) for end in found] == pytest.approx([float(end) for end in wilson(hits, n)], abs=2e-6)


@pytest.mark.parametrize(("part", "whole", "squares"), [(11, 10, (1, 1)), (-1, 10, (1, 1)), (0, 0, (0, 0))])
def test_what_is_no_part_of_a_sum_has_no_interval(part: float, whole: float, squares: tuple[float, float]) -> None:
    assert of_sum_share(part, whole, squares) is None


def test_pairs_drawn_again() -> None:
    """The same in any order; none of one, or with nothing below; where all are alike there is nothing to vary."""
    pairs = [(float(n % 7), float(1 + n % 3)) for n in range(30)]
    assert of_ratio(pairs, "a") == of_ratio(pairs[::-1], "a") != of_ratio(pairs, "b")
    assert of_ratio([(1.0, 2.0)], "a") is of_ratio([(1.0, 0.0), (2.0, 0.0)], "a") is of_ratio([], "a") is None
    assert of_ratio([(1.0, 2.0), (2.0, 4.0)], "a") == (Decimal("0.5"), Decimal("0.5"))


def test_of_many_pairs_the_normal_distribution_tells() -> None:
    """As of a mean where each is one below: 0.5 -+ 1.645 * sqrt(0.25 * 2000 / 1999) / sqrt(2000)."""
    assert of_ratio([(0.0, 1.0), (1.0, 1.0)] * (MANY // 2), "a") == (Decimal("0.481605"), Decimal("0.518395"))


def test_how_often_the_true_sum_and_ratio_are_within() -> None:
    """Ninety percent are promised, here of amounts whose logarithm has a deviation of 1. A few so skewed ones tell
    less: the great deal that has not come yet is in no sample.
    """
    chance, rounds, mean = np.random.default_rng(9), 1000, float(np.exp(0.5))
    held = dict.fromkeys(("day", "lead", "share", "client"), 0)
    for n in range(rounds):
        deals = chance.lognormal(0, 1, chance.poisson(30))
        day = of_sum(deals.sum(), np.square(deals).sum(), 20)
        lead = of_sum_by_count(deals.sum(), np.square(deals).sum(), chance.poisson(150))
        amounts, again = chance.lognormal(0, 1, 40), chance.random(40) < 0.3
        squares = np.square(amounts)
        share = of_sum_share(amounts[again].sum(), amounts.sum(), (squares[again].sum(), squares.sum()))
        bought = chance.geometric(0.6, 30)
        client = of_ratio([(chance.lognormal(0, 1, each).sum(), 1.0) for each in bought], str(n))
        for name, ends, true in (("day", day, mean * 1.5), ("lead", lead, mean / 5), ("share", share, 0.3),
                                 ("client", client, mean / 0.6)):  # fmt: skip
            assert ends is not None
            held[name] += float(ends[0]) <= true <= float(ends[1])
    assert 0.85 <= held["day"] / rounds <= 0.95
    assert 0.84 <= held["lead"] / rounds <= 0.94
    assert 0.88 <= held["share"] / rounds <= 0.95
    assert 0.83 <= held["client"] / rounds <= 0.93
