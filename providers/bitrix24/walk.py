"""Walking lists batch by batch: what to believe, when it is the end. Fact sheet 2.3, 3.13.

lists and marks  ->  pages to ask for next (way, ranges)  ->  batch (together)  ->  rows and the marks after them
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from providers.bitrix24.batch import MOST, PAGE
from providers.bitrix24.client import Client
from providers.bitrix24.cursor import Mark, at, ms
from providers.bitrix24.lane import Lane, Leg, Row, Stretch, gather
from providers.bitrix24.ranges import Enrich, Listed, Range, Taken, Whole, at_rest, resumable
from providers.bitrix24.timefilter import TimeFilters
from providers.bitrix24.together import Answers, Together, commands, read
from providers.bitrix24.way import Way, guess


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch brought: rows and the mark after them, by list."""

    rows: dict[str, list[Row]]
    marks: dict[str, Mark]
    told_at: datetime
    ended: bool
    total: int | None = None
    extra: Any = None
    """What `enrich` made of these rows."""


@dataclass(slots=True)
class Walker:
    """Walks lists of one portal; remembers which time formats it understands, and asks ahead for quiet lists."""

    client: Client
    noticed: Callable[[str], None]
    filters: TimeFilters = field(init=False)
    workers: int = 8
    """Batches under way at most, for each kind that is read whole."""
    together: Together = field(init=False)

    def __post_init__(self) -> None:
        self.filters = TimeFilters(self.noticed)
        self.together = Together(self.client, self.filters)

    def walk(
        self,
        lanes: Sequence[Lane],
        marks: Mapping[str, Mark],
        *,
        rests: bool = True,
        enrich: Enrich = lambda rows: None,
    ) -> Iterator[Step]:
        """Every row from the marks on, a step a batch; the last step's marks begin the next pass.

        `rests`: when these lists are asked again, it will be from those marks. `enrich` is given each batch's rows in
        the thread that read them. Lists that are read for the first time come in no order.
        """
        start = {lane.name: marks.get(lane.name, Mark()) for lane in lanes}
        if rests:
            self.together.begin(set(start))
        whole = resumable(start.values())
        for step in self._whole(lanes, start, rests, enrich) if whole else self._in_turn(lanes, start, rests, enrich):
            yield step
            if step.ended and rests:
                self.together.rest(lanes, step.marks)

    def expect(self, lanes: Iterable[Lane]) -> None:
        """These lists will be read whole: their first pages may be asked for together with the next ones."""
        self.together.expect(lanes)

    def _in_turn(self, lanes: Sequence[Lane], marks: Mapping[str, Mark], rests: bool, enrich: Enrich) -> Iterator[Step]:
        ways = [Way(lane, marks[lane.name]) for lane in lanes]
        ended = False
        while not ended:
            step = self._step(ways, together=rests)
            ended = step.ended
            yield replace(step, extra=enrich(step.rows))

    def _step(self, ways: list[Way], *, together: bool) -> Step:
        walking = [way for way in ways if not way.mark.done]
        zone = self.client.now().tzinfo
        legs = {way.lane.name: way.leg(self.filters, MOST // len(walking), zone) for way in walking}
        outcomes, told_at = self._ask(legs, together=together and all(way.mark.now is None for way in ways))
        rows: dict[str, list[Row]] = {}
        for way in walking:
            stretch = gather(legs[way.lane.name], outcomes)
            if self.filters.believes(legs[way.lane.name], way.mark.since, stretch, told_at):
                rows[way.lane.name] = stretch.rows
                way.advance(stretch, ms(told_at))
        ended = all(way.mark.done for way in ways)
        if ended:
            for way in ways:
                way.rest()
        marks = {way.lane.name: way.mark for way in ways}
        return Step(rows, marks, told_at.astimezone(UTC), ended, guess(ways))

    def _whole(self, lanes: Sequence[Lane], marks: Mapping[str, Mark], rests: bool, enrich: Enrich) -> Iterator[Step]:
        lists = [_resumed(lane, marks[lane.name]) for lane in lanes if marks[lane.name].now is not None]
        fresh = [lane for lane in lanes if marks[lane.name].now is None]
        pool = ThreadPoolExecutor(self.workers, thread_name_prefix="batches")
        try:
            if fresh:
                legs = {lane.name: Leg(lane, 0, None, 1) for lane in fresh}
                outcomes, told_at = self._ask(legs, together=rests)
                found = {name: gather(leg, outcomes) for name, leg in legs.items()}
                rows = {name: stretch.rows for name, stretch in found.items() if stretch.ended}
                lists += [_looked(lane, found[lane.name], ms(told_at)) for lane in fresh]
                yield _told(lists, Taken(rows, told_at, enrich(rows)))
            elif lists and not any(listed.ranges for listed in lists):  # what had not ended is no list of the kind now
                yield _told(lists, Taken({}, at(min(listed.now for listed in lists)), enrich({})))
            for taken in Whole(lists, partial(read, self.client), pool, self.workers, enrich).batches():
                yield _told(lists, taken)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _ask(self, legs: Mapping[str, Leg], *, together: bool) -> Answers:
        """The answers for these legs; `together`, at the start of a pass: with every list at rest."""
        return self.together.ask(legs) if together else read(self.client, commands(legs.values()))


def _looked(lane: Lane, first: Stretch, now: int) -> Listed:
    """A list after a look at its first page and highest id; a longer one's first page comes again with the others."""
    listed = Listed(lane, now, first.top)
    if not first.ended:
        before = lane.ids(first.rows[0]) - 1 if first.rows else 0
        listed.rows, listed.ids = len(first.rows), first.last - before
        listed.divide(before)
    return listed


def _resumed(lane: Lane, mark: Mark) -> Listed:
    listed = Listed(lane, mark.now or 0, mark.id)
    listed.ranges = [Range(listed, after, high) for after, high in mark.left]
    return listed


def _told(lists: Sequence[Listed], taken: Taken) -> Step:
    ended = not any(listed.ranges for listed in lists)
    marks = {listed.lane.name: at_rest(listed) if ended else listed.mark() for listed in lists}
    total = sum(listed.rows + sum(int(one.left * PAGE) for one in listed.ranges) for listed in lists)
    return Step(taken.rows, marks, taken.told_at.astimezone(UTC), ended, total, taken.extra)


def whole(client: Client, legs: Sequence[Leg]) -> dict[str, list[Row]]:
    """Each of these lists to its end, by name; several travel in one batch. Raises the first refusal."""
    found: dict[str, list[Row]] = {leg.lane.name: [] for leg in legs}
    waiting = list(legs)
    while waiting:
        now, waiting = waiting[: MOST // 2], waiting[MOST // 2 :]
        pages = MOST // len(now) - 1
        outcomes = client.read(commands(now))
        for leg in now:
            stretch = gather(leg, outcomes)
            found[leg.lane.name] += stretch.rows
            if not stretch.ended:
                more = max(1, min(pages, -(-(stretch.top - stretch.last) // PAGE)))
                waiting.append(Leg(leg.lane, stretch.last, leg.since, more))
    return found
