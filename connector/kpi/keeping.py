"""Cells kept up: made of the live facts, changed in the transaction that changes the facts, judged by the clock.

Conditions on the clock are judged as of the book's moment, which moves on when facts were derived (`advance`): whose
deadline passed since is counted anew, and nobody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.kpi.cells import Layout, span_of, stood_key
from connector.kpi.kinds import STANDING
from connector.kpi.look import STANDING_DAY
from connector.kpi.tally import Part, Tally, columns_of, parts_of, tested
from connector.moment import DAY, day_number, from_ms
from connector.store import cells, sheets
from connector.store.cells import NOBODY, Book
from connector.store.facts import FACT, Touched, moments
from connector.store.upsert import among

_ROWS = 10_000


def stale(conn: Connection, account: int, wanted: Layout) -> list[str]:
    """Kinds of which some tally is not kept yet; those that nobody wants any more are dropped."""
    book = cells.book(conn, account)
    kept = _wanted(book, wanted)
    gone = book is not None and len(kept) < len(book.tallies)
    if book and gone:
        cells.keep(conn, account, Book(book.moment, kept))
    if book is None or gone or not wanted.tallies.keys() <= kept.keys():
        cells.sweep(conn, account, set(kept.values()))  # half-made ones of a run that was killed too
        sheets.pack_all(conn, account)
    return sorted({tally.kind for key, tally in wanted.tallies.items() if key not in kept})


def build(conn: Connection, account: int, wanted: Layout, kind: str, numbers: Mapping[str, int], moment: int) -> None:
    """Make the days' cells of a kind's tallies that are not kept yet, of all its live facts."""
    book = cells.book(conn, account)
    kept = book.tallies if book else {}
    new = {key: tally for key, tally in wanted.tallies.items() if tally.kind == kind and key not in kept}
    for some in _batches(_counted(conn, account, kind, new, numbers, wanted.limits(moment))):
        cells.add(conn, some)


def finish(conn: Connection, account: int, wanted: Layout, numbers: Mapping[str, int], moment: int) -> None:
    """Make the months of the days that were built, and let the cells be read."""
    book = cells.book(conn, account)
    kept = book.tallies if book else {}
    new = [numbers[key] for key, one in wanted.tallies.items() if key not in kept and one.kind not in STANDING]
    cells.add_months(conn, account, new)
    sheets.pack_all(conn, account)
    cells.keep(conn, account, Book(moment, numbers))


def numbered(conn: Connection, account: int, wanted: Layout) -> dict[str, int]:
    """A number for every tally: those that have one keep it."""
    book = cells.book(conn, account)
    numbers = _wanted(book, wanted)
    free = max(numbers.values(), default=0)
    for key in sorted(wanted.tallies.keys() - numbers.keys()):
        free += 1
        numbers[key] = free
    return numbers


def remember(conn: Connection, account: int, wanted: Layout, ends: Iterable[int]) -> None:
    """Count once what stood at these past moments (epoch ms): as facts are only ever added to, that stays."""
    book = cells.book(conn, account)
    assert book is not None
    numbers = dict(book.tallies)
    for at in ends:
        standing = {key: one for key, one in wanted.tallies.items() if one.kind in STANDING}
        new = {key: one for key, one in standing.items() if stood_key(key, at) not in numbers}
        last = max(numbers.values(), default=0)
        numbers |= {stood_key(key, at): last + n for n, key in enumerate(sorted(new), start=1)}
        for key, one in new.items():
            _remember_one(conn, account, one, numbers[stood_key(key, at)], wanted.limits(at), at)
        if new:
            sheets.pack_all(conn, account, [span_of(at)])
    cells.keep(conn, account, Book(book.moment, numbers))


def _remember_one(
    conn: Connection, account: int, one: Tally, number: int, limits: Mapping[str, float], at: int
) -> None:
    keys, columns = (FACT.c.user_id, FACT.c.confidence), columns_of([one], limits)
    ours = (FACT.c.account == account, FACT.c.kind == one.kind, FACT.c.day == STANDING_DAY, FACT.c.omitted.is_(None))
    parts = sa.union_all(*(sa.select(*keys, *columns).where(*ours, *some).group_by(*keys) for some in moments(at)))
    inner = parts.subquery()
    names = [inner.c[key.name] for key in keys]
    sums = [sa.func.sum(inner.c[column.name]) for column in columns]
    found = conn.execute(sa.select(*names, *sums).group_by(*names)).all()
    told = [(user, *part) for user, confidence, *values in found for part in parts_of([one], confidence, values)]
    cells.add(conn, [_row(account, span_of(at), number, *part) for part in told])


def refresh(conn: Connection, account: int, wanted: Layout, touched: Collection[Touched]) -> None:
    """Count anew what these people's days come to, in the transaction that changed their facts."""
    book = cells.book(conn, account)
    if book is None or not touched:
        return
    limits, packed = wanted.limits(book.moment), set[cells.Pair]()
    for kind in sorted({one.kind for one in touched}):
        kept = {key: t for key, t in wanted.tallies.items() if t.kind == kind and key in book.tallies}
        pairs = {(one.day, one.user or NOBODY) for one in touched if one.kind == kind}
        if not kept:
            continue
        numbers = [book.tallies[key] for key in kept]
        cells.remove(conn, account, numbers, pairs)
        for some in _batches(_counted(conn, account, kind, kept, book.tallies, limits, pairs)):
            cells.add(conn, some)
        months = {(cells.month_of(day), user) for day, user in pairs if day != STANDING_DAY}
        cells.remove(conn, account, numbers, months)
        cells.add_months(conn, account, numbers, months)
        packed |= months | {pair for pair in pairs if pair[0] == STANDING_DAY}
    sheets.pack(conn, account, packed)


