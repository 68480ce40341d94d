import math

import pytest

from connector.advice.spread import lower, upper


def poisson(mean: float, most: int) -> float:
    """The chance of at most so many."""
    return sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(most + 1))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 8, 20, 60])
def test_at_the_ends_such_a_count_comes_one_time_in_ten(n):
    assert poisson(upper(n), n) == pytest.approx(0.1, abs=0.01)
    if n:
        assert 1 - poisson(lower(n), n - 1) == pytest.approx(0.1, abs=0.01)


def test_of_nothing_the_lower_end_is_nothing():
    assert lower(0) == 0
