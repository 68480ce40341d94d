"""What sellers do: calls, meetings, tasks. Pure. Source: crm/amocrm 3.7, 3.9."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import datetime

from connector.records import Call, Meeting, Ref, Task
from providers.amocrm.mapping.values import Row, ident, identity, label, moment, moment_of, ref, table, whole

CALLS = ("call_in", "call_out")
_TALKED = 4
_NOT_REACHED = frozenset({1, 3, 6, 7})
"""Left a message, not in, no answer, busy: a duration beside these is the voicemail's."""
_ID = re.compile(r"[1-9][0-9]{0,8}")
"""A user's id as far as digits tell; phones have ten and more."""
MARK = "[kpi#"
"""Every task of ours carries it at the end of its text."""


def call(row: Row, on: tuple[Ref, ...], users: Collection[str], hash_phone: Callable[[str], str]) -> Call | None:
    """A call note; other notes are left out. amoCRM hangs it on a deal only where there is exactly one."""
    if row.get("note_type") not in CALLS:
        return None
    params = table(row.get("params"))
    status, seconds = whole(params.get("call_status")), max(0, whole(params.get("duration")) or 0)
    answered = status == _TALKED or (seconds > 0 and status not in _NOT_REACHED)
    phone = str(params.get("phone") or "")
    return Call(
        id=identity(row),
        updated_at=moment(row.get("updated_at")),
        at=moment_of(row, "created_at"),
        direction="in" if row["note_type"] == "call_in" else "out",
        answered=answered,
        seconds=seconds if answered else 0,
        user_id=_who(row, users),
        on=on,
        phone=hash_phone(phone) if any(map(str.isdigit, phone)) else None,
        unique=label(params.get("uniq")) or None,
    )


def _who(row: Row, users: Collection[str]) -> str | None:
    """`call_responsible` may also be a name or a phone: only a user's id counts.

    Without a list of users (the token may not read it) anything that can be an id and is too short for a phone does.
    """
    told = (ident(table(row.get("params")).get("call_responsible")) or "").strip()
    if told in users or (not users and _ID.fullmatch(told)):
        return told
    return ident(row.get("responsible_user_id")) or ident(row.get("created_by"))


def is_meeting(row: Row, meeting_types: Collection[str]) -> bool:
    """Whether this task's type is one of the account's meetings."""
    return str(row.get("task_type_id")) in meeting_types


def meeting(row: Row) -> Meeting:
    """A task of the meeting type; `done_at` is when it was last changed, the event knows better."""
    return Meeting(
        id=identity(row),
        updated_at=moment(row.get("updated_at")),
        user_id=ident(row.get("responsible_user_id")),
        created_at=moment(row.get("created_at")),
        due_at=moment(row.get("complete_till")),
        done_at=_done_at(row),
        has_result=bool(label(table(row.get("result")).get("text"))),
        on=_on(row),
    )


def task(row: Row) -> Task:
    """Any other task."""
    return Task(
        id=identity(row),
        updated_at=moment(row.get("updated_at")),
        user_id=ident(row.get("responsible_user_id")),
        created_at=moment(row.get("created_at")),
        due_at=moment(row.get("complete_till")),
        done_at=_done_at(row),
        on=_on(row),
        ours=MARK in str(row.get("text") or ""),
    )


def _done_at(row: Row) -> datetime | None:
    return moment(row.get("updated_at")) if row.get("is_completed") in (True, 1, "1") else None


def _on(row: Row) -> tuple[Ref, ...]:
    found = ref(row.get("entity_type"), row.get("entity_id"))
    return (found,) if found else ()
