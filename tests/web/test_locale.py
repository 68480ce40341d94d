"""Numbers and dates as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connector.kpi.text import Language
from connector.web import locale


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "unit", "currency", "russian", "english"),
    [
        (Decimal(1234500), "money", "RUB", "1 234 500 ₽", "1,234,500 ₽"),
        (Decimal("-1234.6"), "money", "USD", "−1 235 $", "−$1,235"),
        (Decimal(5), "money", "XYZ", "5 XYZ", "5 XYZ"),
        (Decimal("0.3333"), "share", "RUB", "33,3 %", "33.3%"),
        (Decimal("-0.0001"), "share", "RUB", "0,0 %", "0.0%"),
        (Decimal("12.55"), "minutes", "RUB", "12,6 мин", "12.6 min"),
        (Decimal(3), "days", "RUB", "3,0 дн.", "3.0 days"),
        (Decimal(12000), "count", "RUB", "12 000", "12,000"),
        (Decimal("0.5"), "count", "RUB", "0,5", "0.5"),
        (None, "money", "RUB", "—", "—"),
    ],
)
def test_figures(value: Decimal | None, unit: str, currency: str, russian: str, english: str) -> None:
    assert spaced(locale.figure(value, unit, currency, "ru")) == russian
    assert spaced(locale.figure(value, unit, currency, "en")) == english


@pytest.mark.parametrize(
    ("value", "unit", "russian", "english"),
    [
        (Decimal(5), "money", "+5 ₽", "+5 ₽"),
        (Decimal("-0.021"), "share", "−2,1 п. п.", "−2.1 pp"),
        (Decimal(0), "count", "0", "0"),
    ],
)
def test_differences_have_their_sign(value: Decimal, unit: str, russian: str, english: str) -> None:
    assert spaced(locale.signed(value, unit, "RUB", "ru")) == russian
    assert spaced(locale.signed(value, unit, "RUB", "en")) == english


@pytest.mark.parametrize(
    ("low", "high", "unit", "language", "told"),
    [
        ("0.281", "0.46", "share", "ru", "28,1–46,0 %"),
        ("0.281", "0.46", "share", "en", "28.1–46.0%"),
        ("10", "20", "minutes", "en", "10.0–20.0 min"),
        ("1000", "2000", "money", "ru", "1 000–2 000 ₽"),
        ("1", "2", "count", "ru", "1–2"),
    ],
)
def test_an_interval_names_its_unit_once(low: str, high: str, unit: str, language: Language, told: str) -> None:
    assert spaced(locale.between((Decimal(low), Decimal(high)), unit, "RUB", language)) == told


def test_days_months_and_moments() -> None:
    at = datetime(2026, 9, 4, 8, 5, tzinfo=UTC)
    assert spaced(locale.day(date(2026, 9, 24), "ru")) == "24 сентября"
    assert spaced(locale.day(date(2026, 5, 1), "en")) == "1 May"
    assert [locale.month("2026-09", language) for language in ("ru", "en")] == ["сентябрь 2026", "September 2026"]
    assert [locale.moment(at, language) for language in ("ru", "en")] == ["04.09, 08:05", "4 Sep, 08:05"]
    assert [locale.dated(at, language) for language in ("ru", "en")] == ["04.09.2026, 08:05", "4 Sep 2026, 08:05"]
    days = [spaced(locale.counted_days(n, "ru")) for n in (1, 2, 5, 11, 21, 104, 112)]
    assert days == ["1 день", "2 дня", "5 дней", "11 дней", "21 день", "104 дня", "112 дней"]
    assert [spaced(locale.counted_days(n, "en")) for n in (1, 2)] == ["1 day", "2 days"]
