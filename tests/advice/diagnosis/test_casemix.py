"""Who wins fewer because of what he was given is not blamed for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.advice.diagnosis.casemix import Case, mixes, size_of, thirds

GOOD, BAD = ("site", "1", "small"), ("cold", "1", "small")


def test_a_bad_mix_explains_few_wins() -> None:
    """Both win 30 % from the site and 5 % of cold calls; one was given the cold ones."""
    told = mixes([
        Case("1", GOOD, 300, 90), Case("1", BAD, 20, 1),
        Case("2", GOOD, 20, 6), Case("2", BAD, 300, 15),
    ])  # fmt: skip
    assert told["2"].observed / 320 < 0.1 < told["1"].observed / 320
    assert told["2"].ratio == pytest.approx(1, abs=0.1)
    assert told["2"].low < 1 < told["2"].high
    assert told["2"].luck < 0.6 < 1.4 < told["1"].luck


def test_who_is_worse_in_every_cell_is_found() -> None:
    told = mixes([
        Case("1", GOOD, 200, 60), Case("2", GOOD, 200, 64), Case("3", GOOD, 200, 58), Case("4", GOOD, 200, 25),
    ])  # fmt: skip
    assert told["4"].high < 1 < told["2"].high


CASES = st.lists(
    st.tuples(st.sampled_from("123"), st.sampled_from((GOOD, BAD)), st.integers(1, 60)).map(
        lambda told: Case(told[0], told[1], told[2], told[2] // 4)
    ),
    max_size=12,
)


@given(CASES, st.randoms(use_true_random=False))
def test_no_order_matters_and_the_ratio_lies_in_its_interval(cases: list[Case], mixer: object) -> None:
    told = mixes(cases)
    mixer.shuffle(cases)  # type: ignore[attr-defined]
    again = mixes(cases)
    assert told.keys() == again.keys()
    for user, mix in told.items():
        assert mix.ratio == pytest.approx(again[user].ratio)
        assert 0 <= mix.low <= mix.ratio <= mix.high


@given(st.integers(0, 1000))
@settings(max_examples=10)
def test_the_interval_covers_the_truth(seed: int) -> None:
    """Everybody wins a quarter: over many people nine of ten intervals hold 1."""
    rng = np.random.default_rng(seed)
    told = mixes(Case(str(user), GOOD, 80, int(rng.binomial(80, 0.25))) for user in range(60))
    held = sum(mix.low <= 1 <= mix.high for mix in told.values())
    assert 46 <= held <= 60


def test_nobody_won_anything() -> None:
    assert mixes([Case("1", GOOD, 10, 0)]) == {}
    assert mixes([]) == {}


def test_sizes_are_thirds_of_the_amounts() -> None:
    cut = thirds(range(1, 31))
    assert [size_of(one, cut) for one in (1, 11, 12, 21, 22, 30, None, 0)] == [
        "small", "small", "middling", "middling", "large", "large", "unknown", "unknown",
    ]  # fmt: skip
    assert thirds(range(8)) == ()
    assert size_of(5, thirds([7] * 20)) == "unknown"
