"""What a portal holds, as small mutable rows; how they look on the wire is the views' business."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

LEAD, DEAL, CONTACT, COMPANY = 1, 2, 3, 4


@dataclass(slots=True)
class Item:
    """A lead, deal, contact, company or an element of a smart process (`kind` is its entityTypeId)."""

    kind: int
    id: int
    title: str
    owner: int
    created: datetime
    created_by: int
    updated: datetime
    updated_by: int
    category: int = 0
    stage: str = ""
    semantics: str = "P"
    moved: datetime | None = None
    moved_by: int = 0
    amount: int = 0
    """Minor units; Bitrix24 has no "no amount", it is 0."""
    currency: str = "RUB"
    contact: int = 0
    company: int = 0
    lead: int | None = None
    source: str = ""
    begin: date | None = None
    close: date | None = None
    closed_at: datetime | None = None
    active: datetime | None = None
    active_by: int = 0
    phone: str = ""
    uf: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    """Plain text fields that a client may write: comments, originId, xmlId, …"""


@dataclass(slots=True)
class Step:
    """A row of the stage history. TYPE_ID: 1 created, 2 moved, 3 moved to a final stage, 5 pipeline changed."""

    id: int
    type: int
    owner: int
    at: datetime
    category: int
    stage: str
    semantics: str


@dataclass(slots=True)
class Activity:
    """A call, meeting or to-do in the timeline; `bindings` are (entityTypeId, id), the first one owns it."""

    id: int
    type: int
    provider: str
    provider_type: str
    subject: str
    responsible: int
    author: int
    created: datetime
    updated: datetime
    start: datetime
    end: datetime
    bindings: list[tuple[int, int]]
    completed: bool = False
    direction: int = 0
    description: str = ""
    editor: int = 0
    origin: str | None = None
    missed: bool = False


@dataclass(slots=True)
class CallRow:
    """A line of the call statistics."""

    id: int
    user: int
    phone: str
    at: datetime
    seconds: int
    type: int
    code: str
    reason: str
    entity: tuple[str, int] | None
    activity: int | None
    origin: int
    """The telephony's own number."""


@dataclass(slots=True)
class Person:
    """An employee."""

    id: int
    name: str
    last_name: str
    active: bool
    admin: bool
    departments: list[int]
    registered: datetime
    position: str = ""


@dataclass(slots=True)
class Department:
    """A department; `head` 0 where it has none."""

    id: int
    name: str
    parent: int | None
    head: int = 0
    sort: int = 500


@dataclass(slots=True)
class Category:
    """A pipeline of deals or of a smart process."""

    id: int
    name: str
    kind: int
    sort: int
    default: bool


@dataclass(slots=True)
class Status:
    """An entry of a directory: a stage, a lead status, a source."""

    id: int
    entity: str
    code: str
    name: str
    sort: int
    semantics: str | None = None
    category: int | None = None
    system: bool = False


@dataclass(slots=True)
class UserField:
    """A custom field; `entity` is CRM_DEAL, CRM_LEAD, CRM_{smart type's id}."""

    id: int
    entity: str
    name: str
    type: str
    label: str
    labels: dict[str, str]
    xml_id: str | None = None
    multiple: bool = False
    mandatory: bool = False
    sort: int = 100
    settings: dict[str, Any] = field(default_factory=dict)
    options: list[dict[str, Any]] = field(default_factory=list)
    show_filter: str = "N"
    edit_in_list: str = "Y"


@dataclass(slots=True)
class SmartType:
    """A smart process; `id` and `kind` (entityTypeId) are different numbers."""

    id: int
    kind: int
    title: str
    created: datetime
    created_by: int
    code: str = ""
    flags: dict[str, bool] = field(default_factory=dict)


@dataclass(slots=True)
class Remark:
    """A comment on a task; a `result` where somebody marked it as one."""

    id: int
    task: int
    author: int
    text: str
    at: datetime
    result: int | None = None


@dataclass(slots=True)
class TaskRow:
    """A task. STATUS: 2 waiting, 3 in progress, 5 done."""

    id: int
    title: str
    description: str
    responsible: int
    created_by: int
    created: datetime
    changed: datetime
    changed_by: int
    status: int = 2
    deadline: datetime | None = None
    closed: datetime | None = None
    closed_by: int = 0
    priority: int = 1
    group: int = 0
    bindings: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    xml_id: str | None = None
