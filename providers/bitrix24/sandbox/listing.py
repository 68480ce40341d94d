"""A list method's page: filter, order, offset or keyset, 50 rows; what was found is shared by equal questions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from providers.bitrix24.sandbox.answers import Result
from providers.bitrix24.sandbox.columns import View
from providers.bitrix24.sandbox.filters import Reading, compile_filter, native, split
from providers.bitrix24.sandbox.table import Table

T = TypeVar("T")
PAGE = 50
_BOUNDS = (">", ">=", "<", "<=")


@dataclass(frozen=True, slots=True)
class Query:
    """`order` is (column, descending) pairs; `start` -1 asks for no count."""

    filter: Mapping[str, Any]
    order: tuple[tuple[str, bool], ...]
    names: tuple[str, ...]
    start: int
    how: Reading


def order_of(order: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    """`{"id": "DESC"}` -> (("id", True),)."""
    return tuple((str(name), str(way).upper() == "DESC") for name, way in order.items())


def page(table: Table[T], view: View[T], query: Query) -> Result:
    """The rows of one page as ready JSON."""
    ids, low, high = matching(table, view, query)
    start = low + max(0, query.start)
    render = view.render(query.names)
    shape = (view, query.names)
    rows = [table.rendered(key, shape, render) for key in ids[start : min(start + PAGE, high)]]
    if query.start == -1:
        return Result(rows, total=0)
    return Result(rows, total=high - low, next=start - low + PAGE if start + PAGE < high else None)


def matching(table: Table[T], view: View[T], query: Query) -> tuple[list[int], int, int]:
    """The ids that answer, in order: a list and the part of it from `low` to `high`, which is not copied.

    Bounds on the id cut the sorted ids, instead of being tested row by row.
    """
    order = tuple((name, down) for name, down in query.order if name in view.columns) or ((view.key, False),)
    bounds, rest = _bounds(query.filter, view.key) if order[0][0] == view.key else ({}, dict(query.filter))
    if rest or order != ((view.key, False),):
        question = (view, msgspec.json.encode([rest, order]))
        ids = table.found(question, lambda: _search(table, view, rest, order, query.how))
    else:
        ids = table.ids
    return ids, *_window(ids, bounds, order[0][1], query.how)


def _bounds(conditions: Mapping[str, Any], key: str) -> tuple[dict[str, Any], dict[str, Any]]:
    bounds: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for name, value in conditions.items():
        sign, field = split(name)
        if field == key and sign in _BOUNDS and not isinstance(value, list | dict):
            bounds[sign] = value
        else:
            rest[name] = value
    return bounds, rest


def _window(ids: list[int], bounds: Mapping[str, Any], down: bool, how: Reading) -> tuple[int, int]:
    """Where in the ids, rising or falling, the bounds begin and end."""
    low, high, turn = 0, len(ids), -1 if down else 1
    for sign, value in bounds.items():
        bound = turn * native(value, "integer", how)
        above = sign.startswith(">") is not down
        first = bisect_left if (sign.endswith("=") is above) else bisect_right
        place = first(ids, bound, key=lambda id: turn * id)
        low, high = (max(low, place), high) if above else (low, min(high, place))
    return low, max(low, high)


def _search(
    table: Table[T], view: View[T], rest: dict[str, Any], order: tuple[tuple[str, bool], ...], how: Reading
) -> list[int]:
    candidates: Iterable[int] = table.ids
    exact = next((key for key in rest if split(key) in (("=", view.key), ("@", view.key))), None)
    if exact is not None:
        asked = rest[exact] if isinstance(rest[exact], list | dict) else [rest[exact]]
        values = asked.values() if isinstance(asked, dict) else asked
        candidates = sorted({number for value in values if (number := native(value, "integer", how)) in table.rows})
        rest = {key: value for key, value in rest.items() if key != exact}
    tests = compile_filter(rest, view.columns, how)
    rows = table.rows
    ids = [key for key in candidates if all(test(rows[key]) for test in tests)] if tests else list(candidates)
    for name, down in reversed(order):
        get = view.columns[name].get
        if name == view.key:
            ids.sort(reverse=down)
        else:
            ids.sort(key=lambda key: _rank(get(rows[key])), reverse=down)
    return ids


def _rank(value: Any) -> tuple[int, Any]:
    """Nothing sorts first, as NULL does."""
    return (0, 0) if value is None else (1, value)
