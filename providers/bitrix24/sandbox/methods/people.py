"""Users and departments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from providers.bitrix24.sandbox.answers import RestError, Result
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.methods.registry import method

_OWN = frozenset({"sort", "order", "start", "select", "filter", "admin_mode", "auth", "image_resize", "access_token"})


def _top_filters(call: Call) -> dict[str, Any]:
    """These old methods take filters beside their other parameters."""
    return {name.upper(): call.params.raw[name] for name in call.params if name.lower() not in _OWN}


def _order(call: Call) -> tuple[tuple[str, bool], ...]:
    """SORT is a field, ORDER a direction, both plain text."""
    return ((call.params.text("sort", "ID").upper(), call.params.text("order", "ASC").upper() == "DESC"),)


@method("user.get", "user")
def user_get(call: Call) -> Result:
    """Employees, active and dismissed; a filter that names nobody counts nobody."""
    wanted = {key.upper(): value for key, value in call.params.map("filter").items()}
    found = call.paged(
        call.portal.people, call.shelf.people(), conditions={**_top_filters(call), **wanted}, order=_order(call)
    )
    if wanted and not found.value:
        found.total = None
    return found


@method("user.current", "user")
def user_current(call: Call) -> Result:
    """The token's user."""
    return Result(call.one(call.portal.people, call.shelf.people(), call.user))


@method("department.get", "department")
def department_get(call: Call) -> Result:
    """Departments with their heads; the filters stand at the top."""
    names = call.shelf.departments().names([])
    filters = _top_filters(call)
    filters.pop("SORT", None)
    return call.paged(
        call.portal.departments, call.shelf.departments(), conditions=filters, order=_order(call), names=names
    )


@method("calendar.accessibility.get", "calendar")
def calendar_accessibility(call: Call) -> Result:
    """The events of each asked person that touch the asked days; everybody asked for is a key, the three are needed."""
    for name in ("from", "to", "users"):
        if not call.params.raw.get(name):
            raise RestError("", f'Не задан обязательный параметр "{name}" для метода "{call.method}"')
    first, last = (date.fromisoformat(call.params.text(name)) for name in ("from", "to"))
    told = {}
    for user in call.params.list("users"):
        events = call.desk.switches.calendars.get(int(user), ())
        told[str(user)] = [
            row for row in events if _begin(row["DATE_FROM"]) <= last and _begin(row["DATE_TO"]) >= first
        ]
    return Result(told)


def _begin(text: str) -> date:
    return datetime.strptime(text[:10], "%d.%m.%Y").date()  # noqa: DTZ007 - a calendar day has no zone
