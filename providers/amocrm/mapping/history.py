"""Events: stages, owners, prices, deletions, completions, deadlines. Pure. Source: crm/amocrm 3.8.

Events are immutable; their ids are text. Shapes of values that are not documented are read defensively.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from connector.records import Deadline, Done, Message, Move, Owner, Price, Record, Ref, Removal
from providers.amocrm.mapping.directory import outcome, stage_id
from providers.amocrm.mapping.values import Row, ident, listing, moment, moment_of, money, ref, table, whole

_CARDS = ("lead", "contact", "company")
DELETED = tuple(f"{card}_deleted" for card in _CARDS)
RESTORED = tuple(f"{card}_restored" for card in _CARDS)
MERGED = "entity_merged"
TYPES: dict[type[Record], tuple[str, ...]] = {
    Move: ("lead_status_changed",),
    Owner: ("entity_responsible_changed",),
    Price: ("sale_field_changed",),
    Removal: (*DELETED, *RESTORED, MERGED, "task_deleted"),
    Done: ("task_completed",),
    Deadline: ("task_deadline_changed",),
    Message: ("outgoing_chat_message", "outgoing_sms"),
}
"""Which events each kind is made of."""


def event_id(row: Row) -> str:
    """Text; raises ValueError where there is none."""
    found = ident(row["id"])
    if found is None:
        raise ValueError("no id")
    return found


def target(row: Row) -> Ref | None:
    """What the event happened to."""
    return ref(row.get("entity_type"), row.get("entity_id"))


def values(row: Row, when: Literal["value_before", "value_after"], key: str) -> Row:
    """The first value of this name, empty where there is none."""
    for item in listing(row.get(when)):
        if key in (entry := table(item)):
            return table(entry[key])
    return {}


def move(row: Row) -> Move | None:
    """A deal entered a stage. `by` None: a robot did it."""
    of = target(row)
    if of is None or not of.startswith("deal:"):
        return None
    at = moment_of(row, "created_at")
    after, before = values(row, "value_after", "lead_status"), values(row, "value_before", "lead_status")
    status, left = whole(after["id"]), whole(before.get("id"))
    return Move(
        id=event_id(row),
        updated_at=at,
        of=of,
        at=at,
        pipeline_id=str(after["pipeline_id"]),
        stage_id=stage_id(after["pipeline_id"], status),
        outcome=outcome(status),
        from_stage_id=stage_id(before.get("pipeline_id"), left) if left else None,
        from_outcome=outcome(left) if left else None,
        by=ident(row.get("created_by")),
    )


def owner(row: Row) -> Owner | None:
    """A deal changed hands; contacts and tasks do so too and are left out."""
    of = target(row)
    if of is None or not of.startswith("deal:"):
        return None
    at = moment_of(row, "created_at")
    after, before = values(row, "value_after", "responsible_user"), values(row, "value_before", "responsible_user")
    return Owner(
        id=event_id(row),
        updated_at=at,
        of=of,
        at=at,
        user_id=ident(after.get("id")),
        before=ident(before.get("id")),
        by=ident(row.get("created_by")),
    )


def price(row: Row, currency: str | None) -> Price | None:
    """The budget changed. The shape is not documented: the first number found in the value is it."""
    of = target(row)
    if of is None or not of.startswith("deal:"):
        return None
    at = moment_of(row, "created_at")
    return Price(
        id=event_id(row),
        updated_at=at,
        of=of,
        at=at,
        amount=money(next(_numbers(row.get("value_after")), None), currency),
        before=money(next(_numbers(row.get("value_before")), None), currency),
        by=ident(row.get("created_by")),
    )


def _numbers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, int | float | str) and not isinstance(value, bool) and str(value).strip():
        yield value


def removal(row: Row) -> Removal | None:
    """Deleted or restored. A merge does not tell what went: `merged` names the card to ask the CRM about.

    A deleted task is named as a task; meetings are tasks in amoCRM and share their ids.
    """
    type_, of = str(row.get("type")), target(row)
    if type_ == "task_deleted" and ident(row.get("entity_id")):
        of = f"task:{row['entity_id']}"
    if of is None or of.startswith("customer:"):
        return None
    at = moment_of(row, "created_at")
    what: Literal["deleted", "restored", "merged"] = "deleted"
    if type_ in RESTORED:
        what = "restored"
    elif type_ == MERGED:
        what = "merged"
    return Removal(id=event_id(row), updated_at=at, of=of, at=at, what=what, by=ident(row.get("created_by")))


def done(row: Row) -> Done | None:
    """A task was completed; whether it was a meeting only the task tells."""
    task = ident(row.get("entity_id"))
    if task is None:
        return None
    at = moment_of(row, "created_at")
    return Done(id=event_id(row), updated_at=at, of=f"task:{task}", at=at, by=ident(row.get("created_by")))


def deadline(row: Row) -> Deadline | None:
    """A task was given another deadline; whether it was a meeting only the task tells."""
    task = ident(row.get("entity_id"))
    if task is None:
        return None
    at = moment_of(row, "created_at")
    after, before = values(row, "value_after", "task_deadline"), values(row, "value_before", "task_deadline")
    return Deadline(
        id=event_id(row),
        updated_at=at,
        of=f"task:{task}",
        at=at,
        due_at=moment_of(after, "timestamp"),
        before=moment(before.get("timestamp")),
        by=ident(row.get("created_by")),
    )


def message(row: Row) -> Message | None:
    """Somebody wrote to a client; a talk that is linked to a deal names its contact beside. `user_id` None: a robot."""
    named = (target(row), ref("contact", row.get("linked_talk_contact_id")))
    on = tuple(dict.fromkeys(one for one in named if one is not None and not one.startswith("customer:")))
    at = moment_of(row, "created_at")
    if not on:
        return None
    return Message(id=event_id(row), updated_at=at, at=at, user_id=ident(row.get("created_by")), on=on)
