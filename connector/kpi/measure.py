"""Facts -> cells: what adds up is read where it is kept, or counted by one grouped statement a kind; of what does not
the values themselves are collected.

Cells are by measure and person; a team's are sums of its people's, and ratios are taken only at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.fact import Confidence
from connector.kpi import cells as kept
from connector.kpi.definition import CREDITED, Kpi, Measure
from connector.kpi.fold import Cell, Gathered, value_of
from connector.kpi.look import Look
from connector.kpi.sink import Sinks, pour
from connector.kpi.tally import Tally, by_kind, columns_of, parts_of, serving, sql, tallies_of
from connector.kpi.varying import varied
from connector.store.facts import FACT, moments

Cells = dict[Measure, dict[str | None, Cell]]
"""By measure and person; no entry where there is no fact."""
_GATHERED = ("kind", "confidence", "client", "at", "amount", "number", "other", "stage", "key")


def measure(conn: Connection, look: Look, measures: Collection[Measure]) -> Cells:
    """Cells of every person looked at with facts that count; None stands for facts of nobody.

    Sums are integers whatever the database makes of them.
    """
    found: Cells = {}
    wanted = [one for one in measures if one.additive]
    ready, book = kept.readable(conn, look, wanted)
    if book is not None:
        sinks = Sinks(ready)
        kept.read(conn, look, book, sinks.of)
        found.update(sinks.filled())
    for group in _alike(one for one in wanted if one not in ready):
        _add_up(conn, group, look, found)
    for one in measures:
        if not one.additive:
            _collect(conn, one, look, found)
    return found


def together(cells: Cells, measures: Iterable[Measure], people: Iterable[str | None]) -> Cell:
    """The sum of some measures over some people."""
    whole, everyone = Cell(), tuple(people)
    for one in measures:
        theirs = cells.get(one, {})
        for person in everyone:
            if (cell := theirs.get(person)) is not None:
                whole.add(cell)
    return whole


def gathered(cells: Cells, kpi: Kpi, people: Collection[str | None]) -> Gathered:
    """All of a KPI for some people."""
    spread = together(cells, (kpi.spread,), people) if kpi.spread else Cell()
    top, bottom = together(cells, kpi.top, people), together(cells, kpi.bottom, people)
    above, below = (together(cells, side, people) for side in varied(kpi))
    return Gathered(top, bottom, spread, together(cells, kpi.ripens, people).n, above, below)


def _alike(measures: Iterable[Measure]) -> Iterator[list[Measure]]:
    """Those that one statement can measure: of the same sort of facts, credited by the same column."""

    def sort(one: Measure) -> tuple[bool, str]:
        return one.standing, CREDITED[one.credit]

    for _, group in groupby(sorted(measures, key=sort), sort):
        yield list(group)


def _add_up(conn: Connection, measures: list[Measure], look: Look, cells: Cells) -> None:
    """Measures of the same sort, counted in the facts."""
    tallies = tallies_of(measures)
    asked = set(tallies)
    sinks = Sinks({one: [next(t for t in serving(one, kind) if t in asked) for kind in one.kinds] for one in measures})
    for some in by_kind(tallies).values():
        for statement in _statements(some, measures[0], look):
            for person, confidence, *values in conn.execute(statement):
                for tally, part in parts_of(some, confidence, values):
                    pour(sinks.of[tally], person, *part)
    cells.update(sinks.filled())


def _statements(tallies: list[Tally], one: Measure, look: Look) -> Iterator[sa.Select[Any]]:
    """By person and confidence, what is known and what was; first by day too, as the index has it, which spares SQLite
    sorting every fact.
    """
    who = FACT.c[CREDITED[one.credit]]
    keys, columns = (who.label("person"), FACT.c.confidence), columns_of(tallies, look.limits.of(one))
    counted = (*look.where(standing=one.standing), FACT.c.omitted.is_(None), FACT.c.kind == tallies[0].kind)
    counted += look.whose(who)
    for known in moments(look.known(standing=one.standing)):
        days = sa.select(*keys, *columns).where(*counted, *known).group_by(FACT.c.day, who, FACT.c.confidence)
        inner = days.subquery()
        sums = (sa.func.sum(inner.c[one.name]).label(one.name) for one in columns)
        yield sa.select(inner.c.person, inner.c.confidence, *sums).group_by(inner.c.person, inner.c.confidence)


def _collect(conn: Connection, one: Measure, look: Look, cells: Cells) -> None:
    """Quantiles, clients, waiting times and what each client brings: the values themselves, as a team's cannot be had
    from its people's.
    """
    test = sql(one.where, look.limits.of(one))
    who = FACT.c[CREDITED[one.credit]]
    query = sa.select(who.label("person"), *(FACT.c[name] for name in _GATHERED)).where(
        *look.facts(standing=one.standing),
        FACT.c.omitted.is_(None),
        FACT.c.kind.in_(one.kinds),
        *look.whose(who),
        *(() if test is None else (test,)),
    )
    values: dict[tuple[str | None, Confidence], list[Any]] = {}
    for row in conn.execute(query):
        if (value := value_of(one, row, look.limits)) is not None:
            values.setdefault((row.person, row.confidence), []).append(value)
    people: dict[str | None, Cell] = {}
    for (person, confidence), some in sorted(values.items(), key=str):
        assumed = len(some) if confidence == "assumed" else 0
        cell = Cell(0, len(some), confidence, values=tuple(some), assumed=assumed)
        people.setdefault(person, Cell()).add(cell)
    if people:
        cells[one] = people
