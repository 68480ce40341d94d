"""kpi absences and kpi rates on the screen: whole days, sources, and what lacks a rate."""

from __future__ import annotations

import json
from datetime import date

import pytest

from connector.cli.screens.calendars import show_absences, show_rates
from connector.records import Absence
from connector.store.clock.quotes import Quoted

AWAY = [
    (Absence.of("501", "vacation", date(2026, 7, 6), date(2026, 7, 19)), "csv"),
    (Absence.of("502", "left", date(2026, 8, 3), date(2026, 8, 3)), "crm"),
]
RATES = [Quoted("GBP", date(2026, 7, 1), "120", "config"), Quoted("USD", date(2026, 7, 1), "90.5", "www.cbr.ru")]
MISSING = [(date(2026, 7, 3), "EUR"), (date(2026, 7, 1), "EUR"), (date(2026, 7, 2), "KZT")]


def test_absences_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    show_absences([("moscow", AWAY, {"501": "Анна"})], "en", as_json=False)
    told = capsys.readouterr().out
    for part in ("Анна", "vacation", "2026-07-06", "2026-07-19", "14", "csv", "2026-08-03"):
        assert part in told


def test_absences_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    show_absences([("moscow", AWAY, {"501": "Анна"})], "en", as_json=True)
    one, two = json.loads(capsys.readouterr().out)
    assert (one["name"], one["kind"], one["from"], one["to"]) == ("Анна", "vacation", "2026-07-06", "2026-07-19")
    assert (two["name"], two["kind"], two["source"]) == (None, "left", "crm")


def test_rates_and_what_lacks_one(capsys: pytest.CaptureFixture[str]) -> None:
    show_rates([("moscow", RATES, MISSING)], "en", as_json=False)
    told = capsys.readouterr()
    assert "any day" in told.out and "www.cbr.ru" in told.out and "90.5" in told.out
    assert "no rate of EUR on 2 days from 2026-07-01 to 2026-07-03" in told.err
    assert "no rate of KZT on 2026-07-02" in told.err


def test_rates_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    show_rates([("moscow", RATES, MISSING)], "en", as_json=True)
    [told] = json.loads(capsys.readouterr().out)
    assert told["rates"][1] == {"currency": "USD", "day": "2026-07-01", "rate": "90.5", "source": "www.cbr.ru"}
    assert told["missing"][0] == {"currency": "EUR", "day": "2026-07-03"}
