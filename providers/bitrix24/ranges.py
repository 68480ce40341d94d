"""Lists read whole for the first time, by ranges of ids side by side. Fact sheet 2.1, 2.3, 2.4.

    look at first page and highest id  ->  ranges  ->  batches of 50 pages, several under way  ->  rows as they come

A batch takes its pages from whichever ranges are free: none but the last few goes out half empty, and the portal's
latency does not idle its pace. What is left of each range is remembered beside the rows. Rows that change or come while
this is read are later than its beginning: the next pass, which begins there, finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from math import ceil
from typing import Any

from connector.errors import Broken, KpiError
from providers.bitrix24.batch import MOST, PAGE, Command, Reply
from providers.bitrix24.cursor import Mark
from providers.bitrix24.lane import Lane, Leg, Row, Stretch, gather

_PARTS = 8
"""Ranges of one list at most; where two meet, part of a page is read twice."""
_STALLS = 3
_SPARE = 2
_SLACK = 0.02
"""A guess of so much more than whole pages is a whole number of pages."""

Read = Callable[[Mapping[str, Command]], tuple[dict[str, Reply | KpiError], datetime]]
"""Sends a batch of reads; the answers and the server's time."""
Enrich = Callable[[Mapping[str, list[Row]]], Any]
"""What else the rows of a batch need to be asked for, in the thread of that batch."""


