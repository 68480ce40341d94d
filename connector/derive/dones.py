"""When tasks and meetings were done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from connector.fact import Confidence
from connector.records import Done, Meeting, Ref, Task


def finished(some: Iterable[Task | Meeting], dones: Iterable[Done]) -> dict[str, tuple[datetime, Confidence]]:
    """Of those that are done now, by id: by the CRM's last event, else by the record itself.

    A moment that is only that of the last change is assumed.
    """
    events: dict[Ref, datetime] = {}
    for done in dones:
        events[done.of] = max(done.at, events.get(done.of, done.at))
    found: dict[str, tuple[datetime, Confidence]] = {}
    for record in some:
        if record.done_at is not None:
            told = events.get(f"task:{record.id}") or events.get(record.ref)
            sure = told is not None or record.done_exact or record.done_at != record.updated_at
            found[record.id] = (told or record.done_at, "exact" if sure else "assumed")
    return found
