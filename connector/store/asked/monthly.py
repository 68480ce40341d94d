"""What happened to each person month by month: wins, enquiries and what became of them, in three grouped statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store.facts import FACT, known_at, won_in_window

_MONTH = sa.cast(sa.func.floor(FACT.c.day / 100), sa.Integer)
"""yyyymm of a day yyyymmdd."""
_A_DAY, _EPOCH = 86_400_000, date(1970, 1, 1)


class Won(NamedTuple):
    """A win: whose, in which month (yyyymm), when (epoch ms), for how much (minor units)."""

    user: str
    month: int
    at: int
    amount: int


class Asked(NamedTuple):
    """Enquiries of a person and month; of those whose window is over (`ripe`) so many were `won` within it."""

    user: str
    month: int
    leads: int
    ripe: int
    won: int


class Ripened(NamedTuple):
    """Enquiries of a person and month (yyyymm) whose window ended on one UTC day, and how many were won within it."""

    user: str
    month: int
    on: date
    leads: int
    won: int


def wins(
    conn: Connection,
    account: int,
    first: int,
    end: int,
    *,
    as_of: int | None,
    source: str | None = None,
    kind: str = "win",
    whose: str = "user_id",
) -> list[Won]:
    """Wins with an amount of the half-open range of days, in the order of time; `kind`, `whose`: the facts that the
    account's rule credits, and the column that says to whom.
    """
    columns = (FACT.c[whose], _MONTH, FACT.c.at, FACT.c.amount)
    ours = (*_of(account, first, end, as_of, source, whose), FACT.c.kind == kind, FACT.c.amount > 0)
    query = sa.select(*columns).where(*ours)
    return [Won(*row) for row in conn.execute(query.order_by(FACT.c.at, FACT.c.key))]


def asked(
    conn: Connection,
    account: int,
    first: int,
    end: int,
    *,
    as_of: int | None,
    ripe_at: int,
    source: str | None = None,
) -> list[Asked]:
    """Enquiries of the half-open range of days by person and month; ripe are those whose window ended by `ripe_at`."""
    ripe = sa.and_(FACT.c.kind == "lead_won", FACT.c.due_at <= ripe_at)
    query = (
        sa.select(
            FACT.c.user_id,
            _MONTH,
            sa.func.count(sa.case((FACT.c.kind == "enquiry", 1))),
            sa.func.count(sa.case((ripe, 1))),
            sa.func.count(sa.case((sa.and_(ripe, won_in_window()), 1))),
        )
        .where(*_of(account, first, end, as_of, source), FACT.c.kind.in_(("enquiry", "lead_won")))
        .group_by(FACT.c.user_id, _MONTH)
    )
    return sorted(Asked(*row) for row in conn.execute(query))


def ripened(conn: Connection, account: int, first: int, end: int, *, as_of: int | None, ripe_at: int) -> list[Ripened]:
    """The ripe ones of `asked` by when they ripened: what was known of a cohort at any moment before."""
    day = sa.cast(sa.func.floor(FACT.c.due_at / _A_DAY), sa.Integer)
    query = (
        sa.select(FACT.c.user_id, _MONTH, day, sa.func.count(), sa.func.count(sa.case((won_in_window(), 1))))
        .where(*_of(account, first, end, as_of, None), FACT.c.kind == "lead_won", FACT.c.due_at <= ripe_at)
        .group_by(FACT.c.user_id, _MONTH, day)
    )
    rows = conn.execute(query)
    return sorted(Ripened(user, of, _EPOCH + timedelta(days=on), n, won) for user, of, on, n, won in rows)


def _of(
    account: int, first: int, end: int, as_of: int | None, source: str | None, whose: str = "user_id"
) -> Sequence[sa.ColumnElement[bool]]:
    only = () if source is None else (FACT.c.source == source,)
    return (
        FACT.c.account == account, FACT.c.day >= first, FACT.c.day < end, known_at(as_of), FACT.c.omitted.is_(None),
        FACT.c[whose].is_not(None), *only,
    )  # fmt: skip
