"""Facts added up by day and month, so that a board is read and not counted: the rows, and the book of what they hold.

What is added up, and when, is decided by connector/kpi/cells.py. While there is no book nothing may be read: whoever
changes facts without seeing to the cells forgets the book, and the next derivation makes them anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection

from connector.moment import Period, day_number
from connector.store.upsert import among, chunks, insert_on, listed, many, put, table

CELL, BOOK = table("cell"), table("cell_book")
NOBODY = ""
Pair = tuple[int, str]
"""A day or month, and whose."""
Row = tuple[int, int, str, int, str, int, int, int | None, float | None]
"""As the table has it: account, span, user, tally, confidence, passed, valued, amount, number."""
_NAMES = tuple(column.name for column in CELL.columns)
_KEYS = (CELL.c.user_id, CELL.c.tally, CELL.c.confidence)
_SUMS = tuple(sa.func.sum(CELL.c[name]).label(name) for name in ("passed", "valued", "amount", "number"))
_DAYS = 31
_EVERY_DAY = (10**7, 9999 * 10**4)
"""Without the day of what stands, which is in no month."""


class Book(NamedTuple):
    """`tallies`: the number of each tally that the cells hold, by its key. `moment` (epoch ms): judged as of then."""

    moment: int
    tallies: Mapping[str, int]


def book(conn: Connection, account: int) -> Book | None:
    """What may be read from the cells, None: nothing."""
    found = conn.execute(sa.select(BOOK.c.moment, BOOK.c.tallies).where(BOOK.c.account == account)).one_or_none()
    return None if found is None else Book(found.moment, json.loads(found.tallies))


def keep(conn: Connection, account: int, told: Book) -> None:
    """From now on the cells hold this."""
    put(conn, BOOK, [{"account": account, "moment": told.moment, "tallies": json.dumps(dict(told.tallies))}])


def forget(conn: Connection, account: int) -> None:
    """The cells may not be read any more."""
    conn.execute(BOOK.delete().where(BOOK.c.account == account))


def sweep(conn: Connection, account: int, tallies: Collection[int]) -> None:
    """Remove the cells of all tallies but these."""
    others = () if not tallies else (CELL.c.tally.not_in(sorted(tallies)),)
    conn.execute(CELL.delete().where(CELL.c.account == account, *others))


def add(conn: Connection, rows: Sequence[Row]) -> None:
    """Cells of days, or of months, that are not there yet."""
    many(conn, _insert, rows)


def remove(conn: Connection, account: int, tallies: Collection[int], pairs: Collection[Pair]) -> None:
    """The cells of these days or months and people."""
    for some in chunks(sorted(pairs)):
        theirs = sa.tuple_(CELL.c.span, CELL.c.user_id).in_(sa.select(*paired(conn, some)))
        conn.execute(CELL.delete().where(CELL.c.account == account, CELL.c.tally.in_(sorted(tallies)), theirs))


def add_months(conn: Connection, account: int, tallies: Collection[int], pairs: Collection[Pair] | None = None) -> None:
    """Make the cells of months of those of their days: of these months and people, or of all."""
    if pairs is None:
        conn.execute(_months(account, tallies, (CELL.c.span.between(*_EVERY_DAY),)))
        return
    for some in chunks(sorted(pairs), 100):
        days = [(month * 100 + day, user) for month, user in some for day in range(1, _DAYS + 1)]
        theirs = sa.tuple_(CELL.c.span, CELL.c.user_id).in_(sa.select(*paired(conn, days)))
        conn.execute(_months(account, tallies, (theirs,)))


def read(conn: Connection, account: int, period: Period, *, standing_day: int, tallies: Collection[int]) -> Any:
    """The period's cells by person, tally and confidence, and what stands."""
    counted = (CELL.c.account == account, CELL.c.tally.in_(sorted(tallies)))
    wanted = [*spans(period), standing_day]
    if len(wanted) == 2:  # then they come in the key's order, and are as they should be
        each = [CELL.c[name] for name in ("user_id", "tally", "confidence", "passed", "valued", "amount", "number")]
        return [
            row for span in wanted for row in conn.execute(sa.select(*each).where(*counted, CELL.c.span == span)).all()
        ]
    return conn.execute(
        sa.select(*_KEYS, *_SUMS).where(*counted, among(conn, CELL.c.span, wanted)).group_by(*_KEYS)
    ).all()


def spans(period: Period) -> list[int]:
    """The whole months of a period, and the days around them."""
    found, day = [], period.start
    while day < period.end:
        month = (day.replace(day=1) + timedelta(days=_DAYS)).replace(day=1)
        whole = day.day == 1 and month <= period.end
        found.append(_month(day) if whole else day_number(day))
        day = month if whole else day + timedelta(days=1)
    return found


def month_of(day: int) -> int:
    """The span of the month in which a day lies."""
    return day // 100


def paired(conn: Connection, pairs: Iterable[Pair]) -> tuple[sa.ColumnElement[Any], ...]:
    """Any number of pairs as two columns of a table of their own, sent as parameters."""
    some = list(pairs)
    if conn.dialect.name == "sqlite":
        each = sa.func.json_each(sa.bindparam(None, listed(conn, some), sa.Text)).table_valued("value").c.value
        return tuple(sa.func.json_extract(each, place) for place in ("$[0]", "$[1]"))
    sides: list[Any] = [
        sa.bindparam(None, [pair[place] for pair in some], postgresql.ARRAY(kind))
        for place, kind in enumerate((sa.Integer, sa.Text))
    ]
    rows = sa.func.unnest(*sides).table_valued(sa.column("span", sa.Integer), sa.column("person", sa.Text))
    return rows.c.span, rows.c.person


def _month(day: date) -> int:
    return month_of(day_number(day))


def _months(account: int, tallies: Collection[int], those: tuple[sa.ColumnElement[bool], ...]) -> sa.Insert:
    month = (CELL.c.span // sa.literal_column("100")).label("span")  # a parameter would not be the same in GROUP BY
    ours = (CELL.c.account == account, CELL.c.tally.in_(sorted(tallies)), *those)
    query = sa.select(sa.literal(account), month, *_KEYS, *_SUMS).where(*ours).group_by(month, *_KEYS)
    return CELL.insert().from_select(list(_NAMES), query)


def _insert(dialect: str) -> Any:
    return insert_on(dialect, CELL, _NAMES)
