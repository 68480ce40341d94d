"""The trial is reckoned by columns and in pieces: what it comes to is what counting deal by deal comes to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import connector.targets.forecast_backtest as tried_by
from connector.kpi.chance import A_DAY, chances
from connector.targets.forecast import parts_of
from connector.targets.forecast_backtest import drawn
from connector.targets.model import DRAWS, posterior, prior
from connector.targets.opinion.lives import Life, standing, stays
from connector.targets.opinion.passages import Passages
from connector.targets.opinion.second import second
from connector.targets.opinion.standing import Odds, Standing
from connector.targets.opinion.trial import trial
from tests.targets.opinion.dealers import LABELS, LONG, Trade, bounds, dealers

HALF = A_DAY // 2


def life(steps: list[tuple[int, str]], outcome: str, after: int, user: str | None) -> Life:
    """Steps in half days, each after the one before."""
    entries, at = [], 0
    for wait, stage in steps:
        at += wait * HALF
        entries.append((at, stage))
    ended = None if outcome == "open" else at + after * HALF - HALF // 2
    return Life(user, tuple(entries), outcome, ended, ((0, 5.0),))  # type: ignore[arg-type]  # one of the three


LIVES = st.lists(
    st.builds(
        life,
        st.lists(st.tuples(st.integers(0, 30), st.sampled_from("ABCD")), max_size=6),
        st.sampled_from(["won", "lost", "open"]),
        st.integers(-2, 40),
        st.sampled_from(["1", "2", None]),
    ),
    max_size=90,
)


@settings(max_examples=60, deadline=None)
@given(LIVES, st.integers(0, 90), st.integers(0, 60))
def test_columns_count_as_deals_do(lives: list[Life], at: int, until: int) -> None:
    moment, passages = at * HALF, Passages.of(lives)
    known = chances(stays(lives, moment))
    assert passages.chances(moment) == known
    end = moment + until * HALF
    assert passages.standing(known, moment, end) == standing(lives, known, moment, end)


@pytest.mark.parametrize("cut", [0.25, 0.75])
def test_columns_of_a_team_are_its_deals(cut: float) -> None:
    team = dealers(4, LONG)
    passages, (start, end) = Passages.of(team.lives), bounds(LABELS[-2])
    known = passages.chances(start)
    moment = round(start + (end - start) * cut)
    assert known == chances(stays(team.lives, start)) and known.leaving["offered"].to
    seen = passages.standing(known, moment, end)
    assert seen == standing(team.lives, known, moment, end) == team.stood(LABELS[-2], cut).open
    assert sum(map(len, seen.values())) > 20


def test_what_is_won_in_pieces_is_what_is_won_at_once() -> None:
    people = dealers(4, LONG).people
    team = prior(people)
    assert team is not None
    one, left = posterior(people[0], team), np.full(4000, 2)
    odds = [Odds(0.1 * n, 1000.0 * 2**n) for n in range(1, 8)]
    found = second(one, team, left, 7.0, Standing({one.user: odds}, 0.0), np.random.default_rng(3))
    rng = np.random.default_rng(3)
    alpha, beta = team.conversion
    luck = rng.beta(*one.conversion, 4000) / (alpha / (alpha + beta))
    hazards = -np.log1p(-np.array([deal.chance for deal in odds]))
    won = rng.random((4000, len(odds))) < 1 - np.exp(-np.outer(luck, hazards))
    assert found.tolist() == pytest.approx((7.0 + won @ np.array([deal.amount for deal in odds])).tolist())


def test_parts_are_quantiles() -> None:
    draws = np.sort(np.random.default_rng(5).lognormal(0, 1, 4001))
    parts = np.array([0.0, 0.1, 0.123, 0.5, 0.9, 1.0])
    assert parts_of(draws, parts).tolist() == pytest.approx(np.quantile(draws, parts).tolist())


def test_fewer_draws_where_there_are_many_forecasts_tell_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [drawn(n) for n in (0, 144, 600, 1200, 100_000)] == [DRAWS, DRAWS, DRAWS, DRAWS // 2, 1000]
    team = dealers(6, Trade(leads=0.4), people=40)
    few = trial("a", team.people, LABELS[-1], team.stood, ())
    monkeypatch.setattr(tried_by, "drawn", lambda forecasts: DRAWS)
    many = trial("a", team.people, LABELS[-1], team.stood, ())
    assert few.persons == many.persons > 200
    assert (few.model, few.pipeline) == pytest.approx((many.model, many.pipeline), rel=0.01)
    assert few.covered == pytest.approx(many.covered, abs=0.015)
    assert (few.prefers, few.better) == (many.prefers, many.better)
