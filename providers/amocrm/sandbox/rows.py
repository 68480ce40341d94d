"""What the pretend account holds, row by row. Instants are whole Unix seconds, amounts minor units, user 0 a robot.

`seen` keeps a row's JSON as last sent, by the `with` it was asked with; whoever changes the row empties it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Values = dict[int, list[dict[str, Any]]]
"""Custom field id -> its values as amoCRM shows them."""


@dataclass(slots=True, kw_only=True)
class Row:
    """Anything with an id, authors and moments."""

    id: int
    created_by: int = 0
    updated_by: int = 0
    created_at: int = 0
    updated_at: int = 0
    seen: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)


@dataclass(slots=True, kw_only=True)
class Card(Row):
    """What leads, contacts and companies share."""

    name: str
    responsible: int
    closest_task_at: int | None = None
    fields: Values = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Lead(Card):
    """A deal; `unsorted` is the uid of the item that still holds it in «Неразобранное»."""

    pipeline: int
    status: int
    amount: int = 0
    loss_reason: int | None = None
    source: int | None = None
    closed_at: int | None = None
    deleted: bool = False
    company: int | None = None
    contacts: list[int] = field(default_factory=list)
    unsorted: str | None = None


@dataclass(slots=True, kw_only=True)
class Contact(Card):
    """A person; `leads` are the deals he is part of."""

    company: int | None = None
    leads: list[int] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Firm(Card):
    """A company."""

    contacts: list[int] = field(default_factory=list)
    leads: list[int] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Note(Row):
    """A note; calls are notes of the types call_in and call_out."""

    entity_id: int
    responsible: int
    note_type: str
    params: dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Task(Row):
    """A task; `entity_type` is plural here, unlike in events."""

    responsible: int
    text: str
    complete_till: int
    entity_type: str | None = None
    entity_id: int | None = None
    task_type: int = 1
    duration: int = 0
    completed: bool = False
    result: str | None = None


@dataclass(slots=True, kw_only=True)
class Event:
    """One line of history; `after` and `before` are JSON already, as they never change."""

    id: int
    type: str
    entity_type: str
    entity_id: int
    created_by: int
    created_at: int
    after: bytes = b"[]"
    before: bytes = b"[]"


@dataclass(slots=True, kw_only=True)
class Unsorted:
    """An enquiry nobody has taken yet."""

    id: int
    uid: str
    category: str
    source_name: str
    lead: int
    contact: int | None
    company: int | None
    pipeline: int
    created_at: int
    phone: str


@dataclass(slots=True, kw_only=True)
class User:
    """A person of the account. A head is told from others by his role only: amoCRM knows no heads."""

    id: int
    name: str
    group: int
    role: int
    admin: bool = False
    active: bool = True


@dataclass(slots=True, kw_only=True)
class Status:
    """A stage; `kind` 1 is the unsorted one."""

    id: int
    name: str
    sort: int
    kind: int = 0
    editable: bool = True
    color: str = "#99ccff"


@dataclass(slots=True, kw_only=True)
class Pipeline:
    """A funnel with its stages in order."""

    id: int
    name: str
    sort: int
    main: bool = False
    archived: bool = False
    statuses: list[Status] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class FieldDef:
    """A custom field's definition; `entity` is leads, contacts, companies or catalogs/ID."""

    id: int
    entity: str
    name: str
    type: str
    code: str | None = None
    sort: int = 500
    group: str | None = None
    api_only: bool = False
    predefined: bool = False
    currency: str | None = None
    enums: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Catalog(Row):
    """A list (справочник)."""

    name: str
    type: str = "regular"
    sort: int = 10
    can_add_elements: bool = True
    can_show_in_cards: bool = False
    can_link_multiple: bool = True


@dataclass(slots=True, kw_only=True)
class Element(Row):
    """A line of a list."""

    catalog: int
    name: str
    fields: Values = field(default_factory=dict)
