"""A CRM in memory: records that change over time, at a clock that only the test moves."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

import msgspec

from connector.records import Record, Removal
from connector.wishes import AddTask

R = TypeVar("R", bound=Record)
START = datetime(2026, 9, 1, 9, tzinfo=UTC)


class World:
    """What the CRM holds. Every change takes the record's `updated_at` from the world's clock, in whole seconds.

    `tells_removals`: a deletion appears in the stream of removals, as a CRM with an event log does it.
    """

    def __init__(self, now: datetime = START, *, tells_removals: bool = True) -> None:
        self.now, self.tells_removals = now, tells_removals
        self.fields: dict[str, dict[str, str | None]] = {}
        """Our fields by deal id."""
        self.cards: dict[tuple[str, str], dict[str, str | None]] = {}
        """KPI cards by user and period."""
        self.tasks: dict[str, AddTask] = {}
        self.closed: dict[str, str] = {}
        """Texts by the ids of closed tasks."""
        self.made: list[str] = []
        """What `prepare` created, in order."""
        self.lock = threading.RLock()
        self._records: dict[type[Record], dict[str, Record]] = {}

    def tick(self, seconds: float = 1) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)

    def put(self, *records: Record) -> None:
        """As they are, with the moments they carry: for records that come late or from the past."""
        with self.lock:
            for record in records:
                self._records.setdefault(type(record), {})[record.id] = record

    def add(self, record: R) -> R:
        """A new record, now."""
        with self.lock:
            made = msgspec.structs.replace(record, updated_at=self.now)
            self.put(made)
            return made

    def edit(self, kind: type[R], id: str, **changes: Any) -> R:
        """Change a record, now."""
        with self.lock:
            made = cast(R, msgspec.structs.replace(self._records[kind][id], updated_at=self.now, **changes))
            self.put(made)
            return made

    def delete(self, kind: type[Record], id: str) -> None:
        """Take a record away."""
        with self.lock:
            gone = self._records[kind].pop(id)
            self._tell(gone, "deleted")

    def restore(self, record: Record) -> None:
        """Bring a deleted record back, as it was."""
        with self.lock:
            self.put(record)
            self._tell(record, "restored")

    def all(self, kind: type[R]) -> dict[str, R]:
        """Every record of the kind there is now, by id."""
        with self.lock:
            return cast(dict[str, R], dict(self._records.get(kind, {})))

    def since(self, kind: type[Record], at: datetime, after: tuple[datetime, str] | None, limit: int) -> list[Record]:
        """The next records changed at or after `at`, in the order of (updated_at, id), beyond `after`."""
        with self.lock:
            rows = sorted(self._records.get(kind, {}).values(), key=moment)
        return [row for row in rows if moment(row)[0] >= at and (after is None or moment(row) > after)][:limit]

    def _tell(self, record: Record, what: Any) -> None:
        if self.tells_removals:
            count = len(self._records.get(Removal, {}))
            self.put(Removal(id=f"r{count:06}", of=record.ref, at=self.now, what=what, updated_at=self.now))


def moment(record: Record) -> tuple[datetime, str]:
    """Where a record stands in the stream of its kind."""
    return record.updated_at or datetime.min.replace(tzinfo=UTC), record.id


def populate(world: World, records: Iterable[Record], *, apart: float = 1) -> None:
    """Add these one after another, `apart` seconds between them."""
    for record in records:
        world.add(record)
        world.tick(apart)
