"""Cells: today's numbers kept ready, by day and month, person and tally, changed together with the facts.

The two ways are equal: what a cell says is what one grouped statement over the live facts says. What cannot be added
up, other credit than the owner's at the event, and every question about the past go to the facts. Conditions on the
clock are judged as of the book's moment, which moves on when facts were derived (`advance`): whose deadline passed
since is counted anew, and nobody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.kpi.definition import CREDITED, Kpi, Measure, thresholds
from connector.kpi.kinds import STANDING
from connector.kpi.look import STANDING_DAY, Look
from connector.kpi.tally import Part, Tally, columns_of, parts_of, serving, tallies_of
from connector.moment import DAY, day_number, from_ms
from connector.store import cells
from connector.store.cells import NOBODY, Book
from connector.store.facts import FACT, Touched, moments
from connector.store.upsert import among

Parts = dict[Tally, list[Part]]
_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Layout:
    """Which tallies are kept by which rules, each with its key."""

    tallies: Mapping[str, Tally]
    rules: Rules

    def limits(self, moment: int) -> Mapping[str, float]:
        """What conditions are compared with, as of a moment."""
        return thresholds(self.rules, moment)


def layout(kpis: Iterable[Kpi], rules: Rules) -> Layout:
    """Everything of these KPIs that can be kept, credited as the rules say."""
    known = [kpi.credited(rules.credit) for kpi in kpis]
    measures = dict.fromkeys(
        one for kpi in known for one in (*kpi.measures, *(kpi.muted.measures if kpi.muted else ()))
    )
    named = thresholds(rules, 0)
    return Layout({tally.key(named): tally for tally in tallies_of(filter(keepable, measures))}, rules)


def keepable(one: Measure) -> bool:
    """Whether cells can hold it: an index tells which facts the clock has reached, that of `due_at` or of days."""
    found = all(where.column in ("due_at", "at") or one.standing for where in one.where if where.moves)
    alike = not any(where.of_period for where in one.where)
    return one.additive and CREDITED[one.credit] == "user_id" and found and alike


def readable(
    conn: Connection, look: Look, measures: Iterable[Measure]
) -> tuple[dict[Measure, list[Tally]], Book | None]:
    """The measures that the cells can answer in this look, each with the tallies it is read from."""
    book = cells.book(conn, look.account) if look.as_of is None else None
    if book is None:
        return {}, None
    found = {one: tallies for one in measures if (tallies := _kept(one, look, book)) is not None}
    return found, book


def _kept(one: Measure, look: Look, book: Book) -> list[Tally] | None:
    limits = look.limits.of(one)
    past = one.standing and look.stood_at is not None
    if not keepable(one) or (one.moves and not past and limits["as_of"] != book.moment):
        return None
    found = [next((t for t in serving(one, kind) if _key(t, look) in book.tallies), None) for kind in one.kinds]
    tallies = [tally for tally in found if tally is not None]
    return tallies if len(tallies) == len(found) else None


def _key(tally: Tally, look: Look) -> str:
    """What stood at a past moment is a tally of its own, which never changes."""
    if tally.kind not in STANDING:
        return tally.key(look.limits.happened)
    key = tally.key(look.limits.stands)
    return key if look.stood_at is None else _stood(key, look.stood_at)


def _stood(key: str, at: int) -> str:
    return f"{key}@{at}"


def read(conn: Connection, look: Look, book: Book, ready: Mapping[Measure, Sequence[Tally]]) -> Parts:
    """The parts of the tallies of these measures, by what the cells say of the period."""
    keys = {tally: _key(tally, look) for tallies in ready.values() for tally in tallies}
    numbers = {book.tallies[key]: tally for tally, key in keys.items()}
    parts: Parts = {tally: [] for tally in numbers.values()}
    stood = STANDING_DAY if look.stood_at is None else _span(look.stood_at)
    spans = [*cells.spans(look.period), *([stood] if any(tally.kind in STANDING for tally in keys) else ())]
    rows = cells.read(conn, look.account, spans, tallies=numbers.keys(), people=look.only)
    sinks = {number: (parts[tally].append, tally.of == "amount") for number, tally in numbers.items()}
    for user, number, confidence, passed, valued, amount, total in rows:
        if (
            sink := sinks.get(number)
        ) is not None:  # looked up by number: thousands of rows, and a tally's hash is dear
            keep, money = sink
            keep(Part(user or None, confidence, passed, valued, amount if money else total))
    return parts


def stale(conn: Connection, account: int, wanted: Layout) -> list[str]:
    """Kinds of which some tally is not kept yet; those that nobody wants any more are dropped."""
    book = cells.book(conn, account)
    kept = _wanted(book, wanted)
    if book and len(kept) < len(book.tallies):
        cells.keep(conn, account, Book(book.moment, kept))
    if book is None or not wanted.tallies.keys() <= kept.keys():
        cells.sweep(conn, account, set(kept.values()))  # half-made ones of a run that was killed too
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
        new = {key: one for key, one in standing.items() if _stood(key, at) not in numbers}
        last = max(numbers.values(), default=0)
        numbers |= {_stood(key, at): last + n for n, key in enumerate(sorted(new), start=1)}
        for key, one in new.items():
            _remember_one(conn, account, one, numbers[_stood(key, at)], wanted.limits(at), at)
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
    told = (part for user, confidence, *values in found for part in parts_of([one], user, confidence, values))
    cells.add(conn, [_row(account, _span(at), number, *part) for part in told])


def _span(at: int) -> int:
    """Where what stood at a moment is kept: no day or month."""
    return -(at // 86_400_000)


def refresh(conn: Connection, account: int, wanted: Layout, touched: Collection[Touched]) -> None:
    """Count anew what these people's days come to, in the transaction that changed their facts."""
    book = cells.book(conn, account)
    if book is None or not touched:
        return
    limits = wanted.limits(book.moment)
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
        between = sa.and_(FACT.c[clock.column] >= low, FACT.c[clock.column] <= high)
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
        for tally, part in parts_of(listed, user, confidence, values):
            yield _row(account, day, number[tally], tally, part)


def _row(account: int, span: int, number: int, tally: Tally, part: Part) -> cells.Row:
    amount = None if tally.of != "amount" or part.total is None else int(part.total)
    total = None if tally.of in (None, "amount") or part.total is None else float(part.total)
    return account, span, part.person or NOBODY, number, part.confidence, part.passed, part.valued, amount, total


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
