"""Events: binding handlers, and the offline queue with its two ways of being read."""

from __future__ import annotations

import uuid
from typing import Any

from providers.bitrix24.sandbox.answers import RestError, Result
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.eventing import Waiting
from providers.bitrix24.sandbox.methods.registry import method


@method("event.bind", None, app_only=True)
def bind(call: Call) -> Result:
    """A handler for an event, or the queue."""
    event, offline = call.params.text("event").upper(), call.params.text("event_type") == "offline"
    handler = "" if offline else call.params.text("handler")
    if not event.startswith("ON"):
        raise RestError("ERROR_EVENT_NOT_FOUND", "Event not found")
    if not handler and not offline:
        raise RestError("ERROR_ARGUMENT", "Handler is needed")
    call.desk.events.bound.add((event, handler))
    return Result(True)


@method("event.unbind", None, app_only=True)
def unbind(call: Call) -> Result:
    """How many were taken away."""
    offline = call.params.text("event_type") == "offline"
    key = (call.params.text("event").upper(), "" if offline else call.params.text("handler"))
    count = int(key in call.desk.events.bound)
    call.desk.events.bound.discard(key)
    return Result({"count": count})


@method("event.get", None, app_only=True)
def get(call: Call) -> Result:
    """The bound handlers."""
    bound = sorted(call.desk.events.bound)
    rows = [{"event": e, "handler": h, "auth_type": "0", "offline": int(not h)} for e, h in bound]
    return Result(rows)


@method("event.offline.get", None, app_only=True)
def offline_get(call: Call) -> Result:
    """Gone on reading, unless `clear=0`: then kept under a process_id."""
    clear = call.params.text("clear") not in ("0", "false")
    parcel = call.params.text("process_id") or uuid.uuid4().hex
    taken = call.desk.events.take(call.params.number("limit", 50), parcel, clear=clear)
    return Result({"process_id": None if clear or not taken else parcel, "events": [_row(row) for row in taken]})


@method("event.offline.list", None, app_only=True)
def offline_list(call: Call) -> Result:
    """Looking without taking."""
    return Result([_row(row) | {"PROCESS_ID": row.parcel} for row in call.desk.events.queue.values()])


@method("event.offline.clear", None, app_only=True)
def offline_clear(call: Call) -> Result:
    """The taker has them."""
    call.desk.events.clear(call.params.text("process_id"))
    return Result(True)


def _row(row: Waiting) -> dict[str, Any]:
    return {
        "ID": str(row.id),
        "TIMESTAMP_X": "2026-09-01T12:00:00+03:00",
        "EVENT_NAME": row.event,
        "EVENT_DATA": {"FIELDS": {"ID": row.object}},
        "EVENT_ADDITIONAL": False,
        "MESSAGE_ID": str(row.id),
    }
