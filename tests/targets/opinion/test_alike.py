"""Amounts known in half of the deals are told where there are any, else in none: in trial and backtest alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.targets.forecast_backtest import forecast_backtest
from connector.targets.opinion.alike import Alike, Stood
from connector.targets.opinion.standing import Odds, Standing
from connector.targets.opinion.trial import trial
from tests.targets.opinion.dealers import Dealers, Trade, dealers

TEAM = dealers(4, Trade(leads=0.3), people=2)
MONTHS = (("2026-07", 0.5), ("2026-08", 0.5))


def stood(*amounts: float | None) -> Standing:
    return Standing({"500": [Odds(0.3, amount) for amount in amounts]}, 0.4)


@pytest.mark.parametrize(
    ("july", "august", "sized"),
    [((1.0, 2.0), (None, None), True), ((1.0, None), (None, None), False), ((), (), True), ((None,), (), False)],
)
def test_half_is_counted_over_all_the_months(
    july: tuple[float | None, ...], august: tuple[float | None, ...], sized: bool
) -> None:
    asked: list[tuple[str, float]] = []

    def told(label: str, cut: float) -> Standing:
        asked.append((label, cut))
        return stood(*(july if label == "2026-07" else august))

    seen = Alike.of(told, MONTHS)
    assert seen.sized is sized
    assert asked == list(MONTHS)
    assert seen("2026-07", 0.5) == (stood(*july) if sized else stood(*july).unpriced())


def test_the_backtest_tells_what_the_trial_tried() -> None:
    def mostly_bare(label: str, cut: float) -> Standing:
        seen = TEAM.stood(label, cut)
        some = {user: [odds if n % 3 == 0 else Odds(odds.chance, None) for n, odds in enumerate(deals)]
                for user, deals in seen.open.items()}  # fmt: skip
        return replace(seen, open=some)

    worth = trial("a", TEAM.people, "2026-10", mostly_bare, ())
    shown = losses(TEAM, mostly_bare)
    assert not worth.sized
    assert shown == losses(TEAM, lambda label, cut: TEAM.stood(label, cut).unpriced())
    assert worth.pipeline == pytest.approx(sum(shown) / len(shown), abs=1e-3)


def losses(team: Dealers, stood: Stood) -> list[float]:
    """Of the second opinion, at each cut."""
    return [one.pinball for one in forecast_backtest("a", team.people, stood=stood) if one.method == "pipeline"]
