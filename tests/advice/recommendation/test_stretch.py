"""Targets go towards the better ones, never back; who is to hold what he has is asked for just that."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.advice.diagnosis.shares import Share, estimate
from connector.advice.recommendation.stretch import stretched, target, vouches


def rng(seed: int = 7) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    ("now", "best", "newcomer", "less", "wanted"),
    [
        (0.4, 0.6, False, False, 0.46),
        (0.4, 0.6, True, False, 0.43),
        (0.6, 0.4, False, False, 0.6),
        (0.6, 0.4, False, True, 0.54),
        (0.4, 0.6, False, True, 0.4),
    ],
)
def test_a_third_of_the_way(now: float, best: float, newcomer: bool, less: bool, wanted: float) -> None:
    assert stretched(now, best, newcomer=newcomer, less=less) == pytest.approx(wanted)


SHARE = st.builds(
    lambda mean, strength: Share(mean * strength, (1 - mean) * strength, mean, 50, strength / 2),
    st.floats(0.05, 0.95),
    st.floats(20, 500),
)


@given(SHARE, st.floats(0.01, 0.99), st.integers(1, 200), st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_target_is_better_than_today_and_a_share(one: Share, best: float, tries: int, less: bool) -> None:
    aim = stretched(one.mean, best, less=less)
    told = target(one, aim, tries, rng(), less=less, vouched=True)
    assert 0 <= told.value <= 1
    assert told.chance is not None
    if aim == one.mean:
        assert told.value == pytest.approx(one.mean, abs=0.006)
    else:
        assert told.value < one.mean + 0.0051 if less else told.value > one.mean - 0.0051


def test_the_chance_is_about_the_one_asked_for() -> None:
    one = Share(120, 280, 0.3, 400, 50)
    told = target(one, 0.45, 200, rng(), chance=0.6, vouched=True)
    assert told.chance == pytest.approx(0.6, abs=0.08)
    assert told.value == pytest.approx(0.44, abs=0.02)


def test_no_chance_where_nothing_vouches() -> None:
    assert target(Share(30, 70, 0.3, 100, 20), 0.4, 50, rng()).chance is None


def simulated(seed: int, drift: float = 0.0) -> dict[str, list[tuple[float, float]]]:
    draw = rng(seed)
    return {
        str(user): [
            (float(draw.binomial(40, min(max(rate + drift * month, 0.01), 0.99))), 40.0) for month in range(9)
        ]
        for user, rate in enumerate(draw.beta(12, 18, 8))
    }  # fmt: skip


def test_steady_shares_vouch_and_a_collapse_does_not() -> None:
    assert vouches(simulated(1), rng())
    assert not vouches(simulated(1, drift=-0.06), rng())
    assert not vouches({"1": [(3.0, 10.0)] * 4}, rng())
    assert not vouches({}, rng())


@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1))
def test_estimates_lie_between_what_was_seen_and_the_team(told: dict[str, tuple[int, int]]) -> None:
    series = {user: [(float(hits), float(hits + misses))] for user, (hits, misses) in told.items()}
    people = estimate(series)
    assert bool(people) == any(n for [(_, n)] in series.values())
    for one in people.values():
        assert 0 < one.mean < 1
        if one.seen is not None and people:
            whole = sum(hits for hits, _ in told.values()) / sum(sum(pair) for pair in told.values())
            edges = sorted((one.seen, min(max(whole, 0.001), 0.999)))
            assert edges[0] - 1e-6 <= one.mean <= edges[1] + 1e-6
