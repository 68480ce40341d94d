"""The sanitiser at the door: what one of the two databases would refuse is mended before it is stored, and counted.

PostgreSQL refuses NUL in text, both refuse lone surrogates and integers beyond 64 bits, SQLite takes NaN for NULL, and
an indexed text may not be longer than 2 704 bytes (measured). Only what needs mending is touched, so both agree.
"""

from __future__ import annotations

import math
import re
from typing import Any, TypeVar

import msgspec

S = TypeVar("S", bound=msgspec.Struct)
LONGEST_TEXT = 10_000
LONGEST_ID = 200
"""Characters; ids, kinds and refs are indexed."""
MOST = 10**15
"""The largest amount in minor units: ten trillion. Nine thousand of these still add up within 64 bits."""

_SMALLEST, _LARGEST = -(2**63), 2**64 - 1
"""What every reader of JSON takes for the same integer."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_MONEY = frozenset({"amount", "before"})
_REFS = frozenset({"id", "of", "on", "deal", "lead", "company", "contacts", "clients", "into"})


def text(value: str, longest: int = LONGEST_TEXT) -> str:
    """Without NUL and lone surrogates, and not longer than that."""
    return _SURROGATE.sub("\ufffd", value.replace("\0", ""))[:longest]


def amount(value: int | None) -> int | None:
    """None for what cannot be money."""
    return value if value is not None and -MOST <= value <= MOST else None


def number(value: float | None) -> float | None:
    """None for NaN and the infinities."""
    return value if value is not None and math.isfinite(value) else None


def struct(value: S) -> S:
    """The same value with every text, number and list in it mended; itself where nothing had to be."""
    changes = {}
    for name in value.__struct_fields__:
        old = getattr(value, name)
        new = _integer(name, old) if type(old) is int else plain(old, LONGEST_ID if _indexed(name) else LONGEST_TEXT)
        if new is not old:
            changes[name] = new
    return msgspec.structs.replace(value, **changes) if changes else value


def plain(value: Any, longest: int = LONGEST_TEXT) -> Any:
    """A JSON-able value mended; itself where nothing had to be, and where it is none."""
    mended = _mended(value, longest)
    return value if mended == value else mended


def _mended(value: Any, longest: int) -> Any:
    mended: Any = value
    match value:
        case str():
            mended = text(value, longest)
        case bool():
            pass
        case int():
            mended = value if _SMALLEST <= value <= _LARGEST else None
        case float():
            mended = number(value)
        case tuple() | list():
            mended = type(value)(plain(item, longest) for item in value)
        case dict():
            mended = {text(str(key), LONGEST_ID): plain(item) for key, item in value.items()}
    return mended


def _integer(name: str, value: int) -> int | None:
    """Amounts may be missing; seconds and sort orders may not."""
    return amount(value) if name in _MONEY else amount(value) or 0


def _indexed(name: str) -> bool:
    return name in _REFS or name.endswith(("_id", "_ids"))
