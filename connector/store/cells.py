"""Facts added up by day and month, so that a board is read and not counted: the rows, and the book of what they hold.

What is added up, and when, is decided by connector/kpi/keeping.py. While there is no book nothing may be read: whoever
changes facts without seeing to the cells forgets the book, and the next derivation makes them anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
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
_VALUES = tuple(CELL.c[name] for name in ("passed", "valued", "amount", "number"))
_SUMS = (
    *(sa.cast(sa.func.sum(value), sa.BigInteger).label(value.name) for value in _VALUES[:-1]),
    sa.func.sum(_VALUES[-1]).label("number"),
)
"""PostgreSQL's sums of whole numbers are decimals."""
_FEW = 20
"""Tallies up to which it is faster to leave the others out."""
_DAYS = 31
DAYS = range(10**7, 9999 * 10**4)
"""Spans that are days, without that of what stands, which is in no month."""


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


def remove(conn: Connection, account: int, tallies: Collection[int], pairs: Iterable[Pair]) -> None:
    """The cells of these days or months and people."""
    many(conn, _delete, [(account, *pair, tally) for pair in pairs for tally in tallies])


def add_months(conn: Connection, account: int, tallies: Collection[int], pairs: Collection[Pair] | None = None) -> None:
    """Make the cells of months of those of their days: of these months and people, or of all."""
    ours = (CELL.c.account == account, CELL.c.tally.in_(sorted(tallies)))
    if pairs is None:
        conn.execute(_months(account, sa.select().where(*ours, CELL.c.span.between(DAYS.start, DAYS.stop))))
        return
    for some in chunks(sorted(pairs), 100):
        days = [(month * 100 + day, user) for month, user in some for day in range(1, _DAYS + 1)]
        conn.execute(_months(account, of_pairs(conn, days, CELL.c.span, CELL.c.user_id, *ours)))


def read(
    conn: Connection,
    account: int,
    wanted: Sequence[int],
    *,
    tallies: Collection[int],
    people: Collection[str] | None = None,
) -> list[tuple[Any, ...]]:
    """The cells of these spans by person, tally and confidence; of other tallies too where many are asked.

    As the driver has them: a year's board is 60 000 rows, and making each one a Row takes as long as reading it.
    """
    few = (CELL.c.tally.in_(sorted(tallies)),) if len(tallies) <= _FEW else ()
    theirs = () if people is None else (CELL.c.user_id.in_(sorted(people)),)
    ours = (CELL.c.account == account, *few, *theirs)
    if len(wanted) > 2:
        summed = sa.select(*_KEYS, *_SUMS).where(*ours, among(conn, CELL.c.span, wanted)).group_by(*_KEYS)
        return _raw(conn, summed)
    each = sa.select(*_KEYS, *_VALUES).where(*ours)  # of one span each is there once
    return [row for span in wanted for row in _raw(conn, each.where(CELL.c.span == span))]


def _raw(conn: Connection, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
    result = conn.execute(query)
    return list(result.cursor.fetchall())


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


def of_pairs(
    conn: Connection, pairs: Iterable[Pair], day: sa.Column[Any], user: sa.Column[Any], *conditions: Any
) -> sa.Select[Any]:
    """A query of the rows of these pairs alone, with nothing selected yet.

    The pairs are a table of their own from which the others are looked up: joined from the left, as SQLite would rather
    go through all the rows, in the order of the groups. Hence the HAVING: a pair may have none.
    """
    some = list(pairs)
    each: Any
    if conn.dialect.name == "sqlite":
        each = sa.func.json_each(sa.bindparam(None, listed(conn, some), sa.Text)).table_valued("value")
        first, second = (sa.func.json_extract(each.c.value, place) for place in ("$[0]", "$[1]"))
    else:
        sides = (([one for one, _ in some], sa.Integer), ([one for _, one in some], sa.Text))
        arrays = [sa.bindparam(None, values, sa.ARRAY(kind)) for values, kind in sides]
        each = sa.func.unnest(*arrays).table_valued(sa.column("span"), sa.column("person")).render_derived()
        first, second = each.c.span, each.c.person
    met = sa.and_(day == first, user == second, *conditions)
    return sa.select().select_from(each.join(day.table, met, isouter=True)).having(sa.func.count(day) > 0)


def _month(day: date) -> int:
    return month_of(day_number(day))


def _months(account: int, days: sa.Select[Any]) -> sa.Insert:
    month = CELL.c.span.op("/")(sa.literal_column("100")).label("span")  # a parameter is not the same in GROUP BY
    query = days.add_columns(sa.literal(account), month, *_KEYS, *_SUMS).group_by(month, *_KEYS)
    return CELL.insert().from_select(list(_NAMES), query)


def _delete(dialect: str) -> Any:
    key = ("account", "span", "user_id", "tally")
    return CELL.delete().where(*(CELL.c[name] == sa.bindparam(name) for name in key))


def _insert(dialect: str) -> Any:
    return insert_on(dialect, CELL, _NAMES)
