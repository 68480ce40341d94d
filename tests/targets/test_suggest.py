"""Targets: the same twice, ordered, honest about little data, and as often reached as they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.targets.backtest import ENOUGH, backtest
from connector.targets.model import prior
from connector.targets.series import Ahead, Month, Person
from connector.targets.suggest import chance_of, predict, realism, rounded, split, suggest
from tests.targets.squad import squad

LABEL = "2026-10"


def ahead(people: list[Person], days: float = 21.0) -> Ahead:
    return Ahead(LABEL, {person.user: days for person in people})


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_a_rerun_suggests_the_same_and_the_three_are_in_order(seed: int) -> None:
    people = squad(seed, people=4, months=8)
    team = prior(people)
    assert team is not None
    one, again = (suggest("a", people[0], team, ahead(people)) for _ in range(2))
    assert one == again
    assert one.minimum <= one.target <= one.ambitious
    assert one.low <= one.expected <= one.high
    assert one.chance is not None


def test_no_chance_is_stated_without_a_backtest_that_vouches() -> None:
    people = squad(1)
    team = prior(people)
    assert team is not None
    assert suggest("a", people[0], team, ahead(people), vouched=False).chance is None


def test_little_history_is_the_teams_and_says_so() -> None:
    people = squad(2)
    team = prior(people)
    assert team is not None
    new = Person("900", "new", people[0].months[-2:])
    idle = Person("901", "idle", tuple(Month(m.label, 20.0, 3, 3, 0, (), ()) for m in people[0].months))
    assert (suggest("a", new, team, ahead([new])).own, suggest("a", new, team, ahead([new])).why[0]) == (
        False,
        "few_months",
    )
    assert suggest("a", idle, team, ahead([idle])).why == ("few_deals",)
    assert suggest("a", idle, team, ahead([idle])).target > 0


def test_a_target_is_no_jump_beside_the_own_ordinary() -> None:
    people = squad(3)
    team = prior(people)
    assert team is not None
    for person in people:
        found = suggest("a", person, team, ahead(people), chance=0.1)
        usual = float(np.median([month.revenue / month.days for month in person.months[-12:]])) * 21
        assert found.target <= rounded(usual * 1.3)
        assert found.target >= usual * 0.79


def test_nobody_is_asked_anything_of_a_month_off() -> None:
    people = squad(3)
    team = prior(people)
    assert team is not None
    found = suggest("a", people[0], team, ahead(people, 0.0))
    assert (found.target, found.expected, found.high) == (0, 0, 0)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.integers(100_000, 10_000_000))
def test_the_companys_plan_is_split_to_the_rouble_at_one_chance(seed: int, plan: int) -> None:
    people = squad(seed, people=5, months=8)
    team = prior(people)
    assert team is not None
    drawn = {person.user: predict("a", person, team, ahead(people)) for person in people}
    found = split(plan, drawn)
    assert sum(found.parts.values()) == plan
    if 0.1 < found.chance < 0.9:
        assert all(
            chance_of(drawn[user], part) == pytest.approx(found.chance, abs=0.05) for user, part in found.parts.items()
        )


def test_a_higher_plan_has_a_lower_chance() -> None:
    people = squad(5)
    team = prior(people)
    assert team is not None
    drawn = {person.user: predict("a", person, team, ahead(people)) for person in people}
    chances = [split(plan, drawn).chance for plan in (1_000_000, 3_000_000, 6_000_000)]
    assert chances == sorted(chances, reverse=True)


@pytest.mark.parametrize(
    ("chance", "name"),
    [
        (0, "unrealistic"),
        (0.2, "ambitious"),
        (0.45, "realistic"),
        (0.6, "realistic"),
        (0.75, "easy"),
        (0.9, "too_easy"),
        (1, "too_easy"),
    ],
)
def test_the_five_classes(chance: float, name: str) -> None:
    assert realism(chance) == name


@pytest.mark.parametrize(("value", "shown"), [(0, 0), (0.4, 0), (999.4, 999), (1234, 1230), (1_234_567, 1_230_000)])
def test_three_digits_matter(value: float, shown: int) -> None:
    assert rounded(value) == shown


def test_stated_chances_come_true_and_the_model_beats_ten_percent_more() -> None:
    """Simulated teams: of targets with a chance of 60 %, 50 to 70 % are reached (issue: stated chances)."""
    attained, covered, ours, plus = [], [], [], []
    for seed in range(6):
        tested = backtest("a", squad(seed, people=10, months=14))
        scores = {score.method: score for score in tested.scores}
        attained.append(scores["model"].attained)
        covered.append(tested.covered)
        ours.append(scores["model"].pinball)
        plus.append(scores["mean_3_plus_10"].pinball)
    assert 0.5 <= np.mean(attained) <= 0.7
    assert 0.7 <= np.mean(covered) <= 0.87
    assert np.mean(ours) < 0.95 * np.mean(plus)


def test_a_short_past_vouches_for_nothing() -> None:
    tested = backtest("a", squad(1, people=2, months=8))
    assert 0 < tested.n < ENOUGH
    assert not tested.vouches
    assert backtest("a", []).n == 0
