"""crm.activity.*: calls, meetings and to-dos, their bindings, and a to-do of one's own."""

from __future__ import annotations

from typing import Any

from providers.bitrix24.sandbox.answers import RestError, Result, not_found, not_there, required
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.filters import read_moment
from providers.bitrix24.sandbox.methods.registry import method
from providers.bitrix24.sandbox.php import listed, whole
from providers.bitrix24.sandbox.rows import Activity


@method("crm.activity.list", "crm")
def activity_list(call: Call) -> Result:
    """By START_TIME unless asked otherwise; BINDINGS in the filter finds what is bound to any of the items."""
    conditions = call.params.map("filter")
    bound = conditions.pop("BINDINGS", None) if "BINDINGS" in conditions else None
    if bound is not None:
        conditions = {**conditions, "@ID": _bound(call, bound) or [0]}
    default = (("START_TIME", False),)
    order = call.params.map("order")
    return call.paged(
        call.portal.activities,
        call.shelf.activities(),
        conditions=conditions,
        order=None if order else default,
    )


def _bound(call: Call, wanted: Any) -> list[int]:
    pairs = [wanted] if isinstance(wanted, dict) and "OWNER_ID" in wanted else listed(wanted)
    keys = [(whole(pair.get("OWNER_TYPE_ID", 0)), whole(pair.get("OWNER_ID", 0))) for pair in pairs]
    return [id for key in keys for id in call.portal.bindings.of.get(key, ())]


def _activity(call: Call, name: str) -> Activity:
    activity = call.portal.activities.get(call.params.number(name))
    if activity is None:
        raise not_there()
    return activity


@method("crm.activity.get", "crm")
def activity_get(call: Call) -> Result:
    """One activity."""
    activity = _activity(call, "id")
    return Result(call.one(call.portal.activities, call.shelf.activities(), activity.id))


@method("crm.activity.binding.list", "crm")
def binding_list(call: Call) -> Result:
    """Everything an activity is bound to."""
    activity = call.portal.activities.get(call.params.number("activityId"))
    if activity is None:
        raise not_found()
    return Result([{"entityTypeId": kind, "entityId": id} for kind, id in activity.bindings])


@method("crm.activity.call.getTranscript", "crm")
def call_transcript(call: Call) -> Result:
    """What was said; null where the portal has no transcript. Asking makes none."""
    if not call.desk.switches.transcripts:
        raise RestError("ACCESS_DENIED", "Access denied", 403)
    activity = call.portal.activities.get(call.params.number("activityId"))
    if activity is None or activity.type != 2:
        raise not_found()
    text = call.portal.said(activity.id)
    return Result(None if text is None else {"transcription": text})


@method("crm.activity.todo.add", "crm")
def todo_add(call: Call) -> Result:
    """A to-do in an item's timeline."""
    kind, owner = call.params.number("ownerTypeId"), call.params.number("ownerId")
    if kind not in call.portal.items or owner not in call.portal.items[kind].rows:
        raise RestError("OWNER_NOT_FOUND", "Элемент не найден")
    if not call.params.text("deadline"):
        raise required("deadline")
    deadline = read_moment(call.params.text("deadline"), call.portal.zone)
    if deadline is None:
        raise RestError("WRONG_DATETIME_FORMAT", "Неверный формат даты")
    id, now = call.portal.activities.next_id(), call.portal.now
    responsible = call.params.number("responsibleId", call.user)
    title, text = call.params.text("title") or "Дело", call.params.text("description")
    call.portal.bindings.add(
        Activity(
            id, 6, "CRM_TODO", "TODO", title, responsible, call.user, now, now, deadline, deadline, [(kind, owner)],
            description=text, editor=call.user,
        )
    )  # fmt: skip
    call.wrote()
    return Result({"id": id})
