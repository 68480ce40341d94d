"""DuckDB, asked for the same tallies of the same facts: in one statement over all kinds, and kind by kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import sqlalchemy as sa

from connector.config import Rules
from connector.kpi import cells
from connector.kpi.catalogue import ALL
from connector.kpi.kinds import STANDING
from connector.kpi.tally import Tally, by_kind, sql, tallies_of
from connector.kpi.varying import for_interval
from connector.moment import Period
from tests.bench.company import STANDS

RULES = Rules()
MEASURES = tuple(
    dict.fromkeys(one for kpi in ALL.values() for one in (*kpi.measures, *for_interval(kpi)) if one.additive)
)
LAYOUT = cells.layout(ALL.values(), RULES)
Way = Callable[[], object]


def read(file: Path) -> duckdb.DuckDBPyConnection:
    """Its table of facts, in memory."""
    duck = duckdb.connect()
    duck.execute(f"create table fact as select * from read_csv('{file}', nullstr='', header=true)")
    return duck


def month(duck: duckdb.DuckDBPyConnection, period: Period, moment: int, as_of: int | None) -> list[Way]:
    """A month by person, judged at a moment."""
    first, end = period.days()
    return _ways(duck, f"day >= {first} and day < {end}", "", moment, as_of)


def year(duck: duckdb.DuckDBPyConnection, moment: int) -> list[Way]:
    """The year by month and person."""
    return _ways(duck, "day >= 20260101 and day < 20270101", "day // 100, ", moment, None)


def wins(duck: duckdb.DuckDBPyConnection, period: Period) -> tuple[int, int]:
    """How many, and their amount: to see that both have the same facts."""
    first, end = period.days()
    said = f"from fact where kind = 'win' and known_to is null and day >= {first} and day < {end}"
    found = duck.execute(f"select count(*), sum(amount) {said}").fetchone()
    assert found is not None
    return int(found[0]), int(found[1])


def _ways(duck: duckdb.DuckDBPyConnection, days: str, by: str, moment: int, as_of: int | None) -> list[Way]:
    there = {kind for (kind,) in duck.execute("select distinct kind from fact").fetchall()}
    kinds = {kind: some for kind, some in by_kind(tallies_of(MEASURES)).items() if kind in there}
    stands = {kind: f"day = {STANDS}" if kind in STANDING else days for kind in kinds}
    known = "known_to is null"
    if as_of is not None:
        known = f"known_from <= {as_of} and (known_to is null or known_to > {as_of})"
    limits = LAYOUT.limits(moment)
    apart = [
        _statement(_columns(some, limits, ""), f"kind = '{kind}' and {stands[kind]} and {known}", by)
        for kind, some in kinds.items()
    ]
    every = [one for kind, some in kinds.items() for one in _columns(some, limits, f"kind = '{kind}'")]
    together = [_statement(every, f"({days} or day = {STANDS}) and {known}", by)]
    return [lambda said=said: [duck.execute(one).fetchall() for one in said] for said in (apart, together)]


def _columns(tallies: list[Tally], limits: Mapping[str, float], kind: str) -> list[str]:
    columns: list[str] = []
    for tally in tallies:
        test = sql(tally.where, limits)
        told = " and ".join([*([kind] if kind else ()), *(() if test is None else (_spelt(test),))])
        asked = ["count(*)", *(f"{how}({_column(tally.of)})" for how in ("count", "sum") if tally.of)]
        columns += [f"{one} filter (where {told})" if told else one for one in asked]
    return columns


def _column(of: str | None) -> str:
    """Its squares as floats, as ours are; there are no parts of wins in these facts."""
    name = (of or "").removesuffix("_squared")
    return name if name == of else f"{name}::double * {name}"


def _statement(columns: list[str], where: str, by: str) -> str:
    keys = f"{by}user_id, confidence"
    return f"select {keys}, {', '.join(columns)} from fact where {where} and omitted is null group by {keys}"


def _spelt(test: sa.ColumnElement[bool]) -> str:
    said = str(test.compile(compile_kwargs={"literal_binds": True}))
    return re.sub(r"fact\.at\b", '"at"', said).replace("fact.", "")
