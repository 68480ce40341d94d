"""Walking lists batch by batch: what to ask next, what to believe, when it is the end. Fact sheet 2.3, 3.13."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connector.errors import Broken, KpiError, Limited
from providers.bitrix24.batch import MOST, PAGE, Command, Reply
from providers.bitrix24.client import Client
from providers.bitrix24.cursor import Mark, at, ms
from providers.bitrix24.lane import Lane, Leg, Row, Stretch, gather
from providers.bitrix24.ranges import Enrich, Listed, Range, Taken, Whole, at_rest, resumable
from providers.bitrix24.timefilter import TimeFilters

ID_OVERLAP = 50
"""Rows of a growing list read again: an id may be given out before it can be seen."""
_GROWTH = 7
_NEAR = 2
"""Pages by which a guess of how many are left may be wrong before an end is reached that nobody looked for."""
_STALLS = 3
_FRESH = timedelta(seconds=60)


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
class _Way:
    """One list on its way through a pass."""

    lane: Lane
    mark: Mark
    pages: int = 1
    top: int | None = None
    stalls: int = 0
    read: int = 0
    short: bool = False
    """The last batch did not fill its pages: it is time to look for the end."""
    began: int = field(init=False)
    """The id after which this walk began."""

    def __post_init__(self) -> None:
        self.began = self.after
        if 0 < self.began < self.mark.id:
            self.pages += 1  # rows read again fill a page: without the next one a single new row would cost a batch

    @property
    def start(self) -> int:
        """The id after which a fresh pass begins."""
        return 0 if self.lane.changed else max(0, self.mark.id - ID_OVERLAP)

    @property
    def after(self) -> int:
        """The id after which the next batch begins."""
        return self.mark.id if self.mark.now is not None else self.start

    def expected(self) -> float:
        """How many pages are left, where ids go on as densely as they did; 0 where nothing can be said."""
        walked = self.after - self.began
        if self.top is None or self.short or walked <= 0:
            return 0.0
        return self.read / walked * (self.top - self.after) / PAGE


@dataclass(slots=True)
class Walker:
    """Walks lists of one portal; remembers which time formats it understands, and asks ahead for quiet lists."""

    client: Client
    noticed: Callable[[str], None]
    filters: TimeFilters = field(init=False)
    workers: int = 8
    """Batches under way at most, for each kind that is read whole."""
    resting: dict[str, tuple[Lane, Mark]] = field(default_factory=dict)
    """Lists whose last pass has ended: they can be asked together with the next one."""
    walked: set[str] = field(default_factory=set)
    """Lists begun in this round of pulls; one that comes again begins the next round."""
    ahead: dict[str, tuple[Leg, dict[str, Reply | KpiError], datetime]] = field(default_factory=dict)
    """What was asked together, until its own turn comes in the same round: never what an earlier round saw."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Kinds are pulled in threads: whoever comes while others' questions are on their way waits for the answers."""

    def __post_init__(self) -> None:
        self.filters = TimeFilters(self.noticed)

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
            self._begin(set(start))
        whole = resumable(start.values())
        for step in self._whole(lanes, start, rests, enrich) if whole else self._in_turn(lanes, start, rests, enrich):
            yield step
            if step.ended and rests:
                self.resting.update({lane.name: (lane, step.marks[lane.name]) for lane in lanes})

    def expect(self, lanes: Iterable[Lane]) -> None:
        """These lists will be read whole: their first pages may be asked for together with the next ones."""
        with self.lock:
            known = self.resting.keys() | self.walked | self.ahead.keys()
            self.resting.update({lane.name: (lane, Mark()) for lane in lanes if lane.name not in known})

    def _in_turn(self, lanes: Sequence[Lane], marks: Mapping[str, Mark], rests: bool, enrich: Enrich) -> Iterator[Step]:
        ways = [_Way(lane, marks[lane.name]) for lane in lanes]
        ended = False
        while not ended:
            step = self._step(ways, together=rests)
            ended = step.ended
            yield replace(step, extra=enrich(step.rows))

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
            for taken in Whole(lists, self._read, pool, self.workers, enrich).batches():
                yield _told(lists, taken)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _read(self, commands: Mapping[str, Command]) -> tuple[dict[str, Reply | KpiError], datetime]:
        outcomes = self.client.read(commands)
        return outcomes, _told_at(outcomes, self.client)

    def _begin(self, names: set[str]) -> None:
        with self.lock:
            if names & self.walked:
                self.walked.clear()
                self.ahead.clear()
            self.walked |= names
            for name in names:
                self.resting.pop(name, None)

    def _step(self, ways: list[_Way], *, together: bool) -> Step:
        walking = [way for way in ways if not way.mark.done]
        legs = {way.lane.name: self._leg(way, MOST // len(walking)) for way in walking}
        outcomes, told_at = self._ask(legs, together=together and all(way.mark.now is None for way in ways))
        rows: dict[str, list[Row]] = {}
        for way in walking:
            stretch = gather(legs[way.lane.name], outcomes)
            if self.filters.believes(legs[way.lane.name], way.mark.since, stretch, told_at):
                rows[way.lane.name] = stretch.rows
                _advance(way, stretch, ms(told_at))
        ended = all(way.mark.done for way in ways)
        if ended:
            for way in ways:
                way.mark = _at_rest(way)
        marks = {way.lane.name: way.mark for way in ways}
        return Step(rows, marks, told_at.astimezone(UTC), ended, _guess(ways))

    def _leg(self, way: _Way, commands: int) -> Leg:
        """As many pages as may be needed, never more than ids are left: one at first, then growing.

        A list that is read whole grows at once to a full batch, and is not looked at from its end while that is far.
        """
        since = self.filters.since(way.lane, way.mark.since, self.client.now().tzinfo)
        witness = since is not None and not self.filters.trusts(way.lane)
        after = way.after
        if since is None and way.expected() > commands + _NEAR:
            return Leg(way.lane, after, since, commands, witness, way.top)
        pages = min(commands if since is None and way.top is not None else way.pages, commands - 1 - witness)
        if way.top is not None:
            pages = max(1, min(pages, -(-(way.top - after) // PAGE)))
        return Leg(way.lane, after, since, pages, witness)

    def _ask(self, legs: dict[str, Leg], *, together: bool) -> tuple[dict[str, Reply | KpiError], datetime]:
        """The answers for these legs; at the start of a pass, asked ahead or together with every list at rest."""
        if not together:
            return self._read(_commands(legs.values()))
        with self.lock:
            return self._asked_ahead(legs) or self._ask_together(legs)

    def _ask_together(self, legs: dict[str, Leg]) -> tuple[dict[str, Reply | KpiError], datetime]:
        own = _commands(legs.values())
        quiet = self._quiet(MOST - len(own))
        try:
            outcomes, told_at = self._read(own | _commands(quiet.values()))
        except (Limited, Broken):
            if not quiet:
                raise
            return self._read(own)  # it may be another list's trouble
        for name, leg in quiet.items():
            self.ahead[name] = (leg, {key: outcomes[key] for key in leg.commands()}, told_at)
        return outcomes, told_at

    def _quiet(self, room: int) -> dict[str, Leg]:
        """Lists at rest that can be asked with others, but for those whose method may not be called now."""
        quiet = {}
        for name, (lane, mark) in self.resting.items():
            leg = self._leg(_Way(lane, mark), MOST)
            is_open = self.client.limits.opens({lane.method}, self.client.now()) is None
            if name not in self.walked and is_open and len(leg.commands()) <= room:
                quiet[name] = leg
                room -= len(leg.commands())
        return quiet

    def _asked_ahead(self, legs: dict[str, Leg]) -> tuple[dict[str, Reply | KpiError], datetime] | None:
        held = {name: self.ahead.pop(name, None) for name in legs}
        outcomes: dict[str, Reply | KpiError] = {}
        moments = []
        for name, leg in legs.items():
            found = held[name]
            old = found is not None and self.client.now() - found[2] > _FRESH and found[0].since is not None
            if found is None or found[0] != leg or old:
                return None
            outcomes |= found[1]
            moments.append(found[2])
        return outcomes, min(moments)


def _advance(way: _Way, stretch: Stretch, told: int) -> None:
    """Move the mark past what was read. Raises Broken where the portal shows rows and does not hand them out."""
    before = way.after
    way.stalls = way.stalls + 1 if stretch.last == before and not stretch.ended else 0
    if way.stalls >= _STALLS:
        raise Broken(f"{way.lane.method} holds back rows after id {before}, up to {stretch.top}")
    way.top, way.pages, way.read = stretch.top, way.pages * _GROWTH, way.read + len(stretch.rows)
    way.short = len(stretch.rows) % PAGE != 0 or stretch.last == before
    old = way.mark
    way.mark = Mark(since=old.since, now=old.now if old.now is not None else told, id=stretch.last, done=stretch.ended)


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


def _at_rest(way: _Way) -> Mark:
    """The mark from which the next pass begins."""
    mark = way.mark
    return Mark(since=mark.now, id=0 if way.lane.changed else mark.id)


def _told_at(outcomes: Mapping[str, Reply | KpiError], client: Client) -> datetime:
    """The server's time of a batch: what changes after it is the next pass's."""
    return next((reply.told_at for reply in outcomes.values() if isinstance(reply, Reply)), client.now())


def _commands(legs: Iterable[Leg]) -> dict[str, Command]:
    return {name: command for leg in legs for name, command in leg.commands().items()}


def _guess(ways: list[_Way]) -> int | None:
    """How many rows this pass may bring, by how densely ids were used so far; for progress bars only."""
    total = 0
    for way in ways:
        if way.top is None:
            return None
        left = max(0, way.top - way.mark.id)
        density = way.read / way.mark.id if way.mark.id and way.lane.changed else 1.0
        total += way.read + int(left * min(1.0, density))
    return total


def whole(client: Client, legs: Sequence[Leg]) -> dict[str, list[Row]]:
    """Each of these lists to its end, by name; several travel in one batch. Raises the first refusal."""
    found: dict[str, list[Row]] = {leg.lane.name: [] for leg in legs}
    waiting = list(legs)
    while waiting:
        now, waiting = waiting[: MOST // 2], waiting[MOST // 2 :]
        pages = MOST // len(now) - 1
        outcomes = client.read(_commands(now))
        for leg in now:
            stretch = gather(leg, outcomes)
            found[leg.lane.name] += stretch.rows
            if not stretch.ended:
                more = max(1, min(pages, -(-(stretch.top - stretch.last) // PAGE)))
                waiting.append(Leg(leg.lane, stretch.last, leg.since, more))
    return found
