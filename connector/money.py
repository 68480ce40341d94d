"""Amounts are integers in minor units (kopecks) with an ISO 4217 currency; never floats, never a sum of two currencies.

Reading is tolerant of what CRMs and people write ("1 000,50 ₽", "1000.50", "1000|RUB"), arithmetic is exact, rounding
is half to even. A rate that is not known makes None, never 1.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

Amount = str | int | float | Decimal
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_WHOLE = 10**15

_DIGITS = dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3) | dict.fromkeys(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0
)

_MEANT = {
    "₽": "RUB", "РУБ": "RUB", "РУБ.": "RUB", "РУБЛЬ": "RUB", "РУБЛИ": "RUB", "RUR": "RUB", "€": "EUR", "£": "GBP",
    "₸": "KZT", "₴": "UAH", "₺": "TRY", "₾": "GEL", "֏": "AMD", "₼": "AZN", "₹": "INR", "₩": "KRW", "₪": "ILS",
}  # fmt: skip
"""What means one currency only: `$` and `¥` are not here."""

_MONTH = timedelta(days=31)
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’_]+")
_CODED = re.compile(r"^(.*)\|([A-Za-z]{3})$", re.S)
_PLAIN = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?$")
_DRESSED = re.compile(r"^([^\d]*)(\d[\d.,]*?)[.,]?([^\d]*)$")
_GROUPED = re.compile(r"^\d{1,3}(,\d{3})+$")


@dataclass(frozen=True, slots=True)
class Money:
    """So many minor units of a currency."""

    minor: int
    currency: str


def currency_meant(word: str) -> str:
    """The code a person's word for a currency means: `€` is EUR. What may be several currencies stays, in capitals."""
    told = word.strip().upper()
    return _MEANT.get(told, told)


def minor_digits(currency: str) -> int:
    """How many decimals a currency has: RUB 2, JPY 0, KWD 3."""
    return _DIGITS.get(currency, 2)


def read(value: Amount, currency: str) -> Money:
    """An amount as somebody wrote it; a currency in the text itself ("1000|USD") wins over `currency`.

    Raises ValueError for what is no amount (empty text, words, NaN, booleans).
    """
    if type(value) is int and -_WHOLE < value < _WHOLE:  # as most CRMs tell most of them: exact without a decimal
        return Money(value * 10 ** minor_digits(currency), currency)
    if isinstance(value, str) and (coded := _CODED.match(value.strip())):
        value, currency = coded[1], coded[2].upper()
    number = _number(value, minor_digits(currency))
    return Money(_round(number.scaleb(minor_digits(currency), _EXACT)), currency)


def to_minor(value: Amount, currency: str) -> int:
    """The same in minor units of `currency`; raises ValueError also where the text names another currency."""
    money = read(value, currency)
    if money.currency != currency:
        raise ValueError(f"{value!r} is in {money.currency}, not in {currency}")
    return money.minor


def to_units(minor: int, currency: str) -> Decimal:
    """Minor units as a decimal of the currency: 100050 kopecks are Decimal("1000.50")."""
    return Decimal(minor).scaleb(-minor_digits(currency), _EXACT)


Days = tuple[tuple[date, Decimal], ...]
Table = Mapping[str, Days]


@dataclass(frozen=True, slots=True)
class Rates:
    """What a unit of each currency cost in the account's currency: {"USD": ((day, rate), …)}, days ascending.

    `second` is asked where the first table has no rate of the day (rule C4: the CRM's own, then a central bank's); a
    rate of it holds for a month at most: an old file must not pass for knowledge.
    """

    table: Table
    second: Table = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        dated: Iterable[tuple[str, date, str | Decimal]],
        fixed: Mapping[str, Decimal] | None = None,
        second: Iterable[tuple[str, date, str | Decimal]] = (),
    ) -> Rates:
        """The CRM's rates by day, and the configuration's, which have no day and so hold for every one.

        A configured rate replaces the CRM's; a rate that is no positive number is left out.
        """
        table = _table(dated)
        for currency, text in (fixed or {}).items():
            if (rate := _rate(text)) is not None:
                table[currency] = ((date.min, rate),)
        return cls(table, _table(second))

    def on(self, currency: str, day: date) -> Decimal | None:
        """The latest rate on or before the day; None where the first known one is later."""
        own = _latest(self.table.get(currency, ()), day)
        return own if own is not None else _latest(self.second.get(currency, ()), day, within=_MONTH)

    def convert(self, minor: int, currency: str | None, day: date, base: str) -> int | None:
        """The amount in minor units of `base` at that day's rate, None where there is no rate.

        Without a currency of its own an amount is in the account's.
        """
        if currency is None or currency == base:
            return minor
        rate = self.on(currency, day)
        if rate is None:
            return None
        units = _EXACT.multiply(to_units(minor, currency), rate)
        return _round(units.scaleb(minor_digits(base), _EXACT))


def _table(dated: Iterable[tuple[str, date, str | Decimal]]) -> dict[str, Days]:
    """By currency, days ascending; of two rates of one day the last."""
    found: dict[str, dict[date, Decimal]] = {}
    for currency, day, text in dated:
        if (rate := _rate(text)) is not None:
            found.setdefault(currency, {})[day] = rate
    return {currency: tuple(sorted(days.items())) for currency, days in found.items()}


def _latest(days: Days, day: date, *, within: timedelta | None = None) -> Decimal | None:
    place = bisect_right(days, day, key=lambda entry: entry[0])
    if not place or (within is not None and day - days[place - 1][0] > within):
        return None
    return days[place - 1][1]


def _rate(text: str | Decimal) -> Decimal | None:
    try:
        rate = Decimal(text)
    except InvalidOperation:
        return None
    return rate if rate.is_finite() and rate > 0 else None


def _round(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_HALF_EVEN, _EXACT))


def _number(value: Amount, digits: int) -> Decimal:
    """The decimal that was meant. Raises ValueError."""
    if isinstance(value, bool):
        raise ValueError(f"{value!r} is no amount")
    plain = _plain(value, digits) if isinstance(value, str) else repr(value) if isinstance(value, float) else value
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise ValueError(f"{value!r} is no amount") from None
    if not number.is_finite() or number.adjusted() > 30:
        raise ValueError(f"{value!r} is no amount")
    return number


def _plain(text: str, digits: int) -> str:
    """Without spaces, currency signs and thousands: `1.000,50 ₽` is `1000.50`. Raises ValueError."""
    bare = _SPACES.sub("", text).replace("\u2212", "-")
    if _PLAIN.match(bare):
        return bare
    dressed = _DRESSED.match(bare)
    if dressed is None:
        raise ValueError(f"{text!r} is no amount")
    number = _with_point(dressed[2], digits)
    if not _PLAIN.match(number):
        raise ValueError(f"{text!r} is no amount")
    return f"-{number}" if "-" in dressed[1] else number


def _with_point(number: str, digits: int) -> str:
    """Digits, points and commas with the decimal separator as a point and the thousands' ones gone.

    One comma after every point separates decimals (1.000,50), unless exactly three digits follow it and the currency
    has not as many (1,000). A single point always does: that is how both CRMs write amounts.
    """
    comma = number.count(",") == 1 and number.rfind(",") > number.rfind(".")
    if comma and (digits == 3 or not _GROUPED.match(number)):
        return number.replace(".", "").replace(",", ".")
    if number.count(".") > 1:
        number = number.replace(".", "")
    return number.replace(",", "")