@dataclass(slots=True)
class Listed:
    """One list on its way: what it begins from, its highest id, how densely ids lie."""

    lane: Lane
    now: int
    top: int
    rows: int = 0
    ids: int = 0
    ranges: list[Range] = field(default_factory=list)

    def pages(self, ids: int) -> float:
        """How many pages so many ids may hold."""
        return ids * (self.rows / self.ids if self.ids > 0 else 1.0) / PAGE

    def divide(self, after: int) -> None:
        """Ranges of equal length for what lies beyond this id, none of less than a full batch."""
        parts = max(1, min(_PARTS, int(self.pages(self.top - after)) // MOST))
        bounds = [after + (self.top - after) * n // parts for n in range(parts + 1)]
        self.ranges = [Range(self, low, high) for low, high in pairwise(bounds) if high > low]

    def mark(self) -> Mark:
        """The place to store: `id` is the highest there is to read, `left` what of it is not read yet."""
        left = tuple((one.after, one.high) for one in self.ranges)
        return Mark(now=self.now, id=self.top, done=not left, left=left)


@dataclass(slots=True, eq=False)
class Range:
    """Ids of one list beyond `after` and up to `high`. `doubt`: it came short of its end, which must be proven."""

    listed: Listed
    after: int
    high: int
    busy: int = 0
    """Pages that are asked for now."""
    doubt: bool = False
    stalls: int = 0

    @property
    def left(self) -> float:
        """Pages it may still hold."""
        return self.listed.pages(self.high - self.after)

    def leg(self, room: int, number: int) -> Leg | None:
        """As many pages as it needs and `room` commands hold, None where that is none. Its number tells it apart."""
        if room < 1 + self.doubt:
            return None
        pages = max(1, min(room - self.doubt, ceil(self.left - _SLACK)))
        lane = self.listed.lane
        return Leg(lane, self.after, None, pages, top=None if self.doubt else self.high, label=f"{lane.name}{number}")

    def take(self, leg: Leg, stretch: Stretch) -> list[Row]:
        """Move on past what came; what belongs to the next range is left to it.

        Raises Broken where the portal shows that there are rows and does not hand them out.
        """
        listed, last, short = self.listed, self.high == self.listed.top, len(stretch.rows) < leg.pages * PAGE
        whole = stretch.last >= self.high and (short or not last)  # nothing follows: the highest id may have been a lie
        rows = stretch.rows if last else [row for row in stretch.rows if listed.lane.ids(row) <= self.high]
        self.stalls = self.stalls + 1 if stretch.last == self.after and not stretch.ended else 0
        if self.stalls >= _STALLS:
            raise Broken(f"{listed.lane.method} holds back rows after id {self.after}, up to {stretch.top}")
        listed.rows += len(rows)
        listed.ids += min(stretch.last, self.high) - self.after
        self.doubt = short or stretch.last >= self.high
        if whole or stretch.ended:
            listed.ranges.remove(self)
            listed.top = max(listed.top, stretch.last) if last else listed.top
        else:
            self.after = stretch.last
        return rows


@dataclass(frozen=True, slots=True)
class Taken:
    """What one batch brought, by list."""

    rows: dict[str, list[Row]]
    told_at: datetime
    extra: Any = None


@dataclass(slots=True)
class Whole:
    """Reads these lists; at most `most` batches under way."""

    lists: Sequence[Listed]
    read: Read
    pool: Executor
    most: int
    enrich: Enrich = lambda rows: None
    _flights: dict[Future[_Landed], list[tuple[Range, Leg]]] = field(default_factory=dict)

    def batches(self) -> Iterator[Taken]:
        """Each batch's rows; the next ones are asked for before they are handed out."""
        self._employ()
        while self._flights:
            for done in wait(self._flights, return_when=FIRST_COMPLETED).done:
                legs = self._flights.pop(done)
                landed = done.result()
                rows: dict[str, list[Row]] = {}
                for (one, leg), stretch in zip(legs, landed.stretches, strict=True):
                    one.busy = 0
                    rows.setdefault(leg.lane.name, []).extend(one.take(leg, stretch))
                self._employ()
                yield Taken(rows, landed.told_at, landed.extra)

    def _employ(self) -> None:
        while len(self._flights) < self.most and (legs := self._legs()):
            for one, leg in legs:
                one.busy = leg.pages
            self._flights[self.pool.submit(self._fly, [leg for _, leg in legs])] = legs

    def _legs(self) -> list[tuple[Range, Leg]]:
        """A batch out of free ranges, the longest first; none if it would go out half empty and more is to come."""
        ranges = [one for listed in self.lists for one in listed.ranges]
        legs: list[tuple[Range, Leg]] = []
        room = MOST
        for one in sorted((one for one in ranges if not one.busy), key=lambda one: one.left, reverse=True):
            leg = one.leg(room, len(legs))
            if leg is not None:
                legs.append((one, leg))
                room -= len(leg.commands())
        if room > 0 and any(one.busy and one.left - one.busy > 1 for one in ranges):
            return []
        return [(one, leg) for (one, _), leg in zip(legs, _stretched([leg for _, leg in legs], room), strict=True)]

    def _fly(self, legs: Sequence[Leg]) -> _Landed:
        commands: dict[str, Command] = {}
        for leg in legs:
            commands |= leg.commands()
        outcomes, told_at = self.read(commands)
        stretches = [gather(leg, outcomes) for leg in legs]
        rows: dict[str, list[Row]] = {}
        for leg, stretch in zip(legs, stretches, strict=True):
            rows.setdefault(leg.lane.name, []).extend(stretch.rows)
        return _Landed(stretches, told_at, self.enrich(rows))


def _stretched(legs: Sequence[Leg], room: int) -> Iterator[Leg]:
    """What would go out half empty takes some pages more, as guesses of what is left may be too low."""
    for leg in legs:
        more = min(room, leg.pages // 4 + _SPARE)
        room -= more
        yield replace(leg, pages=leg.pages + more)


@dataclass(frozen=True, slots=True)
class _Landed:
    stretches: list[Stretch]
    told_at: datetime
    extra: Any


def at_rest(listed: Listed) -> Mark:
    """The mark from which the next pass begins."""
    return Mark(since=listed.now, id=0 if listed.lane.changed else listed.top)


def resumable(marks: Iterable[Mark]) -> bool:
    """Whether lists at these marks are read whole: not begun, or begun by ranges."""
    return all(mark.since is None and (mark.now is None or mark.done or mark.left) for mark in marks)
