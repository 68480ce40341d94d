"""Chances of counts, shares and the average deal: as often reached as they say, and silent where nothing vouches."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from statistics import mean

import numpy as np
import pytest

from connector.targets.backtest import Backtest
from connector.targets.likely.averages import Averaged
from connector.targets.likely.model import Counted, Model, Shared
from connector.targets.likely.promise import Sense, promise, tried_before
from connector.targets.likely.tally import Tallied, Tally
from connector.targets.series import Ahead
from tests.targets.likely.crew import LABEL, crew
from tests.targets.squad import squad

COUNT, SHARE, MONEY = Sense("count"), Sense("share"), Sense("money")


def ahead(model: Model, days: float = 21.0) -> Ahead:
    return Ahead(LABEL, {one.user: days for one in model.people})


def counted(seed: int, **truth: float) -> Counted:
    return Counted("calls", tuple(one.tries() for one in crew(seed, **truth)))  # type: ignore[arg-type]


def shared(seed: int, **truth: float) -> Shared:
    return Shared("win_rate", crew(seed, **truth))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "sense"),
    [
        (lambda seed: counted(seed, rate=0.2), COUNT),
        (lambda seed: counted(seed, rate=30, swing=0.05), COUNT),
        (lambda seed: shared(seed, rate=0.5), SHARE),
        (lambda seed: shared(seed, rate=5, alike=0.03), SHARE),
        (lambda seed: Averaged("average_deal", tuple(squad(seed))), MONEY),
    ],
    ids=["few deals", "calls that swing", "share of few", "share that swings", "average deal"],
)
def test_what_is_stated_comes_true(make: object, sense: Sense) -> None:
    trials = [tried_before("a", make(seed), sense) for seed in range(5)]  # type: ignore[operator]
    for place, (stated, _, _) in enumerate(trials[0].calibration):
        assert mean(one.calibration[place][1] for one in trials) == pytest.approx(stated, abs=0.1)
    assert 0.7 < mean(one.covered for one in trials) < 0.9
    model, last, *_ = (mean(one.scores[place].pinball for one in trials) for place in range(5))
    assert model < last


def test_a_swing_that_is_not_there_is_not_made_up() -> None:
    calm, wild = (counted(1, rate=30, swing=swing) for swing in (0.0, 0.1))
    spread = [float(np.std(one.drawn("a", ahead(one))["500"])) for one in (calm, wild)]
    assert spread[1] > 3 * spread[0]


def test_a_rerun_promises_the_same_in_order() -> None:
    one, again = (promise("a", "calls", counted(2), ahead(counted(2)), COUNT) for _ in range(2))
    assert one.aims == again.aims
    for aim in one.aims:
        assert aim.minimum <= aim.target <= aim.ambitious
        assert aim.low <= aim.expected <= aim.high
        assert aim.chance == pytest.approx(0.6, abs=0.12)


def test_of_what_should_be_small_a_smaller_plan_is_harder() -> None:
    less = Sense("share", more=False)
    found = promise("a", "missed", shared(3, rate=20), ahead(shared(3)), less)
    chances = [found.chance("500", Decimal(plan)) for plan in ("0.05", "0.30", "0.90")]
    assert chances == sorted(chances, key=lambda one: one or 0.0)
    assert chances[0] == 0
    assert chances[2] == 1
    assert all(aim.minimum >= aim.target >= aim.ambitious for aim in found.aims)


def test_no_chance_without_a_trial_that_vouches() -> None:
    short = promise("a", "calls", counted(1, months=6), ahead(counted(1)), COUNT)
    assert (short.vouched, short.chance("500", Decimal(1))) == (False, None)
    assert all(one.chance is None for one in short.aims)
    off = replace(
        promise("a", "calls", counted(1), ahead(counted(1)), COUNT), trial=Backtest((), ((0.6, 0.9, 48),), 0.5, 48)
    )
    assert off.chance("500", Decimal(1)) is None


def test_who_is_new_is_told_by_the_team() -> None:
    whole = crew(4)
    new = Tallied("900", "New", whole[0].months[-1:], 0)
    model = Counted("won_deals", (*whole, new), ramped=True)
    found = {one.user: one for one in promise("a", "won_deals", model, ahead(model), COUNT).aims}
    assert (found["900"].own, found["500"].own) == (False, True)
    assert found["900"].expected < mean(float(one.expected) for one in found.values())


def test_nobody_is_promised_anything_of_a_month_off_or_of_nothing() -> None:
    model = counted(1)
    assert promise("a", "calls", model, ahead(model, 0.0), COUNT).aims == ()
    idle = tuple(Tallied("1", "x", (Tally("2026-09", 20.0),)) for _ in range(2))
    for nothing in (Counted("calls", idle), Shared("win_rate", idle), Averaged("average_deal", ())):
        found = promise("a", "calls", nothing, Ahead(LABEL, {"1": 20.0}), COUNT)
        assert (found.aims, found.vouched) == ((), False)


def test_the_month_that_is_tried_is_not_looked_at_before() -> None:
    people = crew(5)
    changed = tuple(
        replace(one, months=(*one.months[:-1], Tally(one.months[-1].label, 20.0, 1000.0, 1000.0))) for one in people
    )
    last = people[0].months[-1].label
    for make in (Counted, Shared):
        one, other = (
            make("x", some).until(last).drawn("a", Ahead(last, {"500": 20.0}))["500"] for some in (people, changed)
        )
        assert (one == other).all()


def test_what_is_reached_with_a_chance_is_not_the_target_that_was_moved() -> None:
    """`kpi plan check` named a target raised to somebody's usual as the one with a chance of 60 %."""
    model = Averaged("average_deal", tuple(squad(2)))
    told = promise("a", "average_deal", model, ahead(model, 2.0), MONEY)
    moved = [aim for aim in told.aims if aim.moved]
    assert len(moved) == 7, "two days have too few deals for an average near one's usual"
    for aim in moved:
        assert MONEY.chance(told.drawn[aim.user], float(told.reached(aim.user))) == pytest.approx(0.6, abs=0.01)
        assert told.reached(aim.user) != aim.target