def advance(conn: Connection, account: int, wanted: Layout, moment: int) -> None:
    """Judge as of a later moment: what the clock reached in between is counted anew."""
    book = cells.book(conn, account)
    if book is None or moment == book.moment:
        return
    reached = _reached(conn, account, wanted, book, moment)
    cells.keep(conn, account, Book(moment, book.tallies))
    refresh(conn, account, wanted, reached)


def _reached(conn: Connection, account: int, wanted: Layout, book: Book, moment: int) -> set[Touched]:
    """Whose days have facts that a condition on the clock judges otherwise now than before."""
    before, after = wanted.limits(book.moment), wanted.limits(moment)
    found: set[Touched] = set()
    moving = {(t.kind, replace(w, op="le")) for t in wanted.tallies.values() for w in t.where if w.moves}
    live = (FACT.c.account == account, FACT.c.known_to.is_(None), FACT.c.omitted.is_(None))
    for kind, clock in sorted(moving, key=repr):
        low, high = sorted((clock.limit(before), clock.limit(after)))
        between = sa.and_(tested(clock) >= low, tested(clock) <= high)
        stands = (FACT.c.day == STANDING_DAY,) if kind in STANDING else _on_days(clock.column, low, high)
        query = sa.select(FACT.c.kind, FACT.c.day, FACT.c.user_id).where(*live, FACT.c.kind == kind, between, *stands)
        found.update(Touched(*row) for row in conn.execute(query.distinct()))
    return found


def _on_days(column: str, low: float, high: float) -> tuple[sa.ColumnElement[bool], ...]:
    """What happened between two moments has one of their days, in whatever zone: so the days' index is enough."""
    if column != "at":
        return ()
    first, last = (day_number(from_ms(int(edge)).date() + days * DAY) for edge, days in ((low, -1), (high, 1)))
    return FACT.c.day >= first, FACT.c.day <= last


def _counted(
    conn: Connection,
    account: int,
    kind: str,
    tallies: Mapping[str, Tally],
    numbers: Mapping[str, int],
    limits: Mapping[str, float],
    pairs: Collection[tuple[int, str]] | None = None,
) -> Iterator[cells.Row]:
    """The rows of cells of a kind's live facts, of all days or of these pairs."""
    listed, number = list(tallies.values()), {tally: numbers[key] for key, tally in tallies.items()}
    for row in _grouped(conn, account, kind, columns_of(listed, limits), pairs):
        day, user, confidence, *values = row
        for tally, part in parts_of(listed, confidence, values):
            yield _row(account, day, number[tally], user, tally, part)


def _row(account: int, span: int, number: int, user: str | None, tally: Tally, part: Part) -> cells.Row:
    amount = None if tally.of != "amount" or part.total is None else int(part.total)
    total = None if tally.of in (None, "amount") or part.total is None else float(part.total)
    return account, span, user or NOBODY, number, part.confidence, part.passed, part.valued, amount, total


def _wanted(book: Book | None, wanted: Layout) -> dict[str, int]:
    """What is kept already, of now and of past moments."""
    kept = book.tallies if book else {}
    return {key: number for key, number in kept.items() if key.partition("@")[0] in wanted.tallies}


def _grouped(
    conn: Connection,
    account: int,
    kind: str,
    columns: Sequence[sa.Label[Any]],
    pairs: Collection[tuple[int, str]] | None,
) -> Iterator[Any]:
    keys = (FACT.c.day, FACT.c.user_id, FACT.c.confidence)
    ours = (FACT.c.account == account, FACT.c.kind == kind, FACT.c.known_to.is_(None), FACT.c.omitted.is_(None))
    if pairs is None:
        yield from conn.execute(sa.select(*keys, *columns).where(*ours).group_by(*keys))
        return
    known, nobody = [pair for pair in pairs if pair[1]], [day for day, user in pairs if not user]
    if known:
        theirs = cells.of_pairs(conn, sorted(known), FACT.c.day, FACT.c.user_id, *ours)
        yield from conn.execute(theirs.add_columns(*keys, *columns).group_by(*keys))
    if nobody:
        theirs = sa.select(*keys, *columns).where(among(conn, FACT.c.day, sorted(nobody)), FACT.c.user_id.is_(None))
        yield from conn.execute(theirs.where(*ours).group_by(*keys))


def _batches(rows: Iterable[cells.Row]) -> Iterator[list[cells.Row]]:
    some: list[cells.Row] = []
    for row in rows:
        some.append(row)
        if len(some) == _ROWS:
            yield some
            some = []
    if some:
        yield some
