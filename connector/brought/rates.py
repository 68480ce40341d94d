"""Exchange rates as people and a central bank bring them: a CSV, or the XML of cbr.ru -> what one unit costs. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, InvalidOperation
from xml.etree import ElementTree

from connector import sheet
from connector.errors import Broken
from connector.sheet import BadLine, Line

_COLUMNS = {
    "currency": ("currency", "code", "валюта", "код", "код валюты"),
    "day": ("day", "date", "дата", "день"),
    "rate": ("rate", "value", "курс", "значение"),
    "nominal": ("nominal", "units", "номинал", "единиц"),
}
_CODE = re.compile(r"^[A-Z]{3}$")
_PLACES = Context(prec=20)
BANK_CURRENCY = "RUB"
"""What the Bank of Russia's table is told in."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What one unit of a currency cost on a day, in the account's currency."""

    currency: str
    day: date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held: good quotes in its order, and every bad line."""

    quotes: tuple[Quote, ...]
    bad: tuple[BadLine, ...]


def read_csv(data: bytes, base: str) -> Imported:
    """Columns currency, day, rate in the account's currency, nominal (for how many units; empty: one)."""
    found: dict[tuple[str, date], Quote] = {}
    at: dict[tuple[str, date], int] = {}
    bad: list[BadLine] = []
    for line in sheet.lines(data, _COLUMNS, ("currency", "day", "rate")):
        told = line if isinstance(line, BadLine) else _quote(line, base)
        if isinstance(told, BadLine):
            bad.append(told)
            continue
        assert isinstance(line, Line)
        key = (told.currency, told.day)
        if key in found and found[key] != told:
            bad.append(
                BadLine(line.number, f"{told.currency} of {told.day} stands in line {at[key]} with another rate")
            )
        found.setdefault(key, told)
        at.setdefault(key, line.number)
    return Imported(tuple(found.values()), tuple(bad))


def read_bank(body: bytes, base: str, *, where: str = "") -> tuple[date, dict[str, Decimal]]:
    """The Bank of Russia's daily table (cbr.ru/development/sxml: ValCurs/Valute with CharCode, Nominal and Value with a
    decimal comma, in windows-1251): its day, and what a unit of each currency costs in `base`.

    In an account that does not count in roubles by way of its own currency in the same table. Raises Broken for what is
    no such table; a currency without a readable rate is left out.
    """
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:  # the bank sends none; entities are how XML is made to explode
        raise Broken("the table of rates has a document type of its own; it was not read", where=where)
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - without a document type there are no entities to expand
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Broken(f"the table of rates is no XML ({error})", where=where) from None
    day = sheet.day(root.get("Date", "")) if root.tag == "ValCurs" else None
    if day is None:
        raise Broken("the answer is no table of rates: ValCurs with a Date is missing", where=where)
    roubles = {BANK_CURRENCY: Decimal(1)}
    for row in root.iter("Valute"):
        code = (row.findtext("CharCode") or "").strip().upper()
        rate = _rate(row.findtext("Value") or "", row.findtext("Nominal") or "1")
        if _CODE.match(code) and rate is not None:
            roubles[code] = rate
    return day, _in(roubles, base)


def _in(roubles: Mapping[str, Decimal], base: str) -> dict[str, Decimal]:
    """The table told in another currency, empty where that is not in it."""
    own = roubles.get(base)
    if own is None:
        return {}
    return {
        code: rate if base == BANK_CURRENCY else _PLACES.divide(rate, own)
        for code, rate in roubles.items()
        if code != base
    }


def _quote(line: Line, base: str) -> Quote | BadLine:
    """What a line says, or every problem of it."""
    code, day = line.get("currency").upper(), sheet.day(line.get("day"))
    rate = _rate(line.get("rate"), line.get("nominal") or "1")
    problems = []
    if not _CODE.match(code):
        problems.append(f"currency {line.get('currency')!r} is no code such as USD")
    elif code == base:
        problems.append(f"{code} is the account's own currency: its rate is one")
    if day is None:
        problems.append(f"{line.get('day')!r} is no day such as 2026-09-01 or 01.09.2026")
    if rate is None:
        problems.append(f"{line.get('rate')!r} for {line.get('nominal') or '1'!r} units is no rate above 0")
    if problems or day is None or rate is None:
        return BadLine(line.number, "; ".join(problems))
    return Quote(code, day, rate)


def _rate(value: str, nominal: str) -> Decimal | None:
    """`1 234,5678` for 100 units -> 12.345678 for one; None where it is no positive number."""
    try:
        told, units = (Decimal("".join(text.split()).replace(",", ".")) for text in (value, nominal))
    except InvalidOperation:
        return None
    if not (told.is_finite() and units.is_finite() and told > 0 and units > 0):
        return None
    rate = _PLACES.divide(told, units)
    return rate if -12 < rate.adjusted() < 12 else None
