"""What came, as rows of cells: a spreadsheet saved as CSV, or JSON (an array of objects, or one object a line)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connector import sheet
from connector.brought.facts.columns import COLUMNS, strange
from connector.sheet import BadLine, Line

MAX_ROWS = 20_000
"""Of JSON; CSV files may be ten times as long."""
_NO_OBJECT = "no JSON object"
_LONG = 30
"""Digits of a number from which on it is no amount, and would only fill the memory when written out."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that could be read, those that could not, and the columns that nobody knows."""

    lines: tuple[Line, ...]
    bad: tuple[BadLine, ...] = ()
    ignored: tuple[str, ...] = ()
    over: bool = False
    """There were more than `MAX_ROWS`; none was read."""


def from_csv(data: bytes, *, what: str = "") -> Rows:
    """`what`: the sort of all rows of a file without such a column. Other columns than ours are ignored, and named."""
    needed = ["key", "at"] if what else ["key", "what", "at"]
    read = list(sheet.lines(data, COLUMNS, needed))
    lines = [line for line in read if isinstance(line, Line)]
    bad = [line for line in read if isinstance(line, BadLine)]
    ignored = dict.fromkeys(name for line in lines[:1] for name in strange(line.cells))
    return Rows(tuple(_of_sort(line, what) for line in lines), tuple(bad), tuple(ignored))


def from_json(data: bytes) -> Rows:
    """Rows are counted from 1; in JSON an unknown name is a mistake."""
    lines, bad = [], []
    for number, value in enumerate(_values(data), 1):
        cells = value if isinstance(value, str) else _cells(value)
        if isinstance(cells, str):
            bad.append(BadLine(number, cells))
        else:
            lines.append(Line(number, cells))
        if number > MAX_ROWS:
            told = f"more than {MAX_ROWS} rows at once; send the rest in another call"
            return Rows((), (BadLine(number, told),), over=True)
    return Rows(tuple(lines), tuple(bad))


def _of_sort(line: Line, what: str) -> Line:
    return line if not what or line.get("what") else Line(line.number, {**line.cells, "what": what})


def _values(data: bytes) -> Iterator[Any]:
    """Objects, or texts that say what is wrong."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield f"not UTF-8 ({error.reason} at byte {error.start})"
        return
    if text.lstrip().startswith("["):
        yield from _array(text)
        return
    for line in text.split("\n"):
        if line.strip():
            yield _parsed(line)


def _array(text: str) -> Iterable[Any]:
    found = _parsed(text)
    return [found] if isinstance(found, str) else (one if isinstance(one, dict) else _NO_OBJECT for one in found)


def _parsed(text: str) -> Any:
    """Numbers stay as they are written: no amount becomes a float."""
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=Decimal)
    except (ValueError, RecursionError) as error:
        return f"no JSON ({error})"
    return found if isinstance(found, dict | list) else _NO_OBJECT


def _cells(value: Any) -> Mapping[str, str] | str:
    """Each value as the text it would be in a spreadsheet."""
    if not isinstance(value, dict):
        return _NO_OBJECT
    told = {name.strip(): cell for name, cell in value.items() if cell is not None}
    if unknown := strange(told):
        return f"unknown names {', '.join(map(repr, unknown))}; known are {', '.join(COLUMNS)}"
    nested = [name for name, cell in told.items() if isinstance(cell, dict | list)]
    if nested:
        return f"{', '.join(nested)}: neither a text nor a number"
    return {name: _text(cell) for name, cell in told.items()}


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    plain = isinstance(cell, Decimal) and cell.is_finite() and abs(cell.adjusted()) < _LONG
    return f"{cell:f}" if plain else str(cell).strip()
