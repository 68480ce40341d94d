"""Tables as CSV and XLSX in which nothing is ever a formula: names come out of a CRM, where anybody may write. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

Cell = str | int | float | Decimal | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_SHEET = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
"""What Excel does not take in a sheet's name."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Table:
    """`title`: of the sheet. Numbers are numbers, everything else is text."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula; numbers with a sign are cells of their own type, not texts."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(table: Table) -> bytes:
    """UTF-8 with a mark, semicolons: so that Excel opens it as it is, in both languages."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([inert(cell) for cell in table.head])
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def as_xlsx(tables: Sequence[Table]) -> bytes:
    """A sheet for each; text is written as text, whatever it begins with."""
    out = io.BytesIO()
    never = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(out, never) as book:
        bold, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"quote_prefix": True})
        for number, table in enumerate(tables, 1):
            sheet = book.add_worksheet(f"{number} {table.title.translate(_SHEET)}"[:31].strip())
            for column, name in enumerate(table.head):
                sheet.write_string(0, column, name, bold)
            for line, row in enumerate(table.rows, 1):
                for column, cell in enumerate(row):
                    _write(sheet, line, column, cell, text)
            sheet.freeze_panes(1, 0)
            sheet.autofit()
    return out.getvalue()


def _write(sheet: Any, line: int, column: int, cell: Cell, text: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(line, column, cell[:32_767], text if cell.startswith(_FORMULA) else None)
    else:
        sheet.write_number(line, column, float(cell))


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    return inert(cell) if isinstance(cell, str) else f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
