"""Files as Excel and programs write them, as the same rows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.brought.facts import files
from connector.brought.facts.columns import COLUMNS
from connector.brought.facts.files import from_csv, from_json

RUSSIAN = 'Ключ;Вид;Дата;Менеджер;Сумма;Заметка\nп-1;оплата;20.09.2026;501;"1 000,50";аванс\n\n'
ROW = {"key": "п-1", "what": "оплата", "at": "20.09.2026", "user": "501", "amount": "1 000,50"}


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_spreadsheet_of_any_kind(code: str, separator: str) -> None:
    rows = from_csv(RUSSIAN.replace(";", separator).encode(code))
    assert [(line.number, dict(line.cells)) for line in rows.lines] == [(2, {**ROW, "Заметка": "аванс"})]
    assert (rows.bad, rows.ignored) == ((), ("Заметка",))


def test_a_file_of_one_sort_need_not_say_so() -> None:
    data = b"key,at,amount\n1,2026-09-20,5\n"
    assert from_csv(data, what="payment").lines[0].get("what") == "payment"
    assert "what missing" in from_csv(data).bad[0].problem


def test_a_column_of_sorts_wins_over_the_option() -> None:
    data = b"key,at,what\n1,2026-09-20,refund\n2,2026-09-20,\n"
    assert [line.get("what") for line in from_csv(data, what="payment").lines] == ["refund", "payment"]


@pytest.mark.parametrize(
    "text",
    [
        '[{"key": "1", "number": 5}, {"key": "2"}]',
        '{"key": "1", "number": 5}\n\n{"key": "2"}\n',
        '\ufeff{"key":"1","number":5}\n{"key":"2"}',
    ],
)
def test_json_as_an_array_or_line_by_line(text: str) -> None:
    rows = from_json(text.encode())
    assert [(line.number, dict(line.cells)) for line in rows.lines] == [
        (1, {"key": "1", "number": "5"}),
        (2, {"key": "2"}),
    ]


def test_amounts_do_not_become_floats_on_the_way() -> None:
    told = from_json(b'{"amount": 12345678901234.57, "number": 1e2, "paid": true, "items": null, "user": " 501 "}')
    assert dict(told.lines[0].cells) == {"amount": "12345678901234.57", "number": "100", "paid": "true", "user": "501"}


@pytest.mark.parametrize(
    ("data", "row", "told"),
    [
        (b"{", 1, "no JSON"),
        (b'{"key":"1"}\nkey;2', 2, "no JSON"),
        (b"5", 1, "no JSON object"),
        (b'[{"key":"1"}, "key"]', 2, "no JSON object"),
        (b'[[{"key":"1"}]]', 1, "no JSON object"),
        (b'{"key":"1"}\n[{"key":"2"}]', 2, "no JSON object"),
        (b'{"amuont": 5}', 1, "unknown names 'amuont'"),
        (b'{"user": ["501"]}', 1, "user: neither a text nor a number"),
        (b'{"key": "\xff"}', 1, "not UTF-8"),
        (b"[" * 100_000, 1, "no JSON"),
        (b"1" * 5000, 1, "no JSON"),
    ],
)
def test_what_is_no_row_is_named_by_its_place(data: bytes, row: int, told: str) -> None:
    (bad,) = from_json(data).bad
    assert (bad.line, told in bad.problem) == (row, True), bad


def test_too_many_rows_are_none() -> None:
    most = b'{"key":"1"}\n' * files.MAX_ROWS
    assert (len(from_json(most).lines), from_json(most).over) == (files.MAX_ROWS, False)
    over = from_json(most + b'{"key":"1"}')
    assert (over.lines, over.over) == ((), True)


def test_a_number_of_absurd_size_does_not_fill_the_memory() -> None:
    told = from_json(b'{"amount": 1e999999999, "number": NaN, "items": -Infinity}').lines[0]
    assert all(len(cell) < 20 for cell in told.cells.values())


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())
JSONS = st.recursive(SCALARS, lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(), some, max_size=3))


@given(st.lists(st.dictionaries(st.sampled_from(sorted(COLUMNS)), SCALARS) | JSONS, max_size=6))
def test_whatever_json_comes_every_value_is_a_row_or_named(values: list[Any]) -> None:
    rows = from_json(json.dumps(values).encode())
    assert len(rows.lines) + len(rows.bad) == len(values)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_readers(data: bytes) -> None:
    for rows in (from_csv(data), from_csv(data, what="payment"), from_json(data)):
        assert all(isinstance(cell, str) for line in rows.lines for cell in line.cells.values())
