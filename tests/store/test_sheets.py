"""A sheet says what the cells say: after each packing, of everyone, of some, and where days are asked too."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Connection

from connector.kpi.look import STANDING_DAY
from connector.store import cells, sheets
from connector.store.engine import Store

MONTH, DAY, STOOD = 202609, 20260902, -20700
ROWS = [
    (1, MONTH, "501", 3, "exact", 2, 1, 700, None),
    (1, MONTH, "501", 3, "assumed", 1, 0, None, None),
    (1, MONTH, "501", 4, "exact", 5, 5, None, 2.5),
    (1, MONTH, "", 3, "exact", 9, 9, 2**53 + 1, None),
    (1, STOOD, "502", 8, "observed", 1, 0, None, None),
    (1, STANDING_DAY, "501", 9, "exact", 4, 0, None, None),
    (1, DAY, "501", 3, "exact", 2, 1, 700, None),
    (2, MONTH, "501", 3, "exact", 8, 8, 8, None),
]
TALLIES = (3, 4, 8, 9)


def told(conn: Connection, *spans: int, people: set[str] | None = None) -> set[tuple[object, ...]]:
    found = sheets.read(conn, 1, spans, tallies=TALLIES, people=people)
    return {(user, *entry) for user, entries in found for entry in entries}


def stored(conn: Connection) -> set[tuple[int, str]]:
    return {tuple(row) for row in conn.execute(sheets.SHEET.select().with_only_columns(*list(sheets.SHEET.c)[1:3]))}


@pytest.mark.parametrize("change", ["more", "none left"])
def test_who_changed_is_packed_anew_and_nobody_else(store: Store, change: str) -> None:
    with store.write() as conn:
        cells.add(conn, ROWS)
        sheets.pack_all(conn, 1)
        assert stored(conn) == {(MONTH, "501"), (MONTH, ""), (STOOD, "502"), (STANDING_DAY, "501")}
        cells.remove(conn, 1, TALLIES, [(MONTH, "501"), (STOOD, "502")])
        if change == "more":
            cells.add(conn, [(1, MONTH, "501", 4, "exact", 7, 0, None, None)])
        sheets.pack(conn, 1, {(MONTH, "501")})
        left = {("", 3, "exact", 9, 9, 2**53 + 1)}
        assert told(conn, MONTH) == left | ({("501", 4, "exact", 7, 0, None)} if change == "more" else set())
        assert told(conn, STOOD) == {("502", 8, "observed", 1, 0, None)}  # not asked for


def test_days_and_many_months_are_read_from_their_rows(store: Store) -> None:
    with store.write() as conn:
        cells.add(conn, ROWS)
        sheets.pack_all(conn, 1)
        mine = {("501", 3, "exact", 2, 1, 700)}
        assert told(conn, DAY) == mine
        month = mine | {("501", 3, "assumed", 1, 0, None), ("501", 4, "exact", 5, 5, 2.5)}
        assert told(conn, MONTH, STANDING_DAY, people={"501"}) == month | {("501", 9, "exact", 4, 0, None)}
        assert told(conn, MONTH, 202610, 202611, people={"501"}) == month
        assert told(conn, MONTH, people={"503"}) == set()


def test_only_these_spans_are_packed_anew(store: Store) -> None:
    with store.write() as conn:
        cells.add(conn, ROWS)
        sheets.pack_all(conn, 1, [STOOD])
        assert stored(conn) == {(STOOD, "502")}
        cells.sweep(conn, 1, (3,))
        sheets.pack_all(conn, 1)
        assert stored(conn) == {(MONTH, "501"), (MONTH, "")}
