"""Read what was learned of a closed month in a span of time: the facts that came, went or came of age."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.kpi.corrections.steps import Life, clocks_of
from connector.kpi.definition import Kpi, Limits
from connector.kpi.diff.reading import crediting, dossiers_of, version_of
from connector.kpi.look import in_days
from connector.moment import Period
from connector.store.facts import FACT
from connector.store.upsert import among


def lives(
    conn: Connection,
    account: int,
    period: Period,
    kpis: Sequence[Kpi],
    window: tuple[int, int],
    limits: Limits,
    *,
    unread: int | None = None,
) -> list[Life]:
    """Every fact of the period to which something happened in (start, end] (epoch ms), and where it came from or went.
    `unread`: from when on deadlines had not been judged yet, if that is before the start.

    A fact may have left the month or the person: then its other version is found among those of the same client. All
    the KPIs credit facts of one kind alike.
    """
    start, end = window[0] if unread is None else min(unread, window[0]), window[1]
    who = {kind: column for kpi in kpis for kind, column in crediting(kpi).items()}
    ours = (FACT.c.account == account, *in_days(period), FACT.c.kind.in_(sorted(who)))
    learned = _rows(conn, ours, _learned(window))
    clocks = clocks_of(kpis, limits)
    ripe = [_between(FACT.c[column], start + ahead - 1, end + ahead) for column, ahead in clocks]
    aged = _rows(conn, ours, sa.or_(*ripe)) if ripe else []
    clients = among(conn, FACT.c.dossier, dossiers_of(conn, account, learned))
    moved = _rows(conn, (FACT.c.account == account, clients, FACT.c.kind.in_(sorted(who))), _learned(window))
    found = {row.id: row for row in (*learned, *aged, *moved)}
    ordered = sorted(found.values(), key=lambda row: (row.key, row.dossier, row.known_from, row.id))
    return [Life(version_of(row, who), row.dossier, row.known_from, row.known_to) for row in ordered]


def alike(kpis: Iterable[Kpi]) -> list[list[Kpi]]:
    """Groups of KPIs that credit facts of one kind alike."""
    groups: dict[frozenset[tuple[str, str]], list[Kpi]] = {}
    for kpi in kpis:
        groups.setdefault(frozenset(pair for pair in crediting(kpi).items() if pair[1] != "user_id"), []).append(kpi)
    return list(groups.values())


def _rows(conn: Connection, ours: tuple[sa.ColumnElement[bool], ...], those: sa.ColumnElement[bool]) -> Sequence[Any]:
    return conn.execute(sa.select(FACT).where(*ours, those)).all()


def _learned(window: tuple[int, int]) -> sa.ColumnElement[bool]:
    return sa.or_(_between(FACT.c.known_from, *window), _between(FACT.c.known_to, *window))


def _between(column: sa.ColumnElement[Any], start: int, end: int) -> sa.ColumnElement[bool]:
    return sa.and_(column > start, column <= end)
