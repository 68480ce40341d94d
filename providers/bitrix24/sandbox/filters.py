"""Filters with their prefixes: `>=createdTime`, `@stageId`, `!%title`, nested OR groups; and their traps."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from providers.bitrix24.sandbox.answers import RestError
from providers.bitrix24.sandbox.columns import NUMBERS, Column
from providers.bitrix24.sandbox.php import listed

Test = Callable[[Any], bool]
_KEY = re.compile(r"^(!><|><|!=%|!%=|=%|%=|!@|!%|!=|>=|<=|!|=|>|<|@|%|\?)?(.*)$", re.S)
_NEVER = object()
_IGNORED = object()


@dataclass(frozen=True, slots=True)
class Reading:
    """How this method reads filters: `strict` refuses unknown fields, others lose them in silence.

    `plain_dates`: the portal that does not understand ISO dates and drops the condition (docs issue #215).
    """

    zone: ZoneInfo
    strict: bool = False
    plain_dates: bool = False


def split(key: str) -> tuple[str, str]:
    """`>=createdTime` -> (">=", "createdTime"); no prefix is "="."""
    match = _KEY.match(key)
    assert match is not None
    return match[1] or "=", match[2]


def compile_filter(conditions: Mapping[str, Any], columns: Mapping[str, Column[Any]], how: Reading) -> list[Test]:
    """The tests a row must pass, all of them."""
    tests: list[Test] = []
    for key, value in conditions.items():
        if key.isdigit() and isinstance(value, Mapping):
            tests.append(_group(value, columns, how))
        elif key.lower() != "logic":
            tests += _condition(key, value, columns, how)
    return tests


def _group(group: Mapping[str, Any], columns: Mapping[str, Column[Any]], how: Reading) -> Test:
    tests = compile_filter(group, columns, how)
    either = any(key.lower() == "logic" and str(value).upper() == "OR" for key, value in group.items())
    quantifier = any if either else all
    return lambda row: quantifier(test(row) for test in tests)


def _condition(key: str, value: Any, columns: Mapping[str, Column[Any]], how: Reading) -> list[Test]:
    sign, name = split(key)
    if name.lower() == "logic" and isinstance(value, Mapping):  # {"logic": {...}} is not a form the docs have
        return []
    column = columns.get(name)
    if column is None:
        if how.strict:
            raise RestError("INVALID_ARG_VALUE", f"Invalid filter: field '{name}' is not allowed in filter")
        return []
    test = _test(sign, value, column, how)
    return [] if test is None else [test]


def _test(sign: str, value: Any, column: Column[Any], how: Reading) -> Test | None:
    get = column.get
    if sign in ("%", "!%", "=%", "%=", "!=%", "!%=", "?"):
        return _like(sign, value, get)
    many = sign.endswith(("@", "><")) or isinstance(value, list | dict)
    wanted = [native(item, column.kind, how) for item in listed(value)] if many else [native(value, column.kind, how)]
    if _IGNORED in wanted:
        return None
    known = [item for item in wanted if item is not _NEVER]
    return _compare(sign, known, get, column.kind)


def _compare(sign: str, wanted: list[Any], get: Callable[[Any], Any], kind: str) -> Test:
    if sign in (">", ">=", "<", "<="):
        return _order(sign, wanted[0], get) if wanted else _nothing
    if sign.endswith("><"):
        low, high = (wanted[0], wanted[-1]) if wanted else (None, None)
        inside: Test = lambda row: low is not None and (held := get(row)) is not None and low <= held <= high  # noqa: E731
        return (lambda row: not inside(row)) if sign == "!><" else inside
    allowed = set(wanted)
    if sign in ("!", "!=", "!@"):
        return lambda row: not _among(get(row), allowed, kind)
    return lambda row: _among(get(row), allowed, kind)


def _nothing(row: Any) -> bool:
    return False


def _order(sign: str, bound: Any, get: Callable[[Any], Any]) -> Test:
    if bound is None:
        return _nothing
    if sign == ">":
        return lambda row: (held := get(row)) is not None and held > bound
    if sign == ">=":
        return lambda row: (held := get(row)) is not None and held >= bound
    if sign == "<":
        return lambda row: (held := get(row)) is not None and held < bound
    return lambda row: (held := get(row)) is not None and held <= bound


def _among(held: Any, allowed: set[Any], kind: str) -> bool:
    if isinstance(held, list):
        return any(_plain(str(item)) in allowed for item in held)
    return (held or 0 if kind in NUMBERS else _plain(held)) in allowed


def _plain(value: Any) -> Any:
    """Text compares without case, as the databases' collations do; nothing equals the empty text."""
    if value is None or value == "":
        return None
    return value.casefold() if isinstance(value, str) else value


def _like(sign: str, value: Any, get: Callable[[Any], Any]) -> Test:
    text = re.escape(str(value).casefold())
    own = sign.strip("!") in ("=%", "%=")
    pattern = re.compile(f"^{text.replace('%', '.*')}$" if own else text, re.S)
    if sign.startswith("!"):
        return lambda row: pattern.search(str(get(row) or "").casefold()) is None
    return lambda row: pattern.search(str(get(row) or "").casefold()) is not None


def native(value: Any, kind: str, how: Reading) -> Any:
    """What a filter's value means for a column of this kind."""
    if isinstance(value, dict | list):
        return _NEVER
    if kind in NUMBERS:
        return _number(value, kind)
    if kind == "datetime":
        return _moment(value, how)
    if kind == "date":
        found = _moment(value, how)
        return found.astimezone(how.zone).date() if isinstance(found, datetime) else found
    if kind == "flag":
        return {True: True, "1": True, "Y": True, False: False, "0": False, "N": False}.get(value, _NEVER)
    if kind == "yn":
        return {True: True, "Y": True, "y": True, False: False, "N": False, "n": False}.get(value, _NEVER)
    if kind == "uf_boolean":  # filters want 1/0 here; the text "True" of a careless client matches nothing
        return True if value in (True, "1") else False if value in (False, "0") else _NEVER
    return _plain(str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value)


def _number(value: Any, kind: str) -> Any:
    """As PHP casts: the empty text of a broken batch reference is 0."""
    if isinstance(value, bool | int | float):
        number = Decimal(str(int(value) if isinstance(value, bool) else value))
    else:
        match = re.match(r"\s*-?\d+(\.\d+)?", str(value or ""))
        try:
            number = Decimal(match[0].strip()) if match else Decimal(0)
        except InvalidOperation:
            return _NEVER
    if kind == "money":
        number *= 100
    return int(number) if number == number.to_integral_value() else float(number)


def _moment(value: Any, how: Reading) -> Any:
    if value in (None, "", False):
        return None
    text = str(value)
    if how.plain_dates and "T" in text:
        return _IGNORED
    found = read_moment(text, how.zone)
    if found is None and how.strict:
        raise RestError("INVALID_ARG_VALUE", f"Invalid filter: '{text}' is not a date")
    return _NEVER if found is None else found


def read_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """ISO with or without offset, `2025-10-31 00:00:00`, a bare date, `31.10.2025`; the portal's zone where none is."""
    text = text.strip().replace(" ", "T", 1) if re.match(r"^\d{4}-\d\d-\d\d ", text.strip()) else text.strip()
    for reader in (datetime.fromisoformat, _german):
        try:
            found = reader(text)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=zone)
    return None


def _german(text: str) -> datetime:
    match = re.match(r"^(\d\d)\.(\d\d)\.(\d{4})(?:\s+(\d\d):(\d\d)(?::(\d\d))?)?$", text)
    if not match:
        raise ValueError(text)
    hour, minute, second = (int(part or 0) for part in match.group(4, 5, 6))
    return datetime.combine(date(int(match[3]), int(match[2]), int(match[1])), time(hour, minute, second))
