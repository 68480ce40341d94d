"""Sheets: a person's cells of a month in one value, so that a year's board is two thousand rows and not 80 000.

Handing a row over to Python costs more than anything that is done with it. A sheet is a copy: whoever changes the cells
of a month, of what stands or of what stood packs them again in the same transaction (connector/kpi/keeping.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.fact import Confidence
from connector.store import cells
from connector.store.cells import CELL, DAYS, Pair
from connector.store.upsert import insert_on, many, table

SHEET = table("sheet")
_CELLS = tuple(
    CELL.c[name] for name in ("span", "user_id", "tally", "confidence", "passed", "valued", "amount", "number")
)
_COLUMNS = ("account", "span", "user_id", "cells")
_FEW = 2


Entry = tuple[int, Confidence, int, int, int | float | None]
"""A cell as it stands in a sheet: tally, confidence, passed, valued, and the total: of amounts an integer, else a
float; None where nothing is known.
"""
_ENTRIES, _ENCODER = msgspec.msgpack.Decoder(list[Entry]), msgspec.msgpack.Encoder()


def read(
    conn: Connection, account: int, spans: Sequence[int], *, tallies: Collection[int], people: Collection[str] | None
) -> Iterator[tuple[str, Sequence[Entry]]]:
    """The cells of these spans by person, from sheets where there are any; of other tallies too. A person may come
    more than once.
    """
    if len(spans) > _FEW:
        yield from _of_rows(cells.read(conn, account, spans, tallies=tallies, people=people))
        return
    theirs = () if people is None else (SHEET.c.user_id.in_(sorted(people)),)
    for span in spans:
        if span in DAYS:
            yield from _of_rows(cells.read(conn, account, [span], tallies=tallies, people=people))
            continue
        ours = (SHEET.c.account == account, SHEET.c.span == span, *theirs)
        for user, packed in conn.execute(sa.select(SHEET.c.user_id, SHEET.c.cells).where(*ours)):
            yield user, _ENTRIES.decode(packed)


def _of_rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, Sequence[Entry]]]:
    for user, *row in rows:
        yield user, (_entry(*row),)


def pack(conn: Connection, account: int, pairs: Collection[Pair]) -> None:
    """Make the sheets of these months (or of what stands or stood) and people anew."""
    if pairs:
        many(conn, _delete, [(account, *pair) for pair in pairs])
        _put(conn, account, cells.of_pairs(conn, sorted(pairs), CELL.c.span, CELL.c.user_id, CELL.c.account == account))


def pack_all(conn: Connection, account: int, spans: Collection[int] | None = None) -> None:
    """Make all sheets anew, or those of these spans."""
    theirs = (SHEET.c.span.in_(sorted(spans)),) if spans is not None else ()
    conn.execute(SHEET.delete().where(SHEET.c.account == account, *theirs))
    some = sa.not_(CELL.c.span.between(DAYS.start, DAYS.stop)) if spans is None else CELL.c.span.in_(sorted(spans))
    _put(conn, account, sa.select().where(CELL.c.account == account, some))


def _put(conn: Connection, account: int, chosen: sa.Select[Any]) -> None:
    rows = conn.execute(chosen.add_columns(*_CELLS).group_by(*_CELLS).order_by(*_CELLS[:4]))
    many(conn, _insert, [(account, *pair, packed) for pair, packed in _packed(rows)])


def _packed(rows: Iterable[Any]) -> Iterator[tuple[Pair, bytes]]:
    """`rows`: of cells, those of a span and person together."""
    for (span, user), theirs in groupby(rows, itemgetter(0, 1)):
        entries = [_entry(*row) for _, _, *row in theirs]
        yield (span, user), _ENCODER.encode(entries)


def _entry(
    tally: int, confidence: Confidence, passed: int, valued: int, amount: int | None, number: float | None
) -> Entry:
    return tally, confidence, passed, valued, number if amount is None else amount


def _delete(dialect: str) -> Any:
    return SHEET.delete().where(*(SHEET.c[name] == sa.bindparam(name) for name in _COLUMNS[:3]))


def _insert(dialect: str) -> Any:
    return insert_on(dialect, SHEET, _COLUMNS)
