"""One list on its way through a pass: the pages to ask for next, the mark past what came, how much is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import tzinfo

from connector.errors import Broken
from providers.bitrix24.batch import PAGE
from providers.bitrix24.cursor import Mark
from providers.bitrix24.lane import Lane, Leg, Stretch
from providers.bitrix24.timefilter import TimeFilters

ID_OVERLAP = 50
"""Rows of a growing list read again: an id may be given out before it can be seen."""
_GROWTH = 7
_NEAR = 2
"""Pages by which a guess of how many are left may be wrong before an end is reached that nobody looked for."""
_STALLS = 3


@dataclass(slots=True)
class Way:
    """Where one list stands, and how dense its ids were so far."""

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
    def after(self) -> int:
        """The id after which the next batch begins."""
        return self.mark.id if self.mark.now is not None else self._start

    @property
    def _start(self) -> int:
        """The id after which a fresh pass begins."""
        return 0 if self.lane.changed else max(0, self.mark.id - ID_OVERLAP)

    def leg(self, filters: TimeFilters, commands: int, zone: tzinfo | None) -> Leg:
        """As many pages as may be needed, never more than ids are left: one at first, then growing.

        A list that is read whole grows at once to a full batch, and is not looked at from its end while that is far.
        """
        since = filters.since(self.lane, self.mark.since, zone)
        witness = since is not None and not filters.trusts(self.lane)
        if since is None and self._expected() > commands + _NEAR:
            return Leg(self.lane, self.after, since, commands, witness, self.top)
        pages = min(commands if since is None and self.top is not None else self.pages, commands - 1 - witness)
        if self.top is not None:
            pages = max(1, min(pages, -(-(self.top - self.after) // PAGE)))
        return Leg(self.lane, self.after, since, pages, witness)

    def _expected(self) -> float:
        """How many pages are left, where ids go on as densely as they did; 0 where nothing can be said."""
        walked = self.after - self.began
        if self.top is None or self.short or walked <= 0:
            return 0.0
        return self.read / walked * (self.top - self.after) / PAGE

    def advance(self, stretch: Stretch, told: int) -> None:
        """Move the mark past what was read. Raises Broken where the portal shows rows and does not hand them out."""
        before, old = self.after, self.mark
        self.stalls = self.stalls + 1 if stretch.last == before and not stretch.ended else 0
        if self.stalls >= _STALLS:
            raise Broken(f"{self.lane.method} holds back rows after id {before}, up to {stretch.top}")
        self.top, self.pages, self.read = stretch.top, self.pages * _GROWTH, self.read + len(stretch.rows)
        self.short = len(stretch.rows) % PAGE != 0 or stretch.last == before
        now = old.now if old.now is not None else told
        self.mark = Mark(since=old.since, now=now, id=stretch.last, done=stretch.ended)

    def rest(self) -> None:
        """The pass is over: the mark is the one from which the next begins."""
        self.mark = Mark(since=self.mark.now, id=0 if self.lane.changed else self.mark.id)


def guess(ways: Iterable[Way]) -> int | None:
    """How many rows this pass may bring, by how densely ids were used so far; for progress bars only."""
    total = 0
    for way in ways:
        if way.top is None:
            return None
        left = max(0, way.top - way.mark.id)
        density = way.read / way.mark.id if way.mark.id and way.lane.changed else 1.0
        total += way.read + int(left * min(1.0, density))
    return total
