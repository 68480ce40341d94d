"""Files that a spreadsheet opens: numbers are numbers, and no name is ever a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.web.exports.sheets import Table, as_csv, as_xlsx

EVIL = ('=HYPERLINK("http://evil")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1")


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet(data: bytes, number: int = 1) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read(f"xl/worksheets/sheet{number}.xml").decode()


@pytest.mark.parametrize("text", EVIL)
def test_nothing_is_a_formula(text: str) -> None:
    table = Table(text, [text], [[text, -5, Decimal("-1.50")]])
    (head,), (cell, count, amount) = read(as_csv(table))
    assert head.startswith("'") and cell.startswith("'")
    assert (count, amount) == ("-5", "-1.50")
    assert "<f>" not in sheet(as_xlsx([table]))


@given(st.text(max_size=30))
def test_a_cell_says_what_it_was_given(text: str) -> None:
    ((cell,),) = read(as_csv(Table("x", ["a"], [[text]])))[1:] or [[""]]
    assert cell.removeprefix("'") == text.removeprefix("'").encode("utf-8", "replace").decode() or cell == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_a_workbook_has_a_sheet_a_table_and_typed_cells() -> None:
    made = as_xlsx(
        [Table("Люди: [все]/*", ["a", "b"], [["x", Decimal("3000.00")], [None, 2]]), Table("Two", ["a"], [])]
    )
    names = zipfile.ZipFile(io.BytesIO(made)).read("xl/workbook.xml").decode()
    assert re.findall(r'sheet name="([^"]+)"', names) == ["1 Люди   все", "2 Two"]
    assert "<v>3000</v>" in sheet(made) and "<v>2</v>" in sheet(made)


def test_names_of_sheets_never_clash() -> None:
    made = as_xlsx([Table("x" * 60, ["a"], []), Table("x" * 60, ["a"], [])])
    assert zipfile.ZipFile(io.BytesIO(made)).testzip() is None
