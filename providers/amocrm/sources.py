"""The lists of an account, and how each is asked. Source: crm/amocrm 3.4-3.9."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from providers.amocrm.client import Client, Rows
from providers.amocrm.mapping.history import TYPES
from providers.amocrm.mapping.work import CALLS
from providers.amocrm.paging import Row

NOTED = ("contacts", "companies", "leads", "customers")


@dataclass(frozen=True, slots=True)
class Source:
    """One list. `paid`: its filters are the add-on that may be off. `stamp`: the moment rows are followed by."""

    path: str
    key: str
    stamp: str = "updated_at"
    include: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    paid: bool = False


LEADS = Source("leads", "leads", include=("contacts", "loss_reason", "source_id"), paid=True)
TRASH = Source("leads", "leads", include=("only_deleted",), paid=True)
CONTACTS = Source("contacts", "contacts", paid=True)
COMPANIES = Source("companies", "companies", paid=True)
UNSORTED = Source("leads/unsorted", "unsorted", stamp="created_at")
TASKS = Source("tasks", "tasks")
NOTES = {entity: Source(f"{entity}/notes", "notes", params={"filter[note_type][]": list(CALLS)}) for entity in NOTED}


PREFIX = {"contacts": "contact:", "companies": "company:"}
"""List → what stands before its numbers in our ids."""


def events(types: Sequence[str]) -> Source:
    """History of these types."""
    return Source("events", "events", stamp="created_at", params={"filter[type][]": list(types)})


def _plain(rows: Sequence[Any], stamp: str) -> bool:
    """Whether every row has an id and a whole moment: a look at each, row by row, takes four times as long."""
    if not {type(row) for row in rows} <= _OBJECTS:
        return False
    told = {type(row.get("id")) for row in rows} <= _IDS and {type(row.get(stamp)) for row in rows} <= _MOMENTS
    return told and not any("uid" in row for row in rows)


EVENTS = events([type_ for types in TYPES.values() for type_ in types])
_OBJECTS, _IDS, _MOMENTS = frozenset({dict}), frozenset({int, str}), frozenset({int})


class Asking:
    """Asks one list for pages. Rows without an id or a moment cannot be paged by: they are set aside in `odd`."""

    def __init__(self, client: Client, source: Source) -> None:
        self._client, self._source = client, source
        self.odd: list[Any] = []

    def __call__(self, params: Mapping[str, Any]) -> Rows:
        source = self._source
        answer = self._client.rows(source.path, source.key, {**source.params, **params}, source.include)
        if _plain(answer.rows, source.stamp):  # as nearly all are
            return Rows(answer.rows, answer.more, answer.told_at)
        rows = [row for row in answer.rows if self._usable(row)]
        return Rows(rows, answer.more, answer.told_at)

    def take_odd(self) -> list[Any]:
        """What was set aside since the last time."""
        return [self.odd.pop(0) for _ in range(len(self.odd))]  # pages come in several threads

    def _usable(self, row: Row) -> bool:
        if not isinstance(row, dict):
            self.odd.append(row)
            return False
        named = row.get("uid") or row.get("id")
        usable = isinstance(named, int | str) and isinstance(row.get(self._source.stamp), int)
        if not usable:
            self.odd.append(row)
        return usable
