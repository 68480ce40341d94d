from datetime import date
from decimal import Decimal

import pytest

from connector.advice.words import counted, money, percent, period, span
from connector.moment import Period


@pytest.mark.parametrize(
    ("n", "told"),
    [
        (0, "0 рабочих дней"), (1, "1 рабочий день"), (2, "2 рабочих дня"), (5, "5 рабочих дней"),
        (11, "11 рабочих дней"), (12, "12 рабочих дней"), (21, "21 рабочий день"), (112, "112 рабочих дней"),
        (122, "122 рабочих дня"),
    ],
)  # fmt: skip
def test_russian_counts(n, told):
    assert counted(n, "day", "ru") == told


def test_english_counts():
    assert [counted(n, "won", "en") for n in (0, 1, 2)] == ["0 won deals", "1 won deal", "2 won deals"]


def test_money():
    assert money(Decimal("1250000.50"), "RUB", "ru") == "1\u00a0250\u00a0001\u00a0₽"
    assert money(Decimal("1250000.49"), "GBP", "ru") == "1\u00a0250\u00a0000\u00a0GBP"
    assert money(Decimal("1250000"), "RUB", "en") == "RUB 1,250,000"


def test_percent():
    assert percent(Decimal("0.535")) == "54\u00a0%"


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 9, 1), date(2026, 9, 15), "1–15 сентября 2026"),
        (date(2026, 9, 1), date(2026, 9, 1), "1 сентября 2026"),
        (date(2026, 8, 31), date(2026, 9, 2), "31 августа – 2 сентября 2026"),
    ],
)
def test_spans(first, last, told):
    assert span(first, last, "ru") == told


def test_periods():
    assert period(Period.parse("2026-09"), "ru") == "сентябрь 2026"
    assert period(Period.parse("2026-W36"), "en") == "2026-W36"
