"""What is typed into the editor and what it says of chances."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from connector.kpi.catalogue import ALL
from connector.result import Unit
from connector.targets.backtest import Backtest
from connector.targets.likely.promise import UNTRIED, Aim, Promise, Sense
from connector.web.planning.views import odds_lines, read, written

TARGET = Aim("501", "Anna", *map(Decimal, (900, 700, 1100)), 0.6, *map(Decimal, (500, 880, 1300)), True, False, 12)
VOUCHED = Backtest((), ((0.6, 0.6, 48),), 0.8, 48)


def told(unit: Unit = "money", trial: Backtest = VOUCHED) -> Promise:
    return Promise("revenue", Sense(unit), (TARGET,), {"501": np.arange(0, 2000, 10, dtype=float)}, trial)


@pytest.mark.parametrize(
    ("kpi", "text", "value"),
    [
        ("revenue", "1 500 000", Decimal(1500000)),
        ("revenue", "1,500.5", Decimal("1500.5")),
        ("win_rate", "35,5", Decimal("0.355")),
        ("win_rate", " 35 % ", Decimal("0.35")),
        ("revenue", "0", None),
        ("revenue", "", None),
        ("revenue", "nan", None),
        ("revenue", "٣", None),
    ],
)
def test_values_are_read_as_people_type_them(kpi: str, text: str, value: Decimal | None) -> None:
    found = read(text, ALL[kpi])
    assert found == value
    if found is not None:
        assert read(written(found, ALL[kpi]), ALL[kpi]) == found


def test_a_field_is_never_written_in_powers_of_ten() -> None:
    assert written(Decimal("1.50E+6"), ALL["revenue"]) == "1500000"
    assert written(Decimal("0.350"), ALL["win_rate"]) == "35"


def test_a_chance_is_said_to_five_percent_and_only_where_it_is_borne_out() -> None:
    first, usual, by = odds_lines(told(), "501", Decimal(1000), "RUB", "en")
    assert "50%" in first and "realistic" in first
    assert "60%" in usual and "₽" in usual and "900" in usual and "past months" in by
    assert "below 5%" in odds_lines(told(), "501", Decimal(5000), "RUB", "en")[0]
    assert "above 95%" in odds_lines(told(), "501", Decimal(1), "RUB", "en")[0]
    assert "₽" not in odds_lines(told("count"), "501", Decimal(1000), "RUB", "en")[1]
    assert len(odds_lines(told(), "501", None, "RUB", "ru")) == 2
    (nobody,) = odds_lines(told(), "502", Decimal(5), "RUB", "ru")
    (silent,) = odds_lines(told(trial=UNTRIED), "501", Decimal(5), "RUB", "en")
    (none,) = odds_lines(Promise("median_deal", Sense("money"), why="no_model"), "501", None, "RUB", "ru")
    assert "не по чему судить" in nobody and "24 person-months" in silent and "медианы" in none
    assert odds_lines(None, "501", Decimal(5), "RUB", "ru") == ()
