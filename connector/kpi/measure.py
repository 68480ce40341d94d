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
from connector.kpi.definition import TESTS, Measure, Where
from connector.kpi.fold import Cell, cell_of
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
    keys = (FACT.c.user_id, FACT.c.kind, FACT.c.confidence)
    query = sa.select(*keys, *columns).where(*ours, FACT.c.kind.in_(_kinds(measures))).group_by(*keys)
    for row in conn.execute(query).mappings():
        for one in measures:
            if row["kind"] in one.kinds and (found := _cell(one, row, conditions.index(one.where))) is not None:
                cells.setdefault((one, row["user_id"]), Cell()).add(found)


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
    passed, confidence = row[f"n{place}"], row["confidence"]
    if not passed:
        return None
    if one.take == "count":
        return Cell(passed, passed, confidence)
    total, counted = row[f"{one.of}{place}"] or 0, row[f"with_{one.of}{place}"]
    exact = int(total) if one.of == "amount" else Decimal(total)
    return Cell(exact, counted, confidence, passed - counted)


def _collect(
    conn: Connection,
    measures: list[Measure],
    ours: tuple[sa.ColumnElement[bool], ...],
    thresholds: Mapping[str, float],
    cells: Cells,
) -> None:
    if not measures:
        return
    gathered: dict[tuple[Measure, str | None], list[Cell]] = {}
    columns = [FACT.c[name] for name in ("user_id", "kind", "amount", "number", "due_at", "client", "confidence")]
    for row in conn.execute(sa.select(*columns).where(*ours, FACT.c.kind.in_(_kinds(measures)))):
        for one in measures:
            if one.holds(row, thresholds) and (found := cell_of(one, row)) is not None:
                gathered.setdefault((one, row.user_id), []).append(found)
    for key, several in gathered.items():
        values = tuple(value for cell in several for value in cell.values)
        cells[key] = Cell(n=len(several), confidence=worst(*(cell.confidence for cell in several)), values=values)
