"""Drawn by chance, of every sort, the same again; nobody scores himself."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.quality.sampling import Talk, draw, raters

TALKS = [
    Talk(f"{user}-{n}", user, 30.0 + 40 * n, ("won", "lost", "open")[n % 3], 9 + n % 9)
    for user in ("501", "502")
    for n in range(18)
]


def test_the_same_seed_draws_the_same_calls_in_whatever_order() -> None:
    one = draw(TALKS, 4, 0.15, "a")
    assert one == draw(reversed(TALKS), 4, 0.15, "a")
    assert one != draw(TALKS, 4, 0.15, "b")


def test_every_stratum_before_any_twice() -> None:
    for one in ("501", "502"):
        strata = [picked.stratum for picked in draw(TALKS, 6, 0, "a") if picked.user == one]
        assert len(strata) == len(set(strata)) == 6


def test_every_call_has_its_chance() -> None:
    drawn = Counter(one.call for seed in range(300) for one in draw(TALKS, 3, 0, str(seed)))
    assert len(drawn) == len(TALKS)
    assert min(drawn.values()) > 10


@given(st.integers(0, 30), st.integers(1, 6), st.floats(0, 1), st.text(max_size=3))
@settings(max_examples=50)
def test_as_many_as_wanted_and_no_call_twice(calls: int, wanted: int, second: float, seed: str) -> None:
    picked = draw(TALKS[:calls], wanted, second, seed)
    users = Counter(talk.user for talk in TALKS[:calls])
    assert Counter(one.user for one in picked) == Counter({user: min(n, wanted) for user, n in users.items()})
    assert len({one.call for one in picked}) == len(picked)
    twice = sum(one.second for one in picked)
    assert abs(twice - second * len(picked)) <= 1


def test_who_scores_what() -> None:
    picked = draw(TALKS, 4, 0.5, "a")
    asked = list(raters(picked, {"501": ["511"], "502": ["502", "512"]}, ["511", "512"]))
    assert {rater for one, rater, again in asked if one.user == "501" and not again} == {"511"}
    assert {rater for one, rater, again in asked if one.user == "502" and not again} == {"512"}
    assert all(rater != one.user for one, rater, _ in asked)
    twice = [(one.call, rater) for one, rater, again in asked if again]
    assert len(twice) == 4
    assert not {(one.call, rater) for one, rater, again in asked if not again} & set(twice)
    assert list(raters(picked, {}, [])) == []
