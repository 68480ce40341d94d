"""Forecasts inside a month: what is won is never lost, the interval narrows, and it beats the run-rate."""

from __future__ import annotations

import numpy as np
import pytest

from connector.targets.forecast import LINEAR, curve, finish, forecast, within
from connector.targets.forecast_backtest import CUTS, forecast_backtest
from connector.targets.model import posterior, prior
from connector.targets.series import Month
from tests.targets.squad import squad


def test_the_curve_is_the_teams_where_there_is_history_and_working_time_otherwise() -> None:
    assert curve([]) == LINEAR
    late = curve(squad(1, people=20))
    assert (late.points[0], late.at(1), late.at(2), late.at(-1)) == (0, pytest.approx(1), pytest.approx(1), 0)
    assert late.at(0.5) < 0.45
    assert list(late.points) == sorted(late.points)


def test_what_is_won_counts_and_the_rest_shrinks() -> None:
    people = squad(2)
    team = prior(people)
    assert team is not None
    one = posterior(people[0], team)
    spread = []
    for share in (0.0, 0.5, 1.0):
        draws = finish(
            one, team, exposure=21, expected_share=share, wins=round(6 * share), fact=300_000 * share,
            rng=np.random.default_rng(1),
        )  # fmt: skip
        assert draws.min() >= 300_000 * share
        told = forecast(draws, share, 250_000)
        assert told.low <= told.middle <= told.high
        spread.append(told.high - told.low)
    assert spread == sorted(spread, reverse=True)
    assert (spread[-1], told.chance) == (0, 1)
    assert forecast(draws, 1, None).chance is None


def test_more_wins_by_now_let_expect_more() -> None:
    people = squad(3)
    team = prior(people)
    assert team is not None
    one = posterior(people[0], team)
    means = [
        finish(one, team, exposure=21, expected_share=0.5, wins=n, fact=0, rng=np.random.default_rng(1)).mean()
        for n in (0, 3, 10)
    ]
    assert means == sorted(means)


def test_it_beats_the_run_rate_and_the_year_before_and_covers_what_it_says() -> None:
    found: dict[tuple[float, str], list[float]] = {}
    covered = []
    for seed in range(3):
        for one in forecast_backtest("a", squad(seed, people=8, months=13)):
            found.setdefault((one.cut, one.method), []).append(one.pinball)
            if one.covered is not None:
                covered.append(one.covered)
    for cut in CUTS:
        ours = np.mean(found[cut, "model"])
        assert ours < np.mean(found[cut, "run_rate"])
        assert ours < np.mean(found[cut, "seasonal_naive"])
    assert 0.75 <= np.mean(covered) <= 0.88


def test_a_month_knows_what_it_had_by_a_moment() -> None:
    month = Month("2026-09", 20.0, 3, 3, 3, (1.0, 2.0, 4.0), (0.1, 0.5, 0.9))
    assert [month.by(at) for at in (0, 0.1, 0.5, 1)] == [(0, 0), (1, 1), (2, 3), (3, 7)]


@pytest.mark.parametrize(
    ("parts", "low", "high"),
    [
        ((0.05, 0.15, 0.50, 0.22, 0.08), 1, 3),  # 87 %; 65 or 72 without an end
        ((0.02, 0.13, 0.60, 0.21, 0.04), 2, 3),  # 81 % instead of 94
        ((0.11, 0.60, 0.25, 0.04), 1, 2),  # 85 % instead of 96
        ((0.30, 0.30, 0.18, 0.22), 0, 2),
        ((0.85, 0.15), 0, 0),
    ],
)
def test_of_a_few_known_sums_those_are_told_that_hold_most_nearly_eighty_percent(
    parts: tuple[float, ...], low: int, high: int
) -> None:
    draws = np.repeat(np.arange(len(parts), dtype=float), [round(4000 * part) for part in parts])
    assert (within(draws)[0], within(draws)[2]) == (low, high)


@pytest.mark.parametrize("idle", [0.0, 0.09, 0.15, 0.5, 0.95])
def test_an_interval_whose_lower_end_is_what_stands_already_holds_eighty_percent(idle: float) -> None:
    """Months in which nothing more comes end where they stand: nobody can fall below that."""
    rng = np.random.default_rng(7)
    more = rng.lognormal(0, 1, 20_000) * (rng.random(20_000) >= idle)
    low, middle, high = within(100 + more)
    held = float(((100 + more >= low) & (100 + more <= high)).mean())
    assert low <= middle <= high
    assert held == pytest.approx(max(0.8, idle), abs=0.01) or (0.1 < idle < 0.2 and 0.8 <= held <= 0.9)
