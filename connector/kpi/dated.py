"""What teams consist of where people moved within the period: cells and worked days of each part of them.

Nothing is measured twice where nobody moved. Else the period is measured once more in the stretches between the moves,
which together are the period, and of that only those who moved are kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy.engine import Connection

from connector.kpi.definition import Kpi, Measure
from connector.kpi.fold import Cell
from connector.kpi.frame import Frame, days_of
from connector.kpi.look import Look
from connector.kpi.measure import Cells, measure
from connector.kpi.spans import Part, Parts
from connector.moment import Period


def by_part(conn: Connection, look: Look, measures: Collection[Measure], parts: Parts, cells: Cells) -> Cells:
    """The cells with those of every part of whoever moved, of each measure that has any; `cells`: everybody's of the
    whole period.

    What stands at the period's end stands with the part that came last.
    """
    found: Cells = {}
    happened = [one for one in measures if not one.standing]
    for start, end in parts.stretches():
        stretch = replace(look, period=Period(look.period.label, start, end))
        for one, people in measure(conn, stretch, happened).items():
            for part in _within(parts, people, start, end):
                found.setdefault(one, {}).setdefault(part.name, Cell()).add(people[part.user])
    for one in (one for one in measures if one.standing):
        for user, some in parts.of.items():
            if (standing := cells.get(one, {}).get(user)) is not None:
                found.setdefault(one, {})[some[-1].name] = standing
    return {one: cells.get(one, {}) | theirs for one, theirs in found.items()}


def _within(parts: Parts, people: Iterable[str | None], start: date, end: date) -> Iterator[Part]:
    """The parts of these people that a stretch lies in."""
    for user in people:
        for part in parts.of.get(user, ()) if user is not None else ():
            if part.start <= start and end <= part.end:
                yield part


def worked_by_part(
    conn: Connection, seen: Frame, kpis: Collection[Kpi], names: Iterable[str], parts: Parts
) -> Mapping[str, int]:
    """The days that each of these people and parts worked, where a KPI asks for that."""
    wanted = set(names)
    days = dict(days_of(conn, seen, kpis, {parts.user(name) for name in wanted}))
    if not days:
        return days
    for part in (part for some in parts.of.values() for part in some if part.name in wanted):
        stretch = replace(seen, period=Period(seen.period.label, part.start, part.end))
        days[part.name] = days_of(conn, stretch, kpis, {part.user}).get(part.user, 0)
    return days
