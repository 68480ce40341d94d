"""Tallies: what additive measures are made of. Facts of one kind that pass some conditions, counted and summed.

Each kind is asked for by itself, so that its facts are tested for what concerns them and nothing else. Several measures
share a tally: revenue and the number of wins are the sum and the count of the same facts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from connector.fact import Confidence
from connector.kpi.definition import TESTS, Measure, Where
from connector.store.facts import FACT

Condition = tuple[Where, ...]
Of = Literal["amount", "number", "other", "amount_squared", "number_squared", "other_squared"]
_SQUARED: dict[str, Of] = {"amount": "amount_squared", "number": "number_squared", "other": "other_squared"}
_OFS: tuple[Of | None, ...] = (None, "amount", "number", "other", *_SQUARED.values())


@dataclass(frozen=True, slots=True)
class Tally:
    """Facts of this kind that pass every condition: how many, and of how many of them `of` is known, and its sum."""

    kind: str
    where: Condition = ()
    of: Of | None = None

    def key(self, thresholds: Mapping[str, float]) -> str:
        """The same as long as the same facts are counted; moments are named, as they pass."""
        return _digest(self.kind, tuple((_named(one), one.op, _than(one, thresholds)) for one in self.where), self.of)


@lru_cache(4096)
def _digest(kind: str, said: tuple[tuple[str, str, object], ...], of: Of | None) -> str:
    return hashlib.blake2b(repr((kind, list(said), of)).encode(), digest_size=6).hexdigest()


class Part(NamedTuple):
    """What a tally came to for one person in facts of one confidence; `total` is None where `of` is nowhere known.

    Of amounts it is an integer; other sums are as the database gives them: PostgreSQL's are decimals.
    """

    confidence: Confidence
    passed: int
    valued: int
    total: int | float | Decimal | None


def tallies_of(measures: Iterable[Measure]) -> list[Tally]:
    """The fewest tallies that these additive measures can be read from, by kind."""
    asked: dict[tuple[str, Condition], set[Of]] = {}
    for one in measures:
        for kind in one.kinds:
            asked.setdefault((kind, one.where), set()).update(() if (of := _of(one)) is None else {of})
    found = [Tally(kind, where, of) for (kind, where), ofs in asked.items() for of in sorted(ofs) or (None,)]
    return sorted(found, key=lambda tally: tally.kind)


def serving(one: Measure, kind: str) -> Iterator[Tally]:
    """The tallies from which a measure's facts of a kind can be read: a count from any with its conditions."""
    of = _of(one)
    for each in _OFS if of is None else (of,):
        yield Tally(kind, one.where, each)


def _of(one: Measure) -> Of | None:
    """The column that it adds up."""
    if one.take == "squares":
        return _SQUARED[one.of]
    return one.of if one.take == "sum" else None


def sql(where: Condition, thresholds: Mapping[str, float]) -> sa.ColumnElement[bool] | None:
    """The conditions as the database tests them, None where there are none."""
    parts = [_test(one, thresholds) for one in where]
    return sa.and_(*parts) if parts else None


def columns_of(tallies: Sequence[Tally], thresholds: Mapping[str, float]) -> list[sa.Label[Any]]:
    """For tallies of one kind, each in its place: passed, valued, total."""
    columns: list[sa.Label[Any]] = []
    for place, tally in enumerate(tallies):
        test = sql(tally.where, thresholds)
        passed = sa.func.count() if test is None else sa.func.count(sa.case((test, 1)))
        columns.append(passed.label(f"passed{place}"))
        if tally.of is not None:
            column = _column(tally.kind, tally.of)
            value: Any = column if test is None else sa.case((test, column))
            columns += [sa.func.count(value).label(f"valued{place}"), sa.func.sum(value).label(f"total{place}")]
    return columns


def _column(kind: str, of: Of) -> sa.ColumnElement[Any]:
    """What is added up. Squares are floats, as those of great amounts are beyond any integer. Of a shared win its parts
    make up the square of the whole (fold.squared).
    """
    if of not in _SQUARED.values():
        return FACT.c[of]
    value = sa.cast(FACT.c[of.removesuffix("_squared")], sa.Double)
    return value * value / sa.func.nullif(FACT.c.number, 0) if kind == "win_part" else value * value


def parts_of(tallies: Sequence[Tally], confidence: Confidence, values: Sequence[Any]) -> Iterator[tuple[Tally, Part]]:
    """What a row of these columns says of each tally that anything passed."""
    place = 0
    for tally in tallies:
        passed = int(values[place])
        valued, total = (0, None) if tally.of is None else (int(values[place + 1]), values[place + 2])
        place += 1 if tally.of is None else 3
        if tally.of == "amount" and total is not None:
            total = int(total)
        if passed:
            yield tally, Part(confidence, passed, valued, total)


def by_kind(tallies: Collection[Tally]) -> dict[str, list[Tally]]:
    """In one order."""
    found: dict[str, list[Tally]] = {}
    for tally in tallies:
        found.setdefault(tally.kind, []).append(tally)
    return found


def _named(one: Where) -> str:
    return one.column if one.instead is None else f"{one.column}|{one.instead}"


def _than(one: Where, thresholds: Mapping[str, float]) -> object:
    return one.than if one.moves or isinstance(one.than, tuple) else float(one.limit(thresholds))


def _test(one: Where, thresholds: Mapping[str, float]) -> sa.ColumnElement[bool]:
    column: sa.ColumnElement[Any] = FACT.c[one.column]
    if one.op == "unknown":
        return column.is_(None)
    if one.op == "known":
        return column.is_not(None)
    if isinstance(one.than, tuple):
        return tested(one).in_(one.than)
    found: sa.ColumnElement[bool] = TESTS[one.op](tested(one), one.limit(thresholds))
    return found


def tested(one: Where) -> sa.ColumnElement[Any]:
    """What a condition compares, as the database has it."""
    column: sa.ColumnElement[Any] = FACT.c[one.column]
    return column if one.instead is None else sa.func.coalesce(column, FACT.c[one.instead])
