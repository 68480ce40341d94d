"""Facts -> cells: one grouped statement with conditional sums for all that adds up, one more for what does not.

Cells are by measure and person; a team's are sums of its people's, and ratios are taken only at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.derive.history import worst
from connector.fact import Confidence
from connector.kpi.definition import TESTS, Measure, Where
from connector.kpi.fold import Cell
from connector.moment import Period
from connector.store.facts import FACT, known_at

Condition = tuple[Where, ...]


Cells = dict[tuple[Measure, str | None], Cell]


def measure(
    conn: Connection,
    account: int,
    measures: Collection[Measure],
    period: Period,
    *,
    thresholds: Mapping[str, float],
    as_of: int | None = None,
) -> Cells:
    """Cells of every person who has facts in the period; None stands for facts of nobody.

    `as_of` (epoch ms): as it was known then. Sums are integers whatever the database makes of them.
    """
    ours = (FACT.c.account == account, *in_days(period), known_at(as_of), FACT.c.omitted.is_(None))
    cells: Cells = {}
    _add_up(conn, [one for one in measures if one.additive], ours, thresholds, cells)
    _collect(conn, [one for one in measures if not one.additive], ours, thresholds, cells)
    return cells


def together(cells: Cells, measures: Iterable[Measure], people: Iterable[str | None]) -> Cell:
    """The sum of some measures over some people."""
    whole, everyone = Cell(), tuple(people)
    for one in measures:
        for person in everyone:
            if (cell := cells.get((one, person))) is not None:
                whole.add(cell)
    return whole


def in_days(period: Period) -> tuple[sa.ColumnElement[bool], ...]:
    """The half-open period in the facts' local days."""
    first, end = period.days()
    return FACT.c.day >= first, FACT.c.day < end


def _add_up(
    conn: Connection,
    measures: list[Measure],
    ours: tuple[sa.ColumnElement[bool], ...],
    thresholds: Mapping[str, float],
    cells: Cells,
) -> None:
    if not measures:
        return
    conditions = list(dict.fromkeys(one.where for one in measures))
    columns = [column for n, where in enumerate(conditions) for column in _columns(n, where, measures, thresholds)]
    for row in conn.execute(_grouped(columns, (*ours, FACT.c.kind.in_(_kinds(measures))))).mappings():
        for one in measures:
            if row["kind"] in one.kinds and (found := _cell(one, row, conditions.index(one.where))) is not None:
                cells.setdefault((one, row["user_id"]), Cell()).add(found)


def _grouped(columns: list[sa.Label[Any]], ours: tuple[sa.ColumnElement[bool], ...]) -> sa.Select[Any]:
    """By person, kind and confidence; first by day too, as the index has it, which spares SQLite sorting every fact."""
    keys = [FACT.c.user_id, FACT.c.kind, FACT.c.confidence]
    days = sa.select(*keys, *columns).where(*ours).group_by(FACT.c.day, *keys).subquery()
    outer = [days.c[key.name] for key in keys]
    return sa.select(*outer, *(sa.func.sum(days.c[one.name]).label(one.name) for one in columns)).group_by(*outer)


def _columns(
    place: int, where: Condition, measures: list[Measure], thresholds: Mapping[str, float]
) -> list[sa.Label[Any]]:
    """How many facts pass the conditions, and the sums that are asked for of them."""
    passes = _sql(where, thresholds)
    columns = [sa.func.count(_only(sa.literal(1), passes)).label(f"n{place}")]
    for of in sorted({one.of for one in measures if one.where == where and one.take == "sum"}):
        value = _only(FACT.c[of], passes)
        columns += [sa.func.sum(value).label(f"{of}{place}"), sa.func.count(value).label(f"with_{of}{place}")]
    return columns


def _only(value: sa.ColumnElement[Any], passes: sa.ColumnElement[bool] | None) -> sa.ColumnElement[Any]:
    return value if passes is None else sa.case((passes, value))


def _sql(where: Condition, thresholds: Mapping[str, float]) -> sa.ColumnElement[bool] | None:
    parts = [
        FACT.c[one.column].is_(None)
        if one.op == "unknown"
        else TESTS[one.op](FACT.c[one.column], one.limit(thresholds))
        for one in where
    ]
    return sa.and_(*parts) if parts else None


def _kinds(measures: Iterable[Measure]) -> list[str]:
    return sorted({kind for one in measures for kind in one.kinds})


def _cell(one: Measure, row: sa.RowMapping, place: int) -> Cell | None:
    """This row's part of a measure, None where nothing passed."""
    passed, confidence = int(row[f"n{place}"]), row["confidence"]
    if not passed:
        return None
    if one.take == "count":
        return Cell(passed, passed, confidence)
    total, counted = row[f"{one.of}{place}"] or 0, int(row[f"with_{one.of}{place}"])
    exact = int(total) if one.of == "amount" else Decimal(total)
    return Cell(exact, counted, confidence, passed - counted)


def _collect(
    conn: Connection,
    measures: list[Measure],
    ours: tuple[sa.ColumnElement[bool], ...],
    thresholds: Mapping[str, float],
    cells: Cells,
) -> None:
    """Medians and clients: the values themselves, as a team's cannot be had from its people's."""
    for one in measures:
        value = FACT.c.client if one.take == "clients" else FACT.c[one.of]
        passes = _sql(one.where, thresholds)
        query = sa.select(FACT.c.user_id, FACT.c.confidence, value).where(
            *ours, FACT.c.kind.in_(one.kinds), value.is_not(None), *(() if passes is None else (passes,))
        )
        gathered: dict[str | None, tuple[list[Any], set[Confidence]]] = {}
        for user, confidence, told in conn.execute(query):
            values, sure = gathered.setdefault(user, ([], set()))
            values.append(told)
            sure.add(confidence)
        for user, (values, sure) in gathered.items():
            cells[one, user] = Cell(n=len(values), confidence=worst(*sure), values=tuple(values))
