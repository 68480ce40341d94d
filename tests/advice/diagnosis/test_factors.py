"""Factors are estimates drawn towards the team; what is said of them holds on simulated teams whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.advice.diagnosis.factors import ENOUGH, diagnose, estimates, planned, team_of
from connector.advice.diagnosis.gap import FACTORS, Factors
from connector.advice.diagnosis.values import Estimate, Ground
from connector.targets.series import Ahead
from tests.advice.planted import LABEL, WEAK, accused, ahead, diagnosed, estimated, found, records


@given(st.integers(0, 10_000), st.integers(2, 5), st.permutations(range(5)))
@settings(max_examples=15, deadline=None)
def test_the_order_of_people_does_not_matter(seed: int, people: int, order: list[int]) -> None:
    made = records(seed, people=people, months=4)
    mixed = [made[place] for place in order if place < people]
    assert [one.parts for one in diagnosed(made)] == [one.parts for one in diagnosed(mixed)]


@given(st.integers(0, 10_000), st.floats(0.3, 1.0))
@settings(max_examples=15, deadline=None)
def test_parts_sum_to_the_gap_and_lie_in_their_intervals(seed: int, low: float) -> None:
    for one in diagnosed(records(seed, people=4, months=4, low=low)):
        assert sum(part.minor for part in one.parts) == one.gap
        whole = (one.reference.revenue - one.estimate.own.revenue) * one.estimate.scale * 100
        assert one.gap == round(whole)
        assert all(part.low <= part.minor <= part.high for part in one.parts)


def test_nobody_who_does_not_differ_is_called_weak() -> None:
    confirmed, likely, cells = accused(12)
    assert confirmed <= 0.02 * cells
    assert confirmed + likely <= 0.05 * cells


def test_a_planted_weak_conversion_is_found_where_there_is_enough_data() -> None:
    hits, enough, planted, every = found(15, low=0.65, spread=0.25, leads=3)
    assert enough >= 10
    assert hits >= 0.8 * enough
    assert every >= 0.8 * planted


def test_with_few_enquiries_nothing_is_said_but_how_many_more_it_takes() -> None:
    made = records(3, months=4, low=0.4, leads=0.15)
    weak = next(one for one in diagnosed(made) if one.estimate.user == WEAK)
    verdict = weak.part("conversion").verdict
    assert (verdict.finding, verdict.speaks) == ("few", False)
    assert weak.estimate.n["conversion"] < ENOUGH["conversion"]
    assert verdict.needed is not None
    assert verdict.needed >= ENOUGH["conversion"] - weak.estimate.n["conversion"]


def test_nobody_has_a_zero_factor() -> None:
    """Somebody without a single win has the team's conversion, a little lowered."""
    made = records(5, people=4)
    idle = made[0].person
    empty = replace(idle, months=tuple(replace(one, cohort_wins=0, amounts=(), moments=()) for one in idle.months))
    found_ = estimated([replace(made[0], person=empty), *made[1:]])
    assert all(getattr(found_[0].own, factor) > 0 for factor in FACTORS)
    assert found_[0].own.conversion < found_[1].own.conversion


def test_what_is_not_known_costs_nothing() -> None:
    """No telephony and no refunds: those factors are 1 for all."""
    made = records(7, people=4)
    people = estimates("moscow", made, ahead(made), Ground(reached=False, kept=False))
    told = diagnose(people[0], team_of(people))
    assert (told.part("contact").minor, told.part("kept").minor) == (0, 0)
    assert {people[0].own.contact, people[0].own.kept} == {1.0}


def test_a_plan_asks_for_leads_unless_it_says_what_else() -> None:
    own = Factors(2, 0.8, 0.25, 1000, 1)
    assert planned(own, 800).leads == pytest.approx(4)
    wanted = planned(own, 800, {"conversion": 0.5})
    assert (wanted.leads, wanted.conversion) == (pytest.approx(2), 0.5)
    assert planned(own, 800, {"leads": 3}).leads == 3


def test_nobody_sold_anything() -> None:
    assert estimates("moscow", [], Ahead(LABEL, {}), Ground()) == []


def test_the_same_twice() -> None:
    def intervals(some: list[Estimate]) -> list[tuple[int, int]]:
        return [(part.low, part.high) for one in some for part in diagnose(one, team_of(some)).parts]

    assert intervals(estimated(records(9))) == intervals(estimated(records(9)))
