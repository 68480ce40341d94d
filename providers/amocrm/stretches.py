"""A first read of a list, several stretches of its last change side by side, so that latency does not idle the pace.

    one stretch: from the first row to now  ->  its longest piece is halved while hands are free  ->  pages as they come

What is still to be read is remembered as stretches of time beside each page's rows: an interrupted read goes on there.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait

from providers.amocrm.cursor import At
from providers.amocrm.paging import Ask
from providers.amocrm.reading import LIMIT, Turn, epoch
from providers.amocrm.seeking import EVER, Part, Stretch, seek_through

_WORTH = 32
"""Pages that must be left of a stretch to halve it: where two meet, half a page is read twice."""
_A_HALVING = 16
"""Pages read for each halving: a guess of what is left may be wrong, and an empty half costs two questions."""


def side_by_side(ask: Ask, pool: Executor, most: int, at: At, *, limit: int = LIMIT) -> Iterator[Turn]:
    """Every row that did not change since this read began, and some that did: the next read goes on from that moment.

    Raises Unfiltered where the filter or the order is ignored.
    """
    reading = _Reading(ask, pool, most, at, limit)
    try:
        yield from reading.turns()
    finally:
        reading.drop()


class _Reading:
    """Stretches that are left, those among them that are asked for right now."""

    def __init__(self, ask: Ask, pool: Executor, most: int, at: At, limit: int) -> None:
        self._ask, self._pool, self._most, self._limit = ask, pool, most, limit
        self._begun = at.begun
        end = max((high for _, high in at.left), default=EVER)
        self._left = [Stretch(low, high, last=high == end) for low, high in at.left] or [Stretch(0, EVER)]
        self._waiting = list(self._left)
        self._parts: dict[Future[Part], tuple[Stretch, Iterator[Part]]] = {}
        self._halved = 0

    def turns(self) -> Iterator[Turn]:
        """Parts as they come, whichever is first; the next one is asked for before this one is handed out."""
        self._employ()
        while self._parts:
            for done in wait(self._parts, return_when=FIRST_COMPLETED).done:
                stretch, parts = self._parts.pop(done)
                part = done.result()
                self._begin(part)
                stretch.take(part)
                if part.over:
                    self._left.remove(stretch)
                else:
                    self._follow(stretch, parts)
                self._employ()
                yield Turn(part.rows, self._place(), part.told_at)

    def drop(self) -> None:
        """What is on its way comes back to nobody."""
        for future in self._parts:
            future.cancel()

    def _begin(self, part: Part) -> None:
        if self._begun is None:
            self._begun = epoch(part.told_at)
            for stretch in self._left:
                stretch.high = min(stretch.high, self._begun)

    def _place(self) -> At:
        if not self._left:
            return At(upto=self._begun)
        return At(begun=self._begun, left=tuple(sorted((one.low, one.high) for one in self._left)))

    def _employ(self) -> None:
        """Give every free hand a stretch: one that waits, or half of the longest."""
        while len(self._parts) < self._most:
            stretch = self._waiting.pop(0) if self._waiting else self._half()
            if stretch is None:
                return
            self._follow(stretch, seek_through(self._ask, stretch, limit=self._limit))

    def _follow(self, stretch: Stretch, parts: Iterator[Part]) -> None:
        self._parts[self._pool.submit(next, parts)] = (stretch, parts)

    def _half(self) -> Stretch | None:
        longest = max(self._left, key=lambda one: one.left(self._limit), default=None)
        if longest is None or longest.left(self._limit) < _WORTH:
            return None
        pages = sum(one.pages for one in self._left)
        if self._halved >= self._most + pages // _A_HALVING:
            return None
        self._halved += 1
        later = longest.halve()
        self._left.append(later)
        return later
