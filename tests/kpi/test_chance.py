"""Chances of open deals: what a count by hand says, between none and all, and better the longer one waits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.kpi.chance import ENOUGH, LONGEST, Chances, Stay, chances

STAYS = st.lists(
    st.tuples(st.sampled_from("AB"), st.floats(0, 500), st.sampled_from(["won", "lost", "open"]), st.floats(0, 1)),
    max_size=60,
).map(
    lambda some: [
        Stay(stage, days, end, None if part > 0.5 else days * part, "" if part > 0.5 else "BA"["AB".index(stage)])
        for stage, days, end, part in some
    ]
)
"""Half of them went on to the other stage."""


def test_counted_by_hand() -> None:
    """Of 40 deals ten are won on day 3, ten lost on day 5, twenty won on day 8."""
    found = chances(
        [Stay("A", 2.5, "won")] * 10 + [Stay("A", 4.5, "lost")] * 10 + [Stay("A", 7.5, "won")] * 20
    )  # fmt: skip
    assert found.of("A", 0, 30) == pytest.approx(30 / 40)
    assert found.of("A", 0, 4) == pytest.approx(10 / 40)
    assert found.of("A", 3, 30) == pytest.approx(20 / 30)
    assert found.of("A", 5, 30) == pytest.approx(1)
    assert found.of("A", 8, 30) == 0


def test_a_horizon_begins_with_the_next_day_and_ends_with_its_last() -> None:
    found = chances([Stay("A", 2.5, "won")] * 10 + [Stay("A", 4.5, "lost")] * 30)
    assert found.of("A", 2, 1) == pytest.approx(10 / 40)
    assert found.of("A", 3, 30) == 0
    assert found.of("A", 0, 2) == 0
    assert found.of("A", 0, 3) == pytest.approx(10 / 40)


def test_who_still_stands_there_is_not_told_by_those_who_went_on() -> None:
    """Of 40 deals on A half go on to B on the second day and are won there four days later, half stay and are lost.

    Whoever stands on A after ten days is one of those that stayed: none of them was ever won.
    """
    went = [Stay("A", 5.5, "won", 1.5, "B"), Stay("B", 3.9, "won")] * 20
    found = chances([*went, *[Stay("A", 30.5, "lost")] * 20])
    assert found.of("A", 10, 100) == found.of("A", 2, 100) == 0
    assert found.of("A", 0, 100) == pytest.approx(0.5)
    assert found.of("B", 0, 100) == 1
    assert found.of("A", 0, 4) == 0, "two days here and four there"
    assert found.of("A", 0, 6) == pytest.approx(0.5)


def test_what_was_kept_before_is_told_as_it_was() -> None:
    """A month that is over keeps its numbers: such rows know nothing of who went on."""
    found = chances([Stay("A", 5.5, "won", 1.5, "B")] * 20 + [Stay("A", 30.5, "lost")] * 20)
    before = Chances(found.every, found.stages)
    assert before.of("A", 2, 100) == before.of("", 2, 100) == pytest.approx(0.5)
    assert before.of("A", 10, 100) == before.of("A", 400, 500) == 0


def test_who_is_still_open_counts_as_long_as_he_was_seen() -> None:
    found = chances([Stay("A", 10.5, "won")] * 20 + [Stay("A", 1.5, "open")] * 100)
    assert found.of("A", 0, 30) == pytest.approx(1)


def test_a_stage_of_few_deals_is_told_by_all() -> None:
    some = [Stay("A", 1, "won")] * (ENOUGH - 1)
    assert chances(some).of("A", 0, 30) is None
    more = chances([*some, *[Stay("B", 1, "lost")] * ENOUGH])
    assert more.of("A", 0, 30) == more.of("nowhere", 0, 30) == pytest.approx((ENOUGH - 1) / (2 * ENOUGH - 1), abs=1e-5)
    assert more.of("B", 0, 30) == 0


@given(STAYS, st.integers(0, LONGEST + 5), st.integers(0, 60), st.randoms())
def test_a_chance_is_one_grows_with_time_and_knows_no_order(stays: list[Stay], age: int, horizon: int, chance) -> None:  # type: ignore[no-untyped-def]
    mixed = list(stays)
    chance.shuffle(mixed)
    found = chances(stays)
    assert found == chances(mixed)
    now, later = found.of("A", age, horizon), found.of("A", age, horizon + 10)
    if now is not None and later is not None:
        assert 0 <= now <= later <= 1 + 1e-9
        assert found.of("A", age, 0) == 0
