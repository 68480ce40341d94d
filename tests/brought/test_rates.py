"""Rates from a spreadsheet and from the Bank of Russia's table: exact, dated, and never taken where unreadable."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from connector.brought.rates import Quote, read_bank, read_csv
from connector.errors import Broken
from connector.sheet import BadLine

WANTED = (
    Quote("USD", date(2026, 9, 1), Decimal("91.2345")),
    Quote("KZT", date(2026, 9, 1), Decimal("0.182345")),
    Quote("JPY", date(2026, 9, 2), Decimal("0.61234567")),
)
ENGLISH = (
    b"currency,day,rate,nominal\nusd,2026-09-01,91.2345,\nKZT,2026-09-01,18.2345,100\nJPY,2026-09-02,61.234567,100\n"
)
RUSSIAN = (
    "Дата;Код валюты;Номинал;Курс\n01.09.2026;USD;1;91,2345\n01.09.2026;KZT;100;18,2345\n02.09.26;JPY;100;61,234567"
)


@pytest.mark.parametrize("data", [ENGLISH, RUSSIAN.encode("utf-8-sig"), RUSSIAN.encode("cp1251")])
def test_the_same_rates_however_they_are_written(data: bytes) -> None:
    told = read_csv(data, "RUB")
    assert (told.quotes, told.bad) == (WANTED, ())


LINES = [
    ("dollar,2026-09-01,90,1", "currency 'dollar' is no code such as USD"),
    ("RUB,2026-09-01,1,1", "RUB is the account's own currency: its rate is one"),
    ("USD,soon,90,1", "'soon' is no day such as 2026-09-01 or 01.09.2026"),
    ("USD,2026-09-01,0,1", "'0' for '1' units is no rate above 0"),
    ("USD,2026-09-01,90,0", "'90' for '0' units is no rate above 0"),
    ("USD,2026-09-01,-90,-1", "'-90' for '-1' units is no rate above 0"),
    ("USD,2026-09-01,,", "'' for '1' units is no rate above 0"),
    ("USD,2026-09-01,NaN,1", "'NaN' for '1' units is no rate above 0"),
    ("USD,2026-09-01,1e30,1", "'1e30' for '1' units is no rate above 0"),
    ("EUR,2026-09-01,101,1", "EUR of 2026-09-01 stands in line 2 with another rate"),
    (",,,", None),
]


@pytest.mark.parametrize(("line", "problem"), LINES)
def test_a_bad_line_is_told_and_never_one(line: str, problem: str | None) -> None:
    told = read_csv(f"currency,day,rate,nominal\nEUR,2026-09-01,100,1\n{line}\n".encode(), "RUB")
    assert told.bad == (() if problem is None else (BadLine(3, problem),))
    assert told.quotes == (Quote("EUR", date(2026, 9, 1), Decimal(100)),)


def test_the_same_rate_twice_is_one() -> None:
    told = read_csv(b"currency,day,rate,nominal\nEUR,2026-09-01,100,1\nEUR,2026-09-01,1000,10", "RUB")
    assert (len(told.quotes), told.bad) == (1, ())


def test_a_file_without_rates_says_so() -> None:
    told = read_csv(b"currency;day\nUSD;2026-09-01", "RUB")
    assert told.bad == (BadLine(1, "the first line must name the columns currency, day, rate; rate missing"),)


BANK = """<?xml version="1.0" encoding="windows-1251"?><ValCurs Date="01.09.2026" name="Foreign Currency Market">
<Valute ID="R01235"><NumCode>840</NumCode><CharCode>USD</CharCode><Nominal>1</Nominal><Name>Доллар США</Name>
<Value>91,2345</Value><VunitRate>91,2345</VunitRate></Valute>
<Valute ID="R01335"><NumCode>398</NumCode><CharCode>KZT</CharCode><Nominal>100</Nominal><Name>Тенге</Name>
<Value>18,2000</Value></Valute>
<Valute ID="R1"><CharCode>XXX</CharCode><Nominal>0</Nominal><Value>1</Value></Valute>
<Valute ID="R2"><Nominal>1</Nominal><Value>1</Value></Valute>
<Valute ID="R3"><CharCode>YYY</CharCode><Nominal>1</Nominal><Value>нет</Value></Valute></ValCurs>"""


def test_the_banks_table() -> None:
    day, rates = read_bank(BANK.encode("cp1251"), "RUB")
    assert day == date(2026, 9, 1)
    assert rates == {"USD": Decimal("91.2345"), "KZT": Decimal("0.182")}


def test_an_account_in_another_currency_takes_it_across() -> None:
    _, rates = read_bank(BANK.encode("cp1251"), "KZT")
    assert set(rates) == {"USD", "RUB"}
    assert rates["USD"].quantize(Decimal("0.0001")) == Decimal("501.2885")
    assert (rates["RUB"] * Decimal("0.182")).quantize(Decimal("0.0000001")) == 1


def test_an_account_in_a_currency_the_bank_does_not_know_gets_nothing() -> None:
    assert read_bank(BANK.encode("cp1251"), "BTC") == (date(2026, 9, 1), {})


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "is no XML"),
        (b"<html>", "is no XML"),
        (b"<html/>", "is no table of rates"),
        (b"<ValCurs/>", "is no table of rates"),
        (b'<ValCurs Date="soon"/>', "is no table of rates"),
        (b'<?xml version="1.0" encoding="martian"?><ValCurs Date="01.09.2026"/>', "is no XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><ValCurs Date="01.09.2026">&a;</ValCurs>', "document type of its own"),
    ],
)
def test_what_is_no_table_is_broken(body: bytes, problem: str) -> None:
    with pytest.raises(Broken, match=problem):
        read_bank(body, "RUB")
