"""Days as people write them, and lines that are too many."""

from __future__ import annotations

from datetime import date

import pytest

from connector import sheet
from connector.sheet import BadLine, Line


@pytest.mark.parametrize("text", ["2026-09-01", "01.09.2026", "01.09.26", "01/09/2026", "1.9.2026"])
def test_a_day_however_it_is_written(text: str) -> None:
    assert sheet.day(text) == date(2026, 9, 1)


@pytest.mark.parametrize("text", ["", "2026-13-01", "32.01.2026", "01.09.1989", "01.01.2101", "сентябрь", "20260901x"])
def test_what_is_no_day(text: str) -> None:
    assert sheet.day(text) is None


def test_a_file_that_is_too_long_ends_with_a_word() -> None:
    told = list(sheet.lines(b"a,b\n1,2\n3,4\n5,6\n", {"a": ("a",)}, ("a",), longest=3))
    assert told == [
        Line(2, {"a": "1", "b": "2"}),
        Line(3, {"a": "3", "b": "4"}),
        BadLine(4, "more than 3 lines; the rest was not read"),
    ]


def test_a_short_line_has_empty_cells_and_an_empty_one_is_none() -> None:
    assert [
        line.get("b") if isinstance(line, Line) else line
        for line in sheet.lines(b"a,b\n1\n , \n2,x", {"a": ("a",)}, ("a",))
    ] == ["", "x"]
