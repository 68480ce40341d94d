"""Rows kept in several orders at once: a page costs a slice, a change costs one move, no request scans them all twice.

A filter that no order answers is looked for once; what it found is remembered until a row changes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

REMEMBERED = 64
LONG = 2000
"""Rows between two bounds that are worth looking through the whole list, once."""
HIGHEST = 1 << 62


class HasId(Protocol):
    """Whatever can be told apart."""

    id: int


T = TypeVar("T", bound=HasId)
Pairs = list[tuple[int, int]]


class Order:
    """(key, id) pairs, sorted. Few changes are moved one by one, many are sorted anew."""

    def __init__(self) -> None:
        self._placed: dict[int, int] = {}
        self.pairs: Pairs = []

    def settle(self, moved: dict[int, int | None]) -> None:
        """Place these ids by their keys; None takes one out."""
        if len(moved) > 100 + len(self.pairs) // 20:
            self._sort_anew(moved)
        else:
            self._move_each(moved)

    def _sort_anew(self, moved: dict[int, int | None]) -> None:
        for id_, key in moved.items():
            if key is None:
                self._placed.pop(id_, None)
            else:
                self._placed[id_] = key
        self.pairs = sorted((key, id_) for id_, key in self._placed.items())

    def _move_each(self, moved: dict[int, int | None]) -> None:
        for id_, key in moved.items():
            old = self._placed.pop(id_, None)
            if old is not None:
                del self.pairs[bisect_left(self.pairs, (old, id_))]
            if key is not None:
                insort(self.pairs, (key, id_))
                self._placed[id_] = key


class Window:
    """A stretch of an order, read from either end."""

    def __init__(self, pairs: Pairs, start: int, stop: int, falling: bool) -> None:
        self._pairs, self._start, self._stop, self._falling = pairs, start, max(start, stop), falling

    def __len__(self) -> int:
        return self._stop - self._start

    def ids(self, offset: int, count: int) -> list[int]:
        """The ids at these positions, fewer at the end."""
        if self._falling:
            high = max(self._start, self._stop - offset)
            low = max(self._start, high - count)
            return [id_ for _, id_ in reversed(self._pairs[low:high])]
        low = self._start + offset
        return [id_ for _, id_ in self._pairs[low : min(self._stop, low + count)]]


class Collection(Generic[T]):
    """Rows by id, in the named orders, and by group where `group` is given. Changes are sorted in when next asked."""

    def __init__(self, orders: dict[str, Callable[[T], int]], group: Callable[[T], Hashable] | None = None) -> None:
        self._keys = orders
        self._orders = {name: Order() for name in orders}
        self._touched: set[int] = set()
        self._group = group
        self._groups: dict[Hashable, dict[int, None]] = {}
        self._found: dict[Hashable, tuple[int, Pairs]] = {}
        self.rows: dict[int, T] = {}
        self.version = 0

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows.values())

    def get(self, id_: int) -> T | None:
        return self.rows.get(id_)

    def put(self, row: T) -> None:
        """Add the row, or place it anew after a change."""
        if self._group is not None and row.id not in self.rows:
            self._groups.setdefault(self._group(row), {})[row.id] = None
        self.rows[row.id] = row
        self._touched.add(row.id)
        self.version += 1

    def drop(self, id_: int) -> None:
        """Take the row out."""
        row = self.rows.pop(id_)
        if self._group is not None:
            del self._groups[self._group(row)][id_]
        self._touched.add(id_)
        self.version += 1

    def settle(self) -> None:
        """Sort the changes in now rather than at the next question."""
        if self._touched:
            rows = [(id_, self.rows.get(id_)) for id_ in self._touched]
            for name, key in self._keys.items():
                self._orders[name].settle({id_: None if row is None else key(row) for id_, row in rows})
            self._touched.clear()

    def _sorted(self, order: str) -> Pairs:
        self.settle()
        return self._orders[order].pairs

    def grouped(self, group: Hashable) -> list[int]:
        """Ids of one group."""
        return list(self._groups.get(group, ()))

    def window(
        self,
        order: str,
        *,
        falling: bool = False,
        low: int | None = None,
        high: int | None = None,
        among: Sequence[int] | None = None,
        fits: Callable[[T], bool] | None = None,
        query: Hashable = None,
    ) -> Window:
        """Rows with low <= key <= high, of `among` if given, that fit; `query` names the question for the memory.

        Whoever reads a long list from ever later bounds on is not looked through it each time.
        """
        if among is None:
            pairs = self._sorted(order)
            start, stop = _between(pairs, low, high)
            if fits is None:
                return Window(pairs, start, stop, falling)
            if query is not None and stop - start > LONG:
                whole = self._remembered((query, order), lambda: self._look(order, None, None, None, fits))
                return Window(whole, *_between(whole, low, high), falling)
        key = None if query is None else (query, order, low, high)
        found = self._remembered(key, lambda: self._look(order, low, high, among, fits))
        return Window(found, 0, len(found), falling)

    def _remembered(self, query: Hashable, look: Callable[[], Pairs]) -> Pairs:
        known = self._found.get(query) if query is not None else None
        if known is not None and known[0] == self.version:
            return known[1]
        found = look()
        if query is not None:
            while len(self._found) >= REMEMBERED:
                del self._found[next(iter(self._found))]
            self._found[query] = (self.version, found)
        return found

    def _look(
        self,
        order: str,
        low: int | None,
        high: int | None,
        among: Sequence[int] | None,
        fits: Callable[[T], bool] | None,
    ) -> Pairs:
        if among is None:
            pairs = self._sorted(order)
            start, stop = _between(pairs, low, high)
            candidates: Iterable[tuple[int, int]] = pairs[start:stop]
        else:
            key = self._keys[order]
            rows = [self.rows[id_] for id_ in dict.fromkeys(among) if id_ in self.rows]
            lowest, highest = (low if low is not None else -HIGHEST), (high if high is not None else HIGHEST)
            candidates = sorted((key(row), row.id) for row in rows if lowest <= key(row) <= highest)
        if fits is None:
            return list(candidates)
        return [pair for pair in candidates if fits(self.rows[pair[1]])]


def _between(pairs: Pairs, low: int | None, high: int | None) -> tuple[int, int]:
    start = 0 if low is None else bisect_left(pairs, (low, -HIGHEST))
    stop = len(pairs) if high is None else bisect_right(pairs, (high, HIGHEST))
    return start, stop
