"""Custom fields of a deal however a CRM or a person fills them: amounts, scores, shares, dates."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Any

from connector.derive.rules import Sales
from connector.fact import Confidence
from connector.money import Money, read
from connector.records import Deal

_NUMBER = re.compile(r"\s*(-?\d+(?:[.,]\d+)?)(\s*%)?")
_RUSSIAN = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})(.*)")


def money(value: Any, currency: str) -> Money | None:
    """An amount, of `currency` where it names none itself; None where it cannot be read."""
    try:
        return read(single(value), currency)
    except (ValueError, TypeError):
        return None


def score(value: Any) -> float | None:
    """A number, or the number that a text begins with ("5 - excellent")."""
    found = _NUMBER.match(str(single(value)))
    number = float(found[1].replace(",", ".")) if found else math.nan
    return number if math.isfinite(number) else None


def share(value: Any) -> float | None:
    """A part of 1: more than 1 and anything with a percent sign is of a hundred; None beyond the whole."""
    number = score(value)
    if number is None:
        return None
    found = _NUMBER.match(str(single(value)))
    number = number / 100 if number > 1 or (found is not None and found[2]) else number
    return number if 0 <= number <= 1 else None


def dated(deal: Deal, field: str | None, sales: Sales) -> tuple[datetime, Confidence]:
    """When it was, by the date field, else assumed to be when the deal was last changed."""
    told = instant(deal.fields.get(field), sales) if field else None
    if told is not None:
        return told, "exact"
    return deal.updated_at or deal.closed_at or deal.created_at, "assumed"


def instant(value: Any, sales: Sales) -> datetime | None:
    """A moment written as epoch seconds, ISO or DD.MM.YYYY; without a zone it is the account's."""
    value = single(value)
    try:
        if isinstance(value, datetime):
            told = value
        elif isinstance(value, int | float) or (isinstance(value, str) and value.isdigit()):
            told = datetime.fromtimestamp(float(value), UTC)
        else:
            told = datetime.fromisoformat(_RUSSIAN.sub(r"\3-\2-\1\4", str(value).strip()))
        return (told if told.tzinfo else told.replace(tzinfo=sales.zone)).astimezone(UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def single(value: Any) -> Any:
    """CRMs wrap single values in lists and `{"value": …}`."""
    while isinstance(value, list | tuple | dict) and value:
        value = next(iter(value.values())) if isinstance(value, dict) else value[0]
    return value
