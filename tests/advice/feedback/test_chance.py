from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.advice.feedback.chance import at_most, by_chance, drawn_at_most


def exactly(hits: int, n: int, others: int, of: int) -> float:
    """By counting."""
    good, total = hits + others, n + of
    ways = sum(math.comb(good, k) * math.comb(total - good, n - k) for k in range(hits + 1))
    return ways / math.comb(total, n)


@given(st.integers(1, 30), st.integers(1, 60), st.data())
def test_it_is_fishers_test(n, of, data):
    hits, others = data.draw(st.integers(0, n)), data.draw(st.integers(0, of))
    assert by_chance(hits, n, others, of) == pytest.approx(exactly(hits, n, others, of), abs=1e-9)


@given(st.integers(1, 60), st.data(), st.floats(0.05, 0.95))
def test_it_is_the_binomial(n, data, share):
    hits = data.draw(st.integers(0, n))
    exact = sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(hits + 1))
    assert at_most(hits, n, share) == pytest.approx(min(1.0, exact), abs=1e-9)


def test_nothing_to_compare_with_proves_nothing():
    assert by_chance(0, 30, 0, 0) == 1.0
    assert by_chance(0, 0, 5, 10) == 1.0


def test_a_share_that_is_drawn_is_the_beta_binomial():
    assert drawn_at_most(2, 5, 1, 1) == pytest.approx(0.5), "of an unknown share every count is as likely"
    assert drawn_at_most(3, 12, 6e6, 4e6) == pytest.approx(at_most(3, 12, 0.6), rel=1e-4)
    assert drawn_at_most(7, 7, 2, 3) == pytest.approx(1.0)
