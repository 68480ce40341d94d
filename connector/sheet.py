"""A spreadsheet saved as CSV, as people bring it -> rows by column. Bad lines are values with a line number.

UTF-8 with or without BOM or Windows-1251, `;` or `,` or tab between cells, Russian or English headings, in any order.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

MAX_LINES = 200_000
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that gave nothing; `line` counts as an editor does, the header being 1."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its cells, stripped, by the name of the column; empty where the line is short."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The cell, empty where there is none."""
        return self.cells.get(column, "")


def lines(
    data: bytes, columns: Mapping[str, Sequence[str]], needed: Sequence[str], *, longest: int = MAX_LINES
) -> Iterator[Line | BadLine]:
    """The lines with anything in them. `columns`: the headings that mean each column, in small letters.

    A file without the `needed` columns, one that is no CSV, and one longer than `longest` end with a BadLine.
    """
    text = decode(data)
    names = {alias: column for column, aliases in columns.items() for alias in aliases}
    reader = csv.reader(io.StringIO(text), delimiter=separator(text), strict=True)
    try:
        header = [names.get(name.strip().lower(), name.strip()) for name in next(reader, [])]
        if missing := [name for name in needed if name not in header]:
            yield BadLine(1, f"the first line must name the columns {', '.join(needed)}; {', '.join(missing)} missing")
            return
        for cells in reader:
            if reader.line_num > longest:
                yield BadLine(reader.line_num, f"more than {longest} lines; the rest was not read")
                return
            if any(cell.strip() for cell in cells):
                yield Line(reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=False)))
    except csv.Error as error:
        yield BadLine(reader.line_num, f"the file is no CSV from here on ({error}); nothing was taken")


def decode(data: bytes) -> str:
    """The text, in UTF-8 or in what Russian Excel saves by default."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1251", errors="replace")


def separator(text: str) -> str:
    """What stands between cells, by the first line."""
    head = text.partition("\n")[0]
    return max(";,\t", key=head.count)


def day(text: str) -> date | None:
    """2026-09-01, 01.09.2026, 01.09.26 or 01/09/2026; None for what is no day of 1990 to 2100."""
    for form in _DAYS:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
        return found if 1990 <= found.year <= 2100 else None
    return None
