"""Rows by id, in the order of their ids, with each row's JSON kept until the row changes."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")
_KEEP = 24


class Table(Generic[T]):
    """`version` moves with every change: what was computed over the rows is thrown away by it."""

    def __init__(self) -> None:
        self.rows: dict[int, T] = {}
        self.ids: list[int] = []
        self.version = 0
        self._json: dict[Hashable, dict[int, msgspec.Raw]] = {}
        self._found: dict[Hashable, list[int]] = {}
        self._found_at = -1
        self._last = 0

    def __len__(self) -> int:
        return len(self.ids)

    def get(self, id: int) -> T | None:
        return self.rows.get(id)

    def next_id(self) -> int:
        """As autoincrement: never reused, also not after a deletion."""
        return self._last + 1

    def put(self, id: int, row: T) -> T:
        """Add or replace."""
        if id not in self.rows:
            insort(self.ids, id)
        self._last = max(self._last, id)
        self.rows[id] = row
        self.touch(id)
        return row

    def drop(self, id: int) -> T | None:
        """Take the row away; None if it was not there."""
        row = self.rows.pop(id, None)
        if row is not None:
            del self.ids[bisect_left(self.ids, id)]
            self.touch(id)
        return row

    def touch(self, id: int) -> None:
        """The row changed: forget its JSON and everything found over the table."""
        self.version += 1
        for rendered in self._json.values():
            rendered.pop(id, None)

    def forget(self) -> None:
        """The columns changed: forget all JSON."""
        self.version += 1
        self._json.clear()

    def rendered(self, id: int, shape: Hashable, render: Callable[[T], Any]) -> msgspec.Raw:
        """The row's JSON in this shape (a selection of columns)."""
        kept = self._json.get(shape)
        if kept is None:
            if len(self._json) >= _KEEP:
                self._json.clear()
            kept = self._json[shape] = {}
        raw = kept.get(id)
        if raw is None:
            raw = kept[id] = msgspec.Raw(msgspec.json.encode(render(self.rows[id])))
        return raw

    def found(self, question: Hashable, find: Callable[[], list[int]]) -> list[int]:
        """Ids that answer the question, computed once for this state of the table: 50 commands of a batch share it."""
        if self._found_at != self.version or len(self._found) >= _KEEP:
            self._found, self._found_at = {}, self.version
        ids = self._found.get(question)
        if ids is None:
            ids = self._found[question] = find()
        return ids
