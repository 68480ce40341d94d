"""Single cells as people write them -> values. None for what cannot be read."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from connector import sheet
from connector.moment import midnight
from connector.money import Money, read

SIGNS = {"₽": "RUB", "руб": "RUB", "р.": "RUB", "$": "USD", "€": "EUR", "£": "GBP", "₸": "KZT", "₴": "UAH"}
"""What people write beside an amount."""
_CODE = re.compile(r"^[A-Z]{3}$")
_WRITTEN = re.compile(r"[^\W\d_]{3}")
_PLAIN = re.compile(r"^[+-]?\d{1,15}(\.\d{1,15})?$", re.ASCII)
_CLOCKED = re.compile(r"^(\S+)[ T]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?$")
_YES, _NO = ("да", "yes", "true", "+"), ("нет", "no", "false", "-")
_YEARS = range(1990, 2101)


def number(text: str) -> float | None:
    """`4`, `4,5`, `1 000`; None for words, for what is not finite and for two decimal marks."""
    bare = "".join(sign for sign in text if not unicodedata.category(sign).startswith("Z")).replace(",", ".")
    return float(Decimal(bare)) if _PLAIN.match(bare) else None


def share(text: str, items: float | None) -> float | None:
    """A part of 1: `0,8`, `80 %`, `да`, or points of so many `items`; None for what is no part of 1."""
    word = text.strip().casefold()
    if word in _YES or word in _NO:
        return 1.0 if word in _YES else 0.0
    percent = word.endswith("%")
    told = number(word.rstrip("% "))
    if told is None or (percent and items is not None):
        return None
    whole = 100.0 if percent else items or 1.0
    return told / whole if 0 <= told <= whole else None


def currency(text: str) -> str | None:
    """An ISO code, or the sign or word people write for it."""
    word = text.strip()
    known = next((code for sign, code in SIGNS.items() if word.casefold().startswith(sign)), None)
    return known or (word.upper() if _CODE.match(word.upper()) else None)


def money(text: str, code: str) -> Money | None:
    """`1 000,50`, `1000.5`, `1000 ₽`, `1000|USD`, in `code` where the text names no currency; None also where it names
    another than is meant by `code` and by the text itself.
    """
    try:
        told = read(text, code)
    except ValueError:
        return None
    signed = next((known for sign, known in SIGNS.items() if sign in text.casefold()), None)
    written = _WRITTEN.search(text)
    named = signed or (written[0].upper() if written else None)
    return told if named in (None, told.currency) else None


def moment(text: str, zone: tzinfo, *, end: bool = False) -> datetime | None:
    """`2026-09-20`, `20.09.2026`, either with a time of day in the account's zone, or ISO with a zone of its own.

    A day alone is its beginning; with `end` its end, for a deadline is kept all day long.
    """
    word = text.strip()
    clocked = _CLOCKED.match(word)
    day = sheet.day(clocked[1] if clocked else word)
    if day is not None:
        return _local(day, [int(part or 0) for part in clocked.groups()[1:]] if clocked else [0, 0, 0], zone, end=end)
    try:
        told = datetime.fromisoformat(word)
    except ValueError:
        return None
    return told.astimezone(UTC) if told.tzinfo is not None and told.year in _YEARS else None


def _local(day: date, clock: list[int], zone: tzinfo, *, end: bool) -> datetime | None:
    """Spreadsheets write a day as midnight of it."""
    if not any(clock):
        return midnight(day + timedelta(days=1) if end else day, zone)
    try:
        return datetime.combine(day, time(clock[0], clock[1], clock[2]), zone).astimezone(UTC)
    except ValueError:
        return None
