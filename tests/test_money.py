"""Amounts as people write them, exact; a rate that is not known is None, never 1."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.money import Money, Rates, minor_digits, read, to_minor, to_units

DAY = date(2026, 9, 10)


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [
        ("1 000,50 ₽", "RUB", 100050),
        ("1000.50", "RUB", 100050),
        ("1000|RUB", "RUB", 100000),
        ("1000.5|rub", "RUB", 100050),
        ("1\u00a0234\u202f567,891", "RUB", 123456789),
        ("руб. 1000", "RUB", 100000),
        ("1 000 руб.", "RUB", 100000),
        ("1000,-", "RUB", 100000),
        ("1,000", "RUB", 100000),
        ("1,000.50", "USD", 100050),
        ("1.000,50", "EUR", 100050),
        ("12.500.000", "RUB", 1250000000),
        ("−5,5", "RUB", -550),
        (".5", "RUB", 50),
        (0, "RUB", 0),
        (10, "RUB", 1000),
        (0.1, "RUB", 10),
        (Decimal("123456789012345678.91"), "RUB", 12345678901234567891),
        (1500, "JPY", 1500),
        ("1500.5", "JPY", 1500),
        ("1,250", "KWD", 1250),
        ("1.2345", "KWD", 1234),
    ],
)
def test_amounts_are_read_as_they_were_meant(written: object, currency: str, minor: int) -> None:
    assert to_minor(written, currency) == minor  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "written", ["", " ", "abc", "от 5 до 10", "NaN", float("nan"), float("inf"), True, "1e99", "--"]
)
def test_what_is_no_amount_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="no amount"):
        to_minor(written, "RUB")  # type: ignore[arg-type]


def test_another_currency_in_the_text_is_told_not_taken_for_ours() -> None:
    assert read("10|jpy", "RUB") == Money(10, "JPY")
    with pytest.raises(ValueError, match="is in USD"):
        to_minor("1000|USD", "RUB")


@pytest.mark.parametrize(("units", "minor"), [("0.005", 0), ("0.015", 2), ("0.025", 2), ("-0.015", -2)])
def test_halves_are_rounded_to_even(units: str, minor: int) -> None:
    assert to_minor(units, "RUB") == minor


@given(st.integers(-(10**18), 10**18), st.sampled_from(["RUB", "JPY", "KWD", "USD"]))
def test_units_and_minor_units_are_each_others_inverse(minor: int, currency: str) -> None:
    assert to_minor(to_units(minor, currency), currency) == minor
    assert to_minor(str(to_units(minor, currency)), currency) == minor


@given(st.integers(-(10**17), 10**17), st.sampled_from(["RUB", "JPY", "KWD"]))
def test_an_integer_is_what_the_decimal_of_it_is(units: int, currency: str) -> None:
    assert to_minor(units, currency) == to_minor(Decimal(units), currency)


@given(st.integers(0, 10**12))
def test_the_russian_way_of_writing_reads_the_same(minor: int) -> None:
    units, kopecks = divmod(minor, 100)
    assert to_minor(f"{units:,}".replace(",", "\u00a0") + f",{kopecks:02} ₽", "RUB") == minor


RATES = Rates.of(
    [("USD", date(2026, 9, 1), "90.00"), ("USD", date(2026, 9, 10), "91.00"), ("EUR", date(2026, 1, 1), "oops")],
    {"JPY": Decimal("0.6")},
)


@pytest.mark.parametrize(
    ("day", "kopecks"),
    [
        (date(2026, 8, 31), None),  # the first known rate is later: counted nowhere, not at tomorrow's rate
        (date(2026, 9, 1), 90_000),
        (date(2026, 9, 9), 90_000),
        (date(2026, 9, 10), 91_000),
        (date(2027, 1, 1), 91_000),
    ],
)
def test_the_rate_is_the_latest_on_or_before_the_day(day: date, kopecks: int | None) -> None:
    assert RATES.convert(1000, "USD", day, "RUB") == kopecks


def test_a_missing_rate_is_none_and_never_one() -> None:
    assert RATES.convert(1000, "GBP", DAY, "RUB") is None
    assert RATES.convert(1000, "EUR", DAY, "RUB") is None


def test_the_configured_rate_holds_for_every_day_and_wins() -> None:
    assert RATES.convert(1000, "JPY", date(1999, 1, 1), "RUB") == 60_000
    ours = Rates.of([("USD", date(2026, 9, 1), "90.00")], {"USD": Decimal("100")})
    assert ours.convert(1, "USD", DAY, "RUB") == 100


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity", ""])
def test_a_rate_that_is_no_positive_number_is_no_rate(rate: str) -> None:
    assert Rates.of([("USD", DAY, rate)]).convert(100, "USD", DAY, "RUB") is None


@given(st.integers(-(10**15), 10**15))
def test_the_accounts_own_currency_is_left_as_it_is(minor: int) -> None:
    assert RATES.convert(minor, "RUB", DAY, "RUB") == minor
    assert RATES.convert(minor, None, DAY, "RUB") == minor


def test_digits_of_currencies() -> None:
    assert [minor_digits(code) for code in ("RUB", "JPY", "KWD", "XXX")] == [2, 0, 3, 2]


BOTH = Rates.of(
    [("USD", date(2026, 9, 10), "91")],
    {"JPY": Decimal("0.6")},
    [("USD", date(2026, 9, 1), "80"), ("USD", date(2026, 9, 11), "81"), ("JPY", date(2026, 9, 1), "9"),
     ("GBP", date(2026, 8, 1), "100"), ("EUR", date(2026, 9, 1), "x")],
)  # fmt: skip


@pytest.mark.parametrize(
    ("currency", "day", "rate"),
    [
        ("USD", date(2026, 8, 31), None),
        ("USD", date(2026, 9, 9), "80"),  # the CRM knew none yet: the table behind it
        ("USD", date(2026, 9, 10), "91"),
        ("USD", date(2026, 9, 12), "91"),  # the CRM's own stands above a newer one of the table
        ("JPY", date(2026, 9, 2), "0.6"),
        ("GBP", date(2026, 9, 1), "100"),
        ("GBP", date(2026, 9, 2), None),  # a month old: no longer knowledge
        ("EUR", date(2026, 9, 2), None),
    ],
)
def test_the_second_table_fills_the_gaps_of_the_first(currency: str, day: date, rate: str | None) -> None:
    assert BOTH.on(currency, day) == (None if rate is None else Decimal(rate))
