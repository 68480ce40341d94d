"""What is typed into the editor and what it says of chances."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from connector.kpi.catalogue import ALL
from connector.pipeline.planning.chances import Odds
from connector.targets.suggest import Suggestion
from connector.web.planning.views import odds_lines, read, written

TARGET = Suggestion("501", "Anna", 900, 700, 1100, 0.6, 500, 880, 1300, True, (), (12, 80), 21.0)


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
    drawn = np.arange(0, 2000, 10, dtype=float)
    told = Odds(True, {"501": TARGET}, {"501": drawn})
    first, usual, by = odds_lines(told, "501", Decimal(1000), "RUB", "en")
    assert "50%" in first and "60%" in usual and "900" in usual and "past months" in by
    assert "below 5%" in odds_lines(told, "501", Decimal(5000), "RUB", "en")[0]
    assert "above 95%" in odds_lines(told, "501", Decimal(1), "RUB", "en")[0]
    assert len(odds_lines(told, "501", None, "RUB", "ru")) == 2
    (nobody,) = odds_lines(told, "502", Decimal(5), "RUB", "ru")
    (silent,) = odds_lines(Odds(False, {}, {}), "501", Decimal(5), "RUB", "en")
    assert "не по чему судить" in nobody and "does not bear it out" in silent
