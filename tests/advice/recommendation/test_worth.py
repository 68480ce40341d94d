"""How much oftener deals are won where a thing was done: like is compared with like, a seed fixes the interval."""

from __future__ import annotations

import numpy as np
import pytest

from connector.advice.recommendation.worth import Case, worth


def some(stratum: str, done: bool, n: int, won: int) -> list[Case]:
    return [Case(stratum, done, number < won) for number in range(n)]


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def test_one_stratum_is_the_plain_difference() -> None:
    told = worth(some("a", True, 100, 40) + some("a", False, 100, 25), rng())
    assert told is not None
    assert told.difference == pytest.approx(0.15)
    assert told.low < 0.15 < told.high
    assert told.n == 200


def test_what_only_the_source_explains_is_worth_nothing() -> None:
    """Where it was done more often deals are won more often anyway: inside each source there is no difference."""
    cases = (
        some("site", True, 180, 90) + some("site", False, 20, 10)
        + some("cold", True, 20, 2) + some("cold", False, 180, 18)
    )  # fmt: skip
    told = worth(cases, rng())
    assert told is not None
    assert told.difference == pytest.approx(0, abs=1e-9)


def test_too_few_say_nothing() -> None:
    assert worth(some("a", True, 19, 10) + some("a", False, 100, 10), rng()) is None
    assert worth(some("a", True, 100, 10) + some("b", False, 100, 10), rng()) is None
    assert worth([], rng()) is None


def test_the_same_seed_says_the_same() -> None:
    cases = some("a", True, 50, 20) + some("a", False, 50, 10)
    assert worth(cases, rng()) == worth(list(reversed(cases)), rng())
