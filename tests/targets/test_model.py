"""The month's model: who has little history is drawn to the team, a newcomer sells less, nothing depends on order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.targets.exposure import RAMP_MONTHS, ground
from connector.targets.model import posterior, prior, revenue
from connector.targets.series import Month, Person, months_before
from tests.targets.squad import squad


def team(people: list[Person]):  # type: ignore[no-untyped-def]
    found = prior(people)
    assert found is not None
    return found


def test_nothing_won_is_nothing_to_learn_from() -> None:
    assert prior([]) is None
    assert prior([Person("1", "a", (Month("2026-09", 20.0, 5),))]) is None
    assert prior([Person("1", "a", (Month("2026-09", 0.0, 5, 5, 1, (10.0,), (0.5,)),))]) is None


def test_estimates_lie_between_the_own_and_the_teams() -> None:
    people = squad(1, people=12)
    common = team(people)
    everyone = sum(m.leads for p in people for m in p.months) / sum(m.days for p in people for m in p.months)
    for person in people:
        own = sum(m.leads for m in person.months) / sum(m.days for m in person.months)
        found = posterior(person, common).lead_rate
        low, high = sorted((own, everyone))
        assert low * 0.85 <= found <= high * 1.15


def test_who_has_no_history_gets_the_teams() -> None:
    people = squad(2, people=12)
    common = team(people)
    nobody = posterior(Person("9", "new", ()), common)
    assert nobody.lead_rate == pytest.approx(common.leads[0] / common.leads[1])
    assert nobody.size[0] == pytest.approx(common.size)


def test_a_newcomer_and_a_month_of_few_days_bring_less() -> None:
    people = squad(3)
    common = team(people)
    one = posterior(people[0], common)
    whole = common.ground.exposure("2026-10", 22, None)
    fresh = common.ground.exposure("2026-10", 22, 0)
    assert fresh == pytest.approx(whole / RAMP_MONTHS)
    means = [
        float(revenue(one, common, exposure, np.random.default_rng(1)).mean()) for exposure in (fresh, whole / 2, whole)
    ]
    assert means == sorted(means)
    assert means[1] == pytest.approx(means[2] / 2, rel=0.1)


def test_the_drawn_mean_is_what_the_truth_says() -> None:
    """1.5 leads a day x 20 % x 50 000 with a log spread of 0.7, everybody alike, no season."""
    people = squad(4, people=30, months=13, season=0, same=True)
    common = team(people)
    exposure = common.ground.exposure("2026-10", 20, None)
    drawn = [revenue(posterior(one, common), common, exposure, np.random.default_rng(1)).mean() for one in people]
    assert np.mean(drawn) == pytest.approx(1.5 * 20 * 0.2 * 50_000 * np.exp(0.7**2 / 2), rel=0.1)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.randoms())
def test_the_order_of_people_does_not_matter(seed: int, chance) -> None:  # type: ignore[no-untyped-def]
    people = squad(seed, people=5, months=6)
    mixed = list(people)
    chance.shuffle(mixed)
    one, other = team(people), team(mixed)
    assert one.leads == pytest.approx(other.leads)
    assert one.conversion == pytest.approx(other.conversion)
    assert (one.size, one.between, one.within) == pytest.approx((other.size, other.between, other.within))


def test_a_season_needs_half_a_year_and_is_drawn_to_one() -> None:
    assert ground(squad(1, months=5)).season == {}
    factors = ground(squad(1, people=20, months=13, season=0.3)).season
    assert set(factors) == set(range(1, 13))
    assert factors[3] > 1.05 > 0.95 > factors[9]


def test_the_ramp_of_many_newcomers_is_their_own() -> None:
    labels = months_before("2026-10", 6)
    grown = [
        Person(str(n), "old", tuple(Month(label, 20.0, 20, 20, 4, (100.0,) * 4, (0.5,) * 4) for label in labels))
        for n in range(5)
    ]
    new = [
        Person(
            str(n),
            "new",
            tuple(
                Month(label, 20.0, 20, 20, k, (100.0,) * k, (0.5,) * k)
                for label, k in zip(labels, (1, 1, 2, 4, 4, 4), strict=True)
            ),
            0,
        )
        for n in range(5, 10)
    ]
    assert ground(grown + new).ramp == pytest.approx((0.25, 0.25, 0.5, 1.0), rel=0.1)
    assert ground(grown + new[:4]).ramp == (0.25, 0.5, 0.75, 1.0)
