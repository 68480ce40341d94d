"""When people were away, came and left: append-only in two times, so that a past report counts the days known then."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.moment import day_number
from connector.records import Absence
from connector.store import clean
from connector.store.upsert import among, table

ABSENCE = table("absence")
Source = Literal["csv", "crm", "config"]
Content = tuple[str, str, int, int]
_ONCE = ("hired", "left")
"""Of these a person has one: a later file corrects the day."""


class Taken(NamedTuple):
    """How many absences began and how many ended to be known."""

    added: int
    ended: int


def take(
    conn: Connection,
    account: int,
    told: Collection[Absence],
    *,
    source: Source,
    now: int,
    whole: bool = False,
    within: tuple[date, date] | None = None,
) -> Taken:
    """Note these; the same again changes nothing.

    `whole`: what this source said before and does not say now is no longer so; `within` only where it touches these
    days, both included, which are all that the source was asked about.
    """
    wanted = dict.fromkeys(_content(one) for one in told)
    live = _live(conn, account, source)
    kept = {content for _, content in live} & set(wanted)
    corrected = {content[:2] for content in wanted if content[1] in _ONCE}
    asked = (0, 99_999_999) if within is None else (day_number(within[0]), day_number(within[1]))
    gone = [
        id
        for id, content in live
        if content not in kept
        and (content[:2] in corrected or (whole and content[2] <= asked[1] and content[3] >= asked[0]))
    ]
    if gone:
        conn.execute(ABSENCE.update().where(among(conn, ABSENCE.c.id, gone)).values(known_to=now))
    new = [content for content in wanted if content not in kept]
    if new:
        rows = [
            dict(zip(("user_id", "what", "first", "last"), content, strict=True))
            | {"account": account, "source": source, "known_from": now}
            for content in new
        ]
        conn.execute(ABSENCE.insert(), rows)
    return Taken(len(new), len(gone))


def known(conn: Connection, account: int, *, as_of: int | None = None) -> list[tuple[Absence, str]]:
    """What is known now, or was at a past moment, each with its source; by person, day and kind."""
    query = sa.select(ABSENCE).where(ABSENCE.c.account == account)
    if as_of is None:
        query = query.where(ABSENCE.c.known_to.is_(None))
    else:
        query = query.where(
            ABSENCE.c.known_from <= as_of, sa.or_(ABSENCE.c.known_to.is_(None), ABSENCE.c.known_to > as_of)
        )
    rows = conn.execute(query).all()
    return [
        (_absence(row.user_id, row.what, row.first, row.last), row.source)
        for row in sorted(rows, key=lambda row: (row.user_id, row.first, row.last, row.what, row.source))
    ]


def _live(conn: Connection, account: int, source: str) -> Sequence[tuple[int, Content]]:
    columns = (ABSENCE.c.id, ABSENCE.c.user_id, ABSENCE.c.what, ABSENCE.c.first, ABSENCE.c.last)
    ours = (ABSENCE.c.account == account, ABSENCE.c.source == source, ABSENCE.c.known_to.is_(None))
    return [(row[0], tuple(row[1:])) for row in conn.execute(sa.select(*columns).where(*ours))]


def _content(one: Absence) -> Content:
    return clean.text(one.user_id, clean.LONGEST_ID), one.what, day_number(one.first), day_number(one.last)


def _absence(user: str, what: str, first: int, last: int) -> Absence:
    return Absence.of(user, what, _day(first), _day(last))  # type: ignore[arg-type]  # written by `take` alone


def _day(number: int) -> date:
    return date(number // 10000, number // 100 % 100, number % 100)
