"""Notes, tasks, events, unsorted enquiries: crm/amocrm 3.5 and 3.7 to 3.9."""

from __future__ import annotations

import msgspec

from providers.amocrm.sandbox.rows import Event, Note, Task, Unsorted
from providers.amocrm.sandbox.shapes.base import Json, With, link, ref
from providers.amocrm.sandbox.world import SINGULAR, World

_PLURAL = {singular: plural for plural, singular in SINGULAR.items()} | {"task": "tasks"}
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [high + low for high in _CROCKFORD for low in _CROCKFORD]


def note(world: World, entity: str, row: Note) -> Json:
    """A note; empty params are PHP's empty array."""
    return {
        "id": row.id,
        "entity_id": row.entity_id,
        "created_by": row.created_by,
        "updated_by": row.updated_by,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "responsible_user_id": row.responsible,
        "group_id": world.group_of(row.responsible),
        "note_type": row.note_type,
        "params": row.params or [],
        "account_id": world.account_id,
        "_links": link(world, f"{entity}/{row.entity_id}/notes/{row.id}"),
    }


def task(world: World, row: Task, with_: With) -> Json:
    """`result` is PHP's empty array where there is none."""
    return {
        "id": row.id,
        "created_by": row.created_by,
        "updated_by": row.updated_by,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "responsible_user_id": row.responsible,
        "group_id": world.group_of(row.responsible),
        "entity_id": row.entity_id,
        "entity_type": row.entity_type,
        "duration": row.duration,
        "is_completed": row.completed,
        "task_type_id": row.task_type,
        "text": row.text,
        "result": [] if row.result is None else {"text": row.result},
        "complete_till": row.complete_till,
        "account_id": world.account_id,
        "_links": link(world, f"tasks/{row.id}"),
    }


def event(world: World, row: Event, with_: With) -> Json:
    """Ids are texts here, entity types singular."""
    id_ = event_id(row)
    entity = _PLURAL.get(row.entity_type, row.entity_type)
    return {
        "id": id_,
        "type": row.type,
        "entity_id": row.entity_id,
        "entity_type": row.entity_type,
        "created_by": row.created_by,
        "created_at": row.created_at,
        "value_after": msgspec.Raw(row.after),
        "value_before": msgspec.Raw(row.before),
        "account_id": world.account_id,
        "_links": link(world, f"events/{id_}"),
        "_embedded": {"entity": ref(world, entity, row.entity_id)},
    }


def event_id(row: Event) -> str:
    """ULID-like: ten letters of time, sixteen of number."""
    return _letters(row.created_at * 1000, 10) + _letters(row.id, 16)


def event_number(text: str) -> int:
    """Back from the letters; -1 for what is no event id."""
    if len(text) != 26 or any(letter not in _CROCKFORD for letter in text):
        return -1
    number = 0
    for letter in text[10:]:
        number = number * 32 + _CROCKFORD.index(letter)
    return number


def _letters(number: int, width: int) -> str:
    pairs = []
    for _ in range(width // 2):
        number, rest = divmod(number, 1024)
        pairs.append(_PAIRS[rest])
    pairs.reverse()
    return "".join(pairs)


def unsorted(world: World, row: Unsorted, with_: With) -> Json:
    """An item of «Неразобранное»."""
    return {
        "uid": row.uid,
        "source_uid": None,
        "source_name": row.source_name,
        "category": row.category,
        "pipeline_id": row.pipeline,
        "created_at": row.created_at,
        "metadata": _metadata(row),
        "account_id": world.account_id,
        "_links": link(world, f"leads/unsorted/{row.uid}"),
        "_embedded": {
            "leads": [ref(world, "leads", row.lead)],
            "contacts": [] if row.contact is None else [ref(world, "contacts", row.contact)],
            "companies": [] if row.company is None else [ref(world, "companies", row.company)],
        },
    }


def _metadata(row: Unsorted) -> Json:
    """Numbers come as texts here, and a phone as a number."""
    if row.category == "sip":
        digits = "".join(filter(str.isdigit, row.phone))
        return {
            "from": row.phone,
            "phone": int(digits or 0),
            "called_at": row.created_at,
            "duration": "0",
            "link": None,
            "service_code": "sandbox-pbx",
        }
    return {
        "form_id": "1",
        "form_name": row.source_name,
        "form_page": "https://acme.example/",
        "ip": "192.0.2.1",
        "form_sent_at": row.created_at,
        "referer": None,
    }
