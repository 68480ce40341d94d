"""What the pretend account holds, and the one way in which history is written."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from providers.amocrm.sandbox.ordered import Collection
from providers.amocrm.sandbox.rows import (
    Catalog,
    Contact,
    Element,
    Event,
    FieldDef,
    Firm,
    Lead,
    Note,
    Pipeline,
    Row,
    Task,
    Unsorted,
    User,
)

WON, LOST = 142, 143
ENTITIES = ("leads", "contacts", "companies", "customers")
SINGULAR = {"leads": "lead", "contacts": "contact", "companies": "company", "customers": "customer"}
OURS_FROM = 900_000_001
"""Ids of what clients create; the company's own ids stay below."""
MOMENTS: dict[str, Callable[[Any], int]] = {
    "id": lambda row: row.id,
    "created_at": lambda row: row.created_at,
    "updated_at": lambda row: row.updated_at,
}


def encode(value: Any) -> bytes:
    """JSON."""
    return msgspec.json.encode(value)


class State:
    """Rows, directories and the history they leave. `base` is the address, set when the server knows its port."""

    def __init__(self, zone: str, currency: str, *, account_id: int = 31_000_001) -> None:
        self.account_id, self.zone, self.currency = account_id, ZoneInfo(zone), currency
        self.base = ""
        self.name = "Acme"
        self.created_at = 0
        self.groups: dict[int, str] = {0: "Отдел продаж"}
        self.users: dict[int, User] = {}
        self.pipelines: dict[int, Pipeline] = {}
        self.loss_reasons: dict[int, str] = {}
        self.sources: dict[int, str] = {}
        self.leads: Collection[Lead] = Collection(MOMENTS)
        self.trash: Collection[Lead] = Collection(MOMENTS)
        self.contacts: Collection[Contact] = Collection(MOMENTS)
        self.companies: Collection[Firm] = Collection(MOMENTS)
        self._cards: dict[str, Collection[Any]] = {
            "leads": self.leads,
            "contacts": self.contacts,
            "companies": self.companies,
            "customers": Collection(MOMENTS),
        }
        self.notes: dict[str, Collection[Note]] = {
            entity: Collection(MOMENTS, lambda note: note.entity_id) for entity in ENTITIES
        }
        self.tasks: Collection[Task] = Collection(
            {**MOMENTS, "complete_till": lambda task: task.complete_till},
            lambda task: (task.entity_type, task.entity_id),
        )
        self.events: Collection[Event] = Collection(
            {"created_at": lambda event: event.created_at}, lambda event: (event.entity_type, event.entity_id)
        )
        self.unsorted: Collection[Unsorted] = Collection(
            {"created_at": lambda item: item.created_at, "updated_at": lambda item: item.created_at}
        )
        self.fields: dict[str, dict[int, FieldDef]] = {entity: {} for entity in ENTITIES}
        self.field_groups: dict[str, dict[str, str]] = {
            entity: {"default": "Основное", "statistic": "Статистика"} for entity in ENTITIES
        }
        self.catalogs: Collection[Catalog] = Collection(MOMENTS)
        self.elements: dict[int, Collection[Element]] = {}
        self.webhooks: dict[str, dict[str, Any]] = {}
        self._event_ids, self._new_ids = itertools.count(1), itertools.count(OURS_FROM)
        self._said: dict[str, bytes] = {}

    def new_id(self) -> int:
        """For what clients create."""
        return next(self._new_ids)

    # -- history -------------------------------------------------------------------------------------------------

    def note_event(
        self, type_: str, entity: str, id_: int, by: int, at: int, after: bytes = b"[]", before: bytes = b"[]"
    ) -> None:
        """Write one line of history; `entity` is singular."""
        self.events.put(
            Event(
                id=next(self._event_ids),
                type=type_,
                entity_type=entity,
                entity_id=id_,
                created_by=by,
                created_at=at,
                after=after,
                before=before,
            )
        )

    def say(self, key: str, value: dict[str, Any]) -> bytes:
        """One event value as JSON; the same words are kept once, there are many events."""
        text = encode([{key: value}])
        return self._said.setdefault(text.decode(), text)

    def said_status(self, pipeline: int, status: int) -> bytes:
        return self.say("lead_status", {"id": status, "pipeline_id": pipeline})

    # -- directories ---------------------------------------------------------------------------------------------

    def group_of(self, user: int) -> int | None:
        known = self.users.get(user)
        return None if known is None else known.group

    def status_exists(self, pipeline: int, status: int) -> bool:
        known = self.pipelines.get(pipeline)
        return known is not None and any(stage.id == status for stage in known.statuses)

    def is_unsorted_status(self, pipeline: int, status: int) -> bool:
        known = self.pipelines.get(pipeline)
        return known is not None and any(stage.id == status and stage.kind == 1 for stage in known.statuses)

    def settle(self) -> None:
        """After much has happened: sort it in before the first reader asks."""
        all_rows: tuple[Collection[Any], ...] = (*self._cards.values(), *self.notes.values(), self.tasks, self.events)
        for rows in all_rows:
            rows.settle()

    def forget_rendered(self) -> None:
        """A definition that rows show has changed: render them all anew."""
        rows: tuple[Collection[Any], ...] = (self.leads, self.contacts, self.companies, *self.elements.values())
        for collection in rows:
            for row in collection:
                row.seen.clear()

    # -- cards ---------------------------------------------------------------------------------------------------

    def cards(self, entity: str) -> Collection[Any]:
        """leads, contacts or companies; customers are switched off, so there are none."""
        return self._cards[entity]

    def lead(self, id_: int) -> Lead | None:
        """Also from the trash."""
        return self.leads.get(id_) or self.trash.get(id_)

    def touch(self, entity: str, row: Row, at: int, by: int) -> None:
        """The row changed at this moment by this hand."""
        row.updated_at, row.updated_by = at, by
        row.seen.clear()
        self._collection_of(entity, row).put(row)

    def _collection_of(self, entity: str, row: Row) -> Collection[Any]:
        return self.trash if isinstance(row, Lead) and row.deleted else self.cards(entity)
