"""A running month: what is stated of it comes true, what was done counts, nothing is told that nobody vouches for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from statistics import mean

import numpy as np
import pytest

from connector.targets.backtest import Backtest
from connector.targets.likely.averages import Averaged
from connector.targets.likely.midway import CUTS, Ahead80, Beside, Inside, Part, trials, way
from connector.targets.likely.model import Counted, Model, Shared
from connector.targets.likely.promise import Sense
from connector.targets.likely.tally import ByNow, Tally
from connector.targets.opinion.verdict import Verdict
from connector.targets.series import Ahead, Person
from tests.targets.likely.crew import LABEL, counted_parts, crew, parts
from tests.targets.squad import squad

COUNT, SHARE, MONEY = Sense("count"), Sense("share"), Sense("money")


def counted(seed: int, together: float = 0.0, **truth: float) -> tuple[Model, list[Part]]:
    people = crew(seed, **truth)  # type: ignore[arg-type]
    made = counted_parts(parts(people, seed, together=together))
    return Counted("calls", tuple(one.tries() for one in people)), made


def shared(seed: int, **truth: float) -> tuple[Model, list[Part]]:
    people = crew(seed, **truth)  # type: ignore[arg-type]
    return Shared("win_rate", people), parts(people, seed)


def averaged(seed: int) -> tuple[Model, list[Part]]:
    people: list[Person] = list(squad(seed))
    done = [
        {
            (one.user, month.label): Tally(month.label, month.days, month.by(cut)[1], float(month.by(cut)[0]))
            for one in people
            for month in one.months
        }
        for cut in CUTS
    ]
    labels = sorted({month.label for one in people for month in one.months})
    made = [Part(cut, dict.fromkeys(labels, cut), some) for cut, some in zip(CUTS, done, strict=True)]
    return Averaged("average_deal", tuple(people)), made


@pytest.mark.parametrize(
    ("make", "sense"),
    [
        (lambda seed: counted(seed, rate=0.2), COUNT),
        (lambda seed: counted(seed, rate=30, swing=0.05, together=0.02), COUNT),
        (lambda seed: shared(seed, rate=3, alike=0.03), SHARE),
        (averaged, MONEY),
    ],
    ids=["few deals", "calls that swing and burst", "share that swings", "average deal"],
)
def test_what_is_stated_inside_the_month_comes_true_and_beats_the_run_rate(make: object, sense: Sense) -> None:
    found = [trials("a", *make(seed), sense) for seed in range(3)]  # type: ignore[operator]
    for place, cut in enumerate(CUTS):
        tried = [one[place][1] for one in found]
        assert {one[place][0] for one in found} == {cut}
        for number, (stated, _, _) in enumerate(tried[0].calibration):
            assert mean(one.calibration[number][1] for one in tried) == pytest.approx(stated, abs=0.12)
        assert 0.68 < mean(one.covered for one in tried) < 0.93
        model, run_rate = (mean(one.scores[n].pinball for one in tried) for n in (0, 1))
        assert (tried[0].scores[1].method, model < run_rate) == ("run_rate", True)


def test_the_way_through_a_month_and_its_bursts_are_learned() -> None:
    model, made = counted(1, rate=30)
    seen = way(model, made)
    assert seen.by(0.3).expected == pytest.approx(0.3**1.3, abs=0.02)
    assert (seen.by(0.0).expected, seen.by(1.0).expected) == (0.0, 1.0)
    assert seen.bursts == pytest.approx(1.0, abs=0.35)
    model, made = counted(1, together=0.05, rate=30)
    assert way(model, made).bursts > 3
    assert way(model, []).by(0.4) == ByNow(0.4, 1.0), "by working time where nothing was seen"


def test_what_was_done_moves_the_end_and_the_nearer_the_less_is_open() -> None:
    for make in (counted, shared):
        model, _ = make(2, rate=3)
        days = Ahead(LABEL, {"500": 21.0})
        widths = []
        for gone in (0.2, 0.5, 0.9):
            some, more = (
                model.finished("a", days, {"500": Tally(LABEL, 0.0, hits, 40.0)}, ByNow(gone))["500"]
                for hits in (5.0, 30.0)
            )
            assert more.mean() > some.mean()
            widths.append(float(np.quantile(some, 0.9) - np.quantile(some, 0.1)))
        assert widths[0] > widths[1] > widths[2]
        over = model.finished("a", days, {"500": Tally(LABEL, 0.0, 12.0, 40.0)}, ByNow(1.0))["500"]
        assert set(over) == ({12.0} if isinstance(model, Counted) else {0.3}), "nothing is left of it"


def test_the_month_that_is_tried_is_not_looked_at_before() -> None:
    model, made = counted(3, rate=3)
    assert isinstance(model, Counted)
    last = model.labels[-1]
    spoilt = [
        replace(
            one, done={mark: replace(t, hits=t.hits + 500) if mark[1] == last else t for mark, t in one.done.items()}
        )
        for one in made
    ]
    earlier = [[one.until(last) for one in some] for some in (made, spoilt)]
    assert way(model.until(last), earlier[0]) == way(model.until(last), earlier[1])


def test_nothing_is_told_that_nobody_vouches_for() -> None:
    model, made = counted(4, rate=3)
    drawn = model.finished("a", Ahead(LABEL, {"500": 21.0}), {"500": Tally(LABEL, 0.0, 20.0)}, way(model, made).by(0.3))
    good, bad = Backtest((), ((0.6, 0.62, 48),), 0.8, 48), Backtest((), ((0.6, 0.9, 48),), 0.5, 48)
    told = Inside("calls", COUNT, drawn, ((0.3, good), (0.6, good)))
    ahead = told.of("500", Decimal(59))
    assert ahead is not None and ahead.low < ahead.middle < ahead.high and 0 < ahead.chance < 1
    assert told.of("500", Decimal(1)).chance == 1  # type: ignore[union-attr]
    assert told.of("999", Decimal(40)) is None
    for some in ((), ((0.3, good), (0.6, bad))):
        assert replace(told, trials=some).of("500", Decimal(40)) is None


def test_what_came_since_the_morning_is_no_less_than_there_is() -> None:
    """A forecast of this morning stood beside the evening's fact with its lower end below it."""
    worth = Verdict("2026-09", 0, 0.0, 0.0, 0.0, 0, 0, True)
    other = Ahead80(Decimal(100), Decimal(150), Decimal(160), 0.2)
    told = Ahead80(Decimal(100), Decimal(180), Decimal(300), 0.4, Beside(other, worth))
    evening = told.at_least(Decimal(170), Decimal(200))
    assert (evening.low, evening.middle, evening.high, evening.chance) == (170, 180, 300, 0.4)
    assert evening.beside is not None
    ends = evening.beside.ends
    assert (ends.low, ends.middle, ends.high, ends.chance) == (170, 170, 170, 0.2)
    assert told.at_least(Decimal(200), Decimal(200)).chance == 1.0


def test_a_limit_that_is_exceeded_is_not_kept() -> None:
    """It was told as kept for certain: what is there was only ever looked at as something to be reached."""
    told = Ahead80(Decimal(3), Decimal(5), Decimal(8), 0.7)
    assert told.at_least(Decimal(6), Decimal(5), more=False).chance == 0.0
    assert told.at_least(Decimal(5), Decimal(5), more=False).chance == 0.7, "it can still be kept"
