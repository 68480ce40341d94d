"""Cells as people write them: what is meant is read, what may mean two things is not."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from connector.brought.facts import cells

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4", 4), ("4,5", 4.5), ("4.5", 4.5), (" 1 000 ", 1000), ("1\u00a0000,5", 1000.5), ("-3", -3), ("0", 0),
        ("", None), ("4,5,6", None), ("nan", None), ("inf", None), ("1e3", None), ("five", None), ("٤", None),
    ],
)  # fmt: skip
def test_numbers(text: str, value: float | None) -> None:
    assert cells.number(text) == value


@pytest.mark.parametrize(
    ("text", "items", "value"),
    [
        ("0,8", None, 0.8), ("1", None, 1), ("0", None, 0), ("80%", None, 0.8), ("80 %", None, 0.8), ("100%", None, 1),
        ("7", 10.0, 0.7), ("10", 10.0, 1), ("да", None, 1), ("Нет", None, 0), ("true", 5.0, 1), ("false", None, 0),
        ("1.1", None, None), ("11", 10.0, None), ("101%", None, None), ("-0.1", None, None), ("80%", 10.0, None),
        ("", None, None), ("хорошо", None, None), ("%", None, None),
    ],
)  # fmt: skip
def test_parts_of_one(text: str, items: float | None, value: float | None) -> None:
    assert cells.share(text, items) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [("RUB", "RUB"), ("usd", "USD"), ("₽", "RUB"), ("руб.", "RUB"), ("€", "EUR"), ("dollars", None), ("ПУБ", None)],
)
def test_currencies(text: str, code: str | None) -> None:
    assert cells.currency(text) == code


@pytest.mark.parametrize(
    ("text", "code", "minor"),
    [
        ("1 000,50", "RUB", 1000_50), ("1000.5", "RUB", 1000_50), ("1000 ₽", "RUB", 1000_00),
        ("1 000 руб.", "RUB", 1000_00), ("$100", "USD", 100_00), ("100", "JPY", 100), ("100|RUB", "RUB", 100_00),
        ("$100", "RUB", None), ("100 USD", "RUB", None), ("100 €", "USD", None), ("сто", "RUB", None),
        ("", "RUB", None), ("100 тыс", "RUB", None), ("nan", "RUB", None), ("1e99", "RUB", None),
    ],
)  # fmt: skip
def test_amounts_in_the_currency_meant(text: str, code: str, minor: int | None) -> None:
    told = cells.money(text, code)
    assert (told and told.minor) == minor


def test_an_amount_may_name_its_own_currency() -> None:
    told = cells.money("100|USD", "RUB")
    assert (told and (told.minor, told.currency)) == (100_00, "USD")


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("2026-09-20", "2026-09-20T00:00+03:00", "2026-09-21T00:00+03:00"),
        ("20.09.2026", "2026-09-20T00:00+03:00", "2026-09-21T00:00+03:00"),
        ("20.09.2026 0:00:00", "2026-09-20T00:00+03:00", "2026-09-21T00:00+03:00"),
        ("20.09.2026 14:30", "2026-09-20T14:30+03:00", "2026-09-20T14:30+03:00"),
        ("2026-09-20T14:30:05", "2026-09-20T14:30:05+03:00", "2026-09-20T14:30:05+03:00"),
        ("2026-09-20T14:30:05Z", "2026-09-20T14:30:05+00:00", "2026-09-20T14:30:05+00:00"),
        ("2026-09-20T00:00:00+05:00", "2026-09-20T00:00+05:00", "2026-09-20T00:00+05:00"),
    ],
)
def test_moments_and_the_ends_of_days(text: str, begins: str, ends: str) -> None:
    told = cells.moment(text, MOSCOW), cells.moment(text, MOSCOW, end=True)
    assert told == (datetime.fromisoformat(begins), datetime.fromisoformat(ends))


@pytest.mark.parametrize(
    "text",
    ["", "32.08.2026", "2026-09-20 25:00", "20.09.1820", "1789900000", "20260920", "yesterday", "0001-01-01T00:00Z"],
)
def test_what_is_no_moment(text: str) -> None:
    assert cells.moment(text, MOSCOW) is None
