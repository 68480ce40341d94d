"""The median of those that are over, or by Kaplan-Meier where more than one in twenty waits (K-06)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connector.kpi.catalogue import ALL
from connector.kpi.evaluate import evaluate
from connector.kpi.fold import Cell, Gathered
from connector.kpi.interval import of_quantile
from connector.kpi.survival import interval
from connector.kpi.waiting import settled
from connector.result import Result

BOTH = ("lead_response_minutes", "lead_processing_minutes")


def judged(key: str, over: list[float], waiting: list[float], **more: Any) -> Result:
    values = (*over, *((wait, False) for wait in waiting))
    found = Gathered(Cell(n=len(values), values=values, **more), Cell(), Cell(), 0)
    return evaluate(ALL[key], "user:501", "2026-09", found, currency="RUB")


@pytest.mark.parametrize("key", BOTH)
def test_one_in_twenty_is_left_out_and_one_more_is_not(key: str) -> None:
    over = [60.0 * n for n in range(1, 39)]
    few = judged(key, over, [6000.0, 6000.0])
    assert (few.value, few.reason, few.n, few.ripening, few.enough) == (Decimal("19.5"), None, 38, 2, True)
    assert few.interval == tuple(end / 60 for end in of_quantile(over, 0.5) or ())
    many = judged(key, over, [6000.0, 6000.0, 6000.0])
    assert (many.value, many.reason, many.n, many.ripening, many.enough) == (21, "estimated", 41, 3, True)
    waits = [(wait, True) for wait in over] + [(6000.0, False)] * 3
    assert many.interval == tuple(end / 60 for end in interval(waits) or ())


def test_who_waits_is_not_dropped() -> None:
    """Quick with the easy ones, and the rest forgotten: of those answered it is a minute, of all it is unknown."""
    assert judged("lead_response_minutes", [60.0] * 10, []).value == 1
    told = judged("lead_response_minutes", [60.0] * 10, [9000.0] * 11)
    assert (told.value, told.reason, told.enough, told.ripening) == (None, "undecided", False, 11)
    told = judged("lead_response_minutes", [], [9000.0] * 8)
    assert (told.value, told.reason, told.ripening) == (None, "undecided", 8)


def test_too_few_are_too_few_in_either_way() -> None:
    told = judged("lead_response_minutes", [60.0, 120.0, 180.0], [9000.0])
    assert (told.value, told.reason, told.enough) == (2, "few_data", False)
    nothing = judged("lead_response_minutes", [], [])
    assert (nothing.value, nothing.reason, nothing.ripening) == (None, "no_leads", 0)


def test_how_sure_its_facts_are_stays() -> None:
    told = judged("lead_response_minutes", [60.0] * 10, [9000.0], confidence="assumed", assumed=4)
    assert (told.confidence, told.assumed) == ("assumed", 4)


@pytest.mark.parametrize("key", ["lead_response_estimate", "deal_cycle_days", "median_deal", "revenue", "win_rate"])
def test_others_are_as_they_were(key: str) -> None:
    found = Gathered(Cell(5, 5), Cell(9, 9), Cell(), 3)
    assert settled(ALL[key], found) == (ALL[key], found)
    assert not ALL[key].waits
