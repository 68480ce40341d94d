"""Calls, meetings and tasks. Fact sheet 3.6, 3.7, 3.11."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from connector.records import Call, Meeting, Task
from providers.bitrix24 import php

Row = dict[str, Any]
TAG = "kpi"
"""Stands on every task of ours."""
_OWNERS = {"1": "lead", "2": "deal", "3": "contact", "4": "company"}
_SHORT = {"L": "lead", "D": "deal", "C": "contact", "CO": "company"}
_SPECIFIC = ("deal", "lead", "contact", "company")
_DIRECTIONS: dict[str, Literal["out", "in"]] = {"1": "out", "4": "out", "2": "in", "3": "in"}
_INFORMATIONAL = "5"
_ANSWERED = "200"
_DONE = "5"
_MARKED_LATE = timedelta(days=7)


def call(row: Row, activities: Mapping[str, Row], hash_phone: Callable[[str], str]) -> Call | None:
    """A row of the call statistics; None for informational calls. The deal comes by the call's activity, if it has one.

    The same call may stand in several rows (redirect): `unique` says so. The number's hash is kept only where nothing
    else tells whose call it was.
    """
    kind = str(row["CALL_TYPE"])
    if kind == _INFORMATIONAL:
        return None
    if kind not in _DIRECTIONS:
        raise ValueError(f"{kind!r} is no type of call this program knows")
    activity = activities.get(php.key(row.get("CRM_ACTIVITY_ID")) or "", {})
    on, phone = _specific_first({*_entity(row), *_owner(activity)}), row.get("PHONE_NUMBER")
    return Call(
        id=_id(row),
        at=_moment(row, "CALL_START_DATE"),
        direction=_DIRECTIONS[kind],
        answered=str(row.get("CALL_FAILED_CODE")) == _ANSWERED,
        seconds=max(0, int(php.number(row.get("CALL_DURATION")) or 0)),
        user_id=php.key(row.get("PORTAL_USER_ID")),
        on=on,
        phone=hash_phone(phone) if not on and isinstance(phone, str) and phone.strip() else None,
        unique=php.key(row.get("SESSION_ID")) or php.key(row.get("CALL_ID")),
    )


def call_activity(row: Row) -> Call:
    """A call as the CRM's own activity, where the statistics may not be read: talk time is end minus start.

    `VI_…` in ORIGIN_ID is the telephony's call: the same one in the statistics carries it as CALL_ID.
    """
    start = _moment(row, "START_TIME")
    settings = php.table(row.get("SETTINGS"))
    missed = php.truth(settings.get("MISSED_CALL")) or not php.truth(row.get("COMPLETED"))
    seconds = 0 if missed else max(0, int(((php.instant(row.get("END_TIME")) or start) - start).total_seconds()))
    origin = str(row.get("ORIGIN_ID") or "")
    return Call(
        id=f"activity-{_id(row)}",
        updated_at=php.instant(row.get("LAST_UPDATED")),
        at=start,
        direction="in" if str(row.get("DIRECTION")) == "1" else "out",
        answered=seconds > 0,
        seconds=seconds,
        user_id=php.key(row.get("RESPONSIBLE_ID")),
        on=_owner(row),
        unique=origin.removeprefix("VI_") or None,
    )


def meeting(row: Row) -> Meeting:
    """A meeting; `has_result` is not told by this CRM."""
    return Meeting(
        id=_id(row),
        updated_at=php.instant(row.get("LAST_UPDATED")),
        user_id=php.key(row.get("RESPONSIBLE_ID")),
        created_at=php.instant(row.get("CREATED")),
        due_at=php.instant(row.get("START_TIME")) or php.instant(row.get("DEADLINE")),
        done_at=completed_at(row),
        on=_owner(row),
        activity=True,
    )


def todo(row: Row) -> Task:
    """A to-do of the CRM's timeline."""
    return Task(
        id=f"activity-{_id(row)}",
        updated_at=php.instant(row.get("LAST_UPDATED")),
        user_id=php.key(row.get("RESPONSIBLE_ID")),
        created_at=php.instant(row.get("CREATED")),
        due_at=php.instant(row.get("DEADLINE")),
        done_at=completed_at(row),
        on=_owner(row),
        activity=True,
    )


def task(row: Row) -> Task | None:
    """A task bound to the CRM, or one of ours; None for people's other tasks, which are not sales."""
    tags = {str(one).casefold() for one in _tags(row.get("tags"))}
    on = _bindings(row.get("ufCrmTask"))
    if not on and TAG not in tags:
        return None
    done, closed = str(row.get("status")) == _DONE, php.instant(row.get("closedDate"))
    return Task(
        id=_id(row),
        updated_at=php.instant(row.get("changedDate")),
        user_id=php.key(row.get("responsibleId")),
        created_at=php.instant(row.get("createdDate")),
        due_at=php.instant(row.get("deadline")),
        done_at=(closed or php.instant(row.get("changedDate"))) if done else None,
        done_exact=done and closed is not None,
        on=on,
        ours=TAG in tags,
    )


def completed_at(row: Row) -> datetime | None:
    """When a completed activity was done; the CRM keeps no such moment.

    Its last edit is nearest to the mark "done". But an edit long after (a file, a note, a mass update) must not carry
    an old meeting into another month: later than a week past the planned end, the planned end counts.
    """
    if not php.truth(row.get("COMPLETED")):
        return None
    edited, planned = php.instant(row.get("LAST_UPDATED")), php.instant(row.get("END_TIME"))
    if edited is None or (planned is not None and edited - planned > _MARKED_LATE):
        return planned
    return edited


def _id(row: Row) -> str:
    ident = php.key(row.get("id", row.get("ID")))
    if ident is None:
        raise ValueError("a row without an id")
    return ident


def _moment(row: Row, name: str) -> datetime:
    moment = php.instant(row[name])
    if moment is None:
        raise ValueError(f"{name} is empty")
    return moment


def _entity(row: Row) -> tuple[str, ...]:
    ident, kind = php.key(row.get("CRM_ENTITY_ID")), str(row.get("CRM_ENTITY_TYPE") or "").lower()
    return (f"{kind}:{ident}",) if ident and kind in _SPECIFIC else ()


def _owner(row: Row) -> tuple[str, ...]:
    ident, kind = php.key(row.get("OWNER_ID")), _OWNERS.get(str(row.get("OWNER_TYPE_ID")))
    return (f"{kind}:{ident}",) if ident and kind else ()


def _bindings(value: Any) -> tuple[str, ...]:
    """`["D_10", "L_4"]` as refs; smart processes and other objects are none of ours."""
    found = set()
    for bound in php.rows(value or None):
        short, _, ident = str(bound).partition("_")
        if short in _SHORT and ident.isdigit():
            found.add(f"{_SHORT[short]}:{ident}")
    return _specific_first(found)


def _specific_first(refs: set[str]) -> tuple[str, ...]:
    def rank(ref: str) -> tuple[int, int]:
        kind, _, ident = ref.partition(":")
        return _SPECIFIC.index(kind), int(ident) if ident.isdigit() else 0

    return tuple(sorted(refs, key=rank))


def _tags(value: Any) -> list[str]:
    """`{"35": {"id": 35, "title": "kpi"}}`, the same as a list, or bare texts."""
    return [str(one.get("title", "")) if isinstance(one, dict) else str(one) for one in php.rows(value or None)]
