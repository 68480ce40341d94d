"""Whether anything was learned that a month's numbers may rest on: facts, plans, rules, absences, teams."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store.facts import FACT
from connector.store.upsert import table

_DATED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("plan", ("at",)),
    ("terms", ("since",)),
    ("absence", ("known_from", "known_to")),
    ("membership", ("since", "until")),
)
"""By table the columns that say when something began or ended to be so."""


def beside_facts(conn: Connection, account: int, period: str, start: int, end: int) -> bool:
    """Whether something did in (start, end] (epoch ms); of plans only the period's own matter."""
    for name, columns in _DATED:
        rows = table(name)
        when = sa.or_(*(_within(rows.c[column], start, end) for column in columns))
        ours = [rows.c.account == account, when]
        if name == "plan":
            ours.append(rows.c.period == period)
        if conn.execute(sa.select(sa.literal(1)).where(*ours).limit(1)).scalar() is not None:
            return True
    return False


def facts_since(conn: Connection, account: int, days: tuple[int, int], since: int) -> bool:
    """Whether any fact of these half-open days (yyyymmdd) came or went after a moment (epoch ms)."""
    later = sa.or_(FACT.c.known_from > since, FACT.c.known_to > since)
    ours = (FACT.c.account == account, FACT.c.day >= days[0], FACT.c.day < days[1], later)
    return conn.execute(sa.select(sa.literal(1)).where(*ours).limit(1)).scalar() is not None


def _within(column: sa.ColumnElement[Any], start: int, end: int) -> sa.ColumnElement[bool]:
    return sa.and_(column > start, column <= end)
