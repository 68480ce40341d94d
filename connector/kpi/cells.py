"""Cells: today's numbers kept ready, by day and month, person and tally, changed together with the facts.

The two ways are equal: what a cell says is what one grouped statement over the live facts says. What cannot be added
up, other credit than the owner's at the event, and every question about the past go to the facts. How they are kept
up with the facts and the clock: connector/kpi/keeping.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.kpi.definition import CREDITED, Kpi, Measure, thresholds
from connector.kpi.kinds import STANDING
from connector.kpi.look import STANDING_DAY, Look
from connector.kpi.sink import Sink, pour
from connector.kpi.tally import Tally, serving, tallies_of
from connector.kpi.varying import for_interval
from connector.store import cells, sheets
from connector.store.cells import Book


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
        one for kpi in known for one in (*kpi.measures, *for_interval(kpi), *(kpi.muted.measures if kpi.muted else ()))
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
    return key if look.stood_at is None else stood_key(key, look.stood_at)


def stood_key(key: str, at: int) -> str:
    """The key of what a tally came to at a past moment (epoch ms)."""
    return f"{key}@{at}"


def read(conn: Connection, look: Look, book: Book, sinks: Mapping[Tally, Sink]) -> None:
    """Pour what the cells say of the period into the sinks of these tallies."""
    numbered: dict[int, Sink] = {}
    for tally, theirs in sinks.items():  # a threshold by name and the same by number are one tally here
        numbered.setdefault(book.tallies[_key(tally, look)], []).extend(theirs)
    stood = STANDING_DAY if look.stood_at is None else span_of(look.stood_at)
    spans = [*cells.spans(look.period), *([stood] if any(tally.kind in STANDING for tally in sinks) else ())]
    for user, entries in sheets.read(conn, look.account, spans, tallies=numbered.keys(), people=look.only):
        person = user or None
        for number, confidence, passed, valued, total in entries:
            if (sink := numbered.get(number)) is not None:  # by number: a tally's hash is dear
                pour(sink, person, confidence, passed, valued, total)


def span_of(at: int) -> int:
    """Where what stood at a moment is kept: no day or month."""
    return -(at // 86_400_000)
