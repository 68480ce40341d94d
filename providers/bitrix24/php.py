"""What PHP makes of values on the wire, read leniently, and how a query is written for PHP.

Empty maps come as `[]`, maps whose keys happen to be 0..n-1 as lists, empty dates as `{}`, `""` or zeros, booleans as
Y/N, 1/0 or true, absent links as 0, "0" or null. Fact sheet 0.2, 2.4, 3.2, 3.12.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any
from urllib.parse import quote
from zoneinfo import available_timezones

_RUSSIAN_DAY = re.compile(r"^(\d\d)\.(\d\d)\.(\d{4})")
_ISO_DAY = re.compile(r"^(\d{4}-\d\d-\d\d)")
_TRUE = frozenset({"y", "1", "true"})
_FALSE = frozenset({"n", "0", "false", ""})


def table(value: Any) -> dict[str, Any]:
    """A map, whichever way PHP wrote it; a list becomes a map of its positions. Raises ValueError for anything else."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        return {str(place): item for place, item in enumerate(value)}
    if value is None or value == "":
        return {}
    raise ValueError(f"a map was expected, {type(value).__name__} came")


def rows(value: Any) -> list[Any]:
    """A list, also where PHP wrote a map; `""` and null are empty. Raises ValueError for anything else."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return list(value.values())
    if value is None or value == "":
        return []
    raise ValueError(f"a list was expected, {type(value).__name__} came")


def truth(value: Any) -> bool | None:
    """Y/N, 1/0, "1"/"0", true/false; None where nothing is said. Raises ValueError for any other word."""
    if value is None or isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(f"{value!r} is neither yes nor no")


def key(value: Any) -> str | None:
    """An id as text; null, "", 0 and "0" mean that there is none."""
    if value is None or isinstance(value, bool | list | dict):
        return None
    text = str(value).strip()
    return None if text in ("", "0") else text


def instant(value: Any) -> datetime | None:
    """An aware UTC instant; None for every way of saying "no date". Raises ValueError without an offset."""
    if not isinstance(value, str) or not value.strip() or value.startswith("0000-00-00"):
        return None
    moment = datetime.fromisoformat(value.strip())
    if moment.tzinfo is None:
        raise ValueError(f"{value!r} names no time zone")
    return moment.astimezone(UTC)


def day(value: Any) -> str | None:
    """The date as the portal wrote it, YYYY-MM-DD: a midnight with an offset is never moved to another zone."""
    if not isinstance(value, str) or not value.strip() or value.startswith("0000"):
        return None
    if match := _ISO_DAY.match(value.strip()):
        return match[1]
    if match := _RUSSIAN_DAY.match(value.strip()):
        return f"{match[3]}-{match[2]}-{match[1]}"
    raise ValueError(f"{value!r} is not a date")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # walks a folder: once


def zone(value: Any) -> str | None:
    """A zone of the IANA database, None for anything else."""
    return value if isinstance(value, str) and value in _zones() else None


def number(value: Any) -> Decimal | None:
    """An exact decimal, None where there is none. Raises ValueError for what is no finite number."""
    if value is None or value == "" or isinstance(value, bool | list | dict):
        return None
    try:
        exact = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a number") from None
    if not exact.is_finite():
        raise ValueError(f"{value!r} is not a number")
    return exact


def plain(value: Any) -> str:
    """A scalar as the same text in JSON and in a query: true as Y, false as N, null as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def query(parameters: Mapping[str, Any]) -> str:
    """`a[b][0]=c`, encoded once, as a command of a batch in a JSON body wants it (sheet 2.4)."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in _flat(parameters, ""))


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for inner, item in value.items():
            yield from _flat(item, f"{name}[{inner}]" if name else str(inner))
    elif isinstance(value, list | tuple):
        if not value:
            yield f"{name}[]", ""
        for place, item in enumerate(value):
            yield from _flat(item, f"{name}[{place}]")
    else:
        yield name, plain(value)
