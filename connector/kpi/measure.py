"""Facts -> cells: one grouped statement with conditional sums for all that adds up, one more for what does not.

Cells are by measure and person; a team's are sums of its people's, and ratios are taken only at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.fact import Confidence
from connector.kpi.definition import CREDITED, TESTS, Kpi, Measure, Where
from connector.kpi.fold import Cell, Gathered, value_of
from connector.kpi.look import Look
from connector.store.facts import FACT

Condition = tuple[Where, ...]
Cells = dict[tuple[Measure, str | None], Cell]
_GATHERED = ("kind", "confidence", "client", "at", "amount", "number", "other", "stage")


def measure(conn: Connection, look: Look, measures: Collection[Measure]) -> Cells:
    """Cells of every person with facts that count; None stands for facts of nobody.

    Sums are integers whatever the database makes of them.
    """
    cells: Cells = {}
    for group in _alike(one for one in measures if one.additive):
        _add_up(conn, group, look, cells)
    for one in measures:
        if not one.additive:
            _collect(conn, one, look, cells)
    return cells


def together(cells: Cells, measures: Iterable[Measure], people: Iterable[str | None]) -> Cell:
    """The sum of some measures over some people."""
    whole, everyone = Cell(), tuple(people)
    for one in measures:
        for person in everyone:
            if (cell := cells.get((one, person))) is not None:
                whole.add(cell)
    return whole


def gathered(cells: Cells, kpi: Kpi, people: Collection[str | None]) -> Gathered:
    """All of a KPI for some people."""
    spread = together(cells, (kpi.spread,), people) if kpi.spread else Cell()
    top, bottom = together(cells, kpi.top, people), together(cells, kpi.bottom, people)
    return Gathered(top, bottom, spread, together(cells, kpi.ripens, people).n)


def sql(where: Condition, thresholds: Mapping[str, float]) -> sa.ColumnElement[bool] | None:
    """The conditions as the database tests them, None where there are none."""
    parts = [_test(one, thresholds) for one in where]
    return sa.and_(*parts) if parts else None


def _test(one: Where, thresholds: Mapping[str, float]) -> sa.ColumnElement[bool]:
    column: sa.ColumnElement[Any] = FACT.c[one.column]
    if one.op == "unknown":
        return column.is_(None)
    if one.op == "known":
        return column.is_not(None)
    if isinstance(one.than, tuple):
        return column.in_(one.than)
    tested: sa.ColumnElement[bool] = TESTS[one.op](column, one.limit(thresholds))
    return tested


def _alike(measures: Iterable[Measure]) -> Iterator[list[Measure]]:
    """Those that one statement can measure: of the same sort of facts, credited by the same column."""

    def sort(one: Measure) -> tuple[bool, str]:
        return one.standing, CREDITED[one.credit]

    for _, group in groupby(sorted(measures, key=sort), sort):
        yield list(group)


def _add_up(conn: Connection, measures: list[Measure], look: Look, cells: Cells) -> None:
    who, standing = FACT.c[CREDITED[measures[0].credit]], measures[0].standing
    limits = look.limits.of(measures[0])
    conditions = list(dict.fromkeys(one.where for one in measures))
    columns = [column for n, where in enumerate(conditions) for column in _columns(n, where, measures, limits)]
    counted = (*look.facts(standing=standing), FACT.c.omitted.is_(None), FACT.c.kind.in_(_kinds(measures)))
    for row in conn.execute(_grouped(who, columns, counted)).mappings():
        for one in measures:
            if row["kind"] in one.kinds and (found := _cell(one, row, conditions.index(one.where))) is not None:
                cells.setdefault((one, row["person"]), Cell()).add(found)


def _grouped(
    who: sa.Column[Any], columns: list[sa.Label[Any]], counted: tuple[sa.ColumnElement[bool], ...]
) -> sa.Select[Any]:
    """By person, kind and confidence; first by day too, as the index has it, which spares SQLite sorting every fact."""
    keys = [who.label("person"), FACT.c.kind, FACT.c.confidence]
    days = sa.select(*keys, *columns).where(*counted).group_by(FACT.c.day, who, FACT.c.kind, FACT.c.confidence)
    inner = days.subquery()
    outer = [inner.c[name] for name in ("person", "kind", "confidence")]
    return sa.select(*outer, *(sa.func.sum(inner.c[one.name]).label(one.name) for one in columns)).group_by(*outer)


def _columns(
    place: int, where: Condition, measures: list[Measure], thresholds: Mapping[str, float]
) -> list[sa.Label[Any]]:
    """How many facts pass the conditions, and the sums that are asked for of them.

    Only the kinds that somebody measures so are tested: the first test fails for most facts, and the rest are spared.
    """
    asked = [one for one in measures if one.where == where]
    test = sql(where, thresholds)
    ours = FACT.c.kind.in_(_kinds(asked))
    passes = ours if test is None else sa.and_(ours, test)
    columns = [sa.func.count(sa.case((passes, 1))).label(f"n{place}")]
    for of in sorted({one.of for one in asked if one.take == "sum"}):
        value = sa.case((passes, FACT.c[of]))
        columns += [sa.func.sum(value).label(f"{of}{place}"), sa.func.count(value).label(f"with_{of}{place}")]
    return columns


def _kinds(measures: Iterable[Measure]) -> list[str]:
    return sorted({kind for one in measures for kind in one.kinds})


def _cell(one: Measure, row: sa.RowMapping, place: int) -> Cell | None:
    """This row's part of a measure, None where nothing passed."""
    passed, confidence = int(row[f"n{place}"]), row["confidence"]
    if not passed:
        return None
    assumed = passed if confidence == "assumed" else 0
    if one.take == "count":
        return Cell(passed, passed, confidence, assumed=assumed)
    total, counted = row[f"{one.of}{place}"] or 0, int(row[f"with_{one.of}{place}"])
    if one.of == "amount":
        return Cell(int(total), counted, confidence, passed - counted, assumed=assumed)
    return Cell(Decimal(total), counted, confidence, assumed=assumed)


def _collect(conn: Connection, one: Measure, look: Look, cells: Cells) -> None:
    """Quantiles, clients and waiting times: the values themselves, as a team's cannot be had from its people's."""
    test = sql(one.where, look.limits.of(one))
    who = FACT.c[CREDITED[one.credit]].label("person")
    query = sa.select(who, *(FACT.c[name] for name in _GATHERED)).where(
        *look.facts(standing=one.standing),
        FACT.c.omitted.is_(None),
        FACT.c.kind.in_(one.kinds),
        *(() if test is None else (test,)),
    )
    values: dict[tuple[str | None, Confidence], list[Any]] = {}
    for row in conn.execute(query):
        if (value := value_of(one, row, look.limits)) is not None:
            values.setdefault((row.person, row.confidence), []).append(value)
    for (person, confidence), some in sorted(values.items(), key=str):
        assumed = len(some) if confidence == "assumed" else 0
        cell = Cell(0, len(some), confidence, values=tuple(some), assumed=assumed)
        cells.setdefault((one, person), Cell()).add(cell)
