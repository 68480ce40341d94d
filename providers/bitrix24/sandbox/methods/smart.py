"""crm.type.*: smart processes, camelCase only."""

from __future__ import annotations

from typing import Any

from providers.bitrix24.sandbox.answers import RestError, Result, not_found, required
from providers.bitrix24.sandbox.columns import iso
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.filters import split
from providers.bitrix24.sandbox.listing import PAGE
from providers.bitrix24.sandbox.methods.registry import method
from providers.bitrix24.sandbox.php import listed, truth, whole
from providers.bitrix24.sandbox.rows import Category, SmartType
from providers.bitrix24.sandbox.table import Table

FIRST_KIND = 1030
_FLAGS = ("isCategoriesEnabled", "isStagesEnabled", "isBeginCloseDatesEnabled", "isClientEnabled",
          "isUseInUserfieldEnabled", "isLinkWithProductsEnabled", "isMycompanyEnabled", "isDocumentsEnabled",
          "isSourceEnabled", "isObserversEnabled", "isRecyclebinEnabled", "isAutomationEnabled", "isBizProcEnabled",
          "isSetOpenPermissions", "isPaymentsEnabled", "isCountersEnabled")  # fmt: skip


def _shown(call: Call, smart: SmartType) -> dict[str, Any]:
    told = {
        "id": smart.id,
        "title": smart.title,
        "code": smart.code,
        "createdBy": smart.created_by,
        "entityTypeId": smart.kind,
        "customSectionId": None,
        "createdTime": iso(smart.created, call.portal.zone),
        "updatedTime": iso(smart.created, call.portal.zone),
        "updatedBy": smart.created_by,
    }
    return told | {flag: "Y" if smart.flags.get(flag, flag == "isStagesEnabled") else "N" for flag in _FLAGS}


@method("crm.type.list", "crm")
def type_list(call: Call) -> Result:
    """UPPER_CASE keys are an error here, in words of the ORM."""
    order, conditions = call.params.map("order"), call.params.map("filter")
    for key in [*order, *conditions]:
        _camel(split(key)[1])
    shown = [_shown(call, smart) for smart in call.portal.types.rows.values()]
    found = [row for row in shown if all(fits(row, key, value) for key, value in conditions.items())]
    for name, way in reversed(list(order.items())):
        found.sort(key=lambda row: row.get(name) or 0, reverse=str(way).upper() == "DESC")
    start = max(0, call.params.number("start", 0))
    more = start + PAGE if start + PAGE < len(found) else None
    return Result({"types": found[start : start + PAGE]}, total=len(found), next=more)


def _camel(name: str) -> None:
    if name.upper() == name and name.isalpha():
        broken = "_".join(name)
        raise RestError(
            100, f"Unknown field definition `{broken}` (prefix) for \\Bitrix\\Crm\\Model\\Dynamic\\Type Entity."
        )


def fits(row: dict[str, Any], key: str, value: Any) -> bool:
    """The few comparisons a client needs to find its own type or field; what is no field of it is no condition."""
    sign, name = split(key)
    if name not in row:
        return True
    held = row.get(name)
    if sign in (">", ">=", "<", "<="):
        bound, number = whole(value), whole(held)
        return {">": number > bound, ">=": number >= bound, "<": number < bound, "<=": number <= bound}[sign]
    inside = str(held) in {str(item) for item in listed(value)}
    return inside is not sign.startswith("!")


@method("crm.type.get", "crm")
def type_get(call: Call) -> Result:
    """One type by its own id."""
    smart = call.portal.types.get(call.params.number("id"))
    if smart is None:
        raise not_found()
    return Result({"type": _shown(call, smart)})


@method("crm.type.getByEntityTypeId", "crm")
def type_by_kind(call: Call) -> Result:
    """One type by its entityTypeId."""
    smart = call.portal.smart_type(call.params.number("entityTypeId"))
    if smart is None:
        raise not_found()
    return Result({"type": _shown(call, smart)})


@method("crm.type.add", "crm")
def type_add(call: Call) -> Result:
    """A new smart process with one pipeline; plans limit how many."""
    if call.desk.switches.forbid_types:
        raise RestError("CREATE_DYNAMIC_TYPE_RESTRICTED", "Ограничение тарифа на смарт-процессы")
    fields = call.params.map("fields")
    title = str(fields.get("title") or "").strip()
    if not title:
        raise required("title")
    portal = call.portal
    kind = (
        whole(fields.get("entityTypeId") or 0)
        or max([FIRST_KIND - 2, *(t.kind for t in portal.types.rows.values())]) + 2
    )
    if kind in portal.items:
        raise RestError("DUPLICATE_ENTITY_TYPE", f"entityTypeId {kind} is taken")
    id = max(portal.types.next_id(), 5)
    flags = {flag: truth(fields[flag]) for flag in _FLAGS if flag in fields}
    smart = SmartType(id, kind, title, portal.now, call.user, str(fields.get("code") or ""), flags)
    _open(call, portal.types.put(id, smart))
    call.wrote()
    return Result({"type": _shown(call, smart)})


def _open(call: Call, smart: SmartType) -> None:
    """Its table, its pipeline, its stages."""
    portal = call.portal
    portal.items[smart.kind] = Table()
    taken = [number for known in portal.categories.values() for number in known]
    number = max(taken, default=0) + 1
    portal.categories[smart.kind][number] = Category(number, "Общая", smart.kind, 500, True)
    portal.statuses.open_smart_type(smart.kind, number)
