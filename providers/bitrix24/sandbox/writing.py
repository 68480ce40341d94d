"""Fields written through REST: known ones are set, unknown ones ignored, custom ones coerced by their type.

What a portal does to values is done here too: text is trimmed, doubles are rounded to the field's precision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from providers.bitrix24.sandbox import sales
from providers.bitrix24.sandbox.answers import RestError
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.filters import read_moment
from providers.bitrix24.sandbox.php import listed, truth, whole
from providers.bitrix24.sandbox.rows import CONTACT, Item, UserField
from providers.bitrix24.sandbox.views.items import camel

_EXTRA = frozenset({
    "comments", "sourceDescription", "originatorId", "originId", "utmSource", "utmMedium", "utmCampaign", "utmContent",
    "utmTerm", "additionalInfo", "statusDescription", "companyTitle", "name", "lastName", "xmlId",
})  # fmt: skip


def bad_value(name: str) -> RestError:
    """The portal's word for a value that does not fit its field."""
    return RestError("CRM_FIELD_ERROR_VALUE_NOT_VALID", f"Поле {name} заполнено неверно")


def apply(call: Call, item: Item, fields: Mapping[str, Any]) -> bool:
    """Set what is named; False where nothing differs: then nothing was saved and updatedTime stands."""
    before = _image(item)
    custom = _custom(call, item, fields)
    for name, value in fields.items():
        setter = _setter(item, name)
        if setter is not None:
            setter(call, item, name, value)
    item.uf.update(custom)
    moved = _moved(call, item, fields)
    if _image(item) != before or moved:
        call.portal.touch(item, call.user, call.portal.now)
        return True
    return False


def _image(item: Item) -> tuple[Any, ...]:
    return (
        item.title, item.owner, item.amount, item.currency, item.contact, item.company, item.source, item.begin,
        item.close, dict(item.uf), dict(item.extra),
    )  # fmt: skip


Setter = Callable[[Call, Item, str, Any], None]


def _setter(item: Item, name: str) -> Setter | None:
    if name in _EXTRA and not (name == "name" and item.kind == CONTACT):
        return _set_extra
    return _SETTERS.get(name)


def _set_extra(call: Call, item: Item, name: str, value: Any) -> None:
    item.extra[name] = None if value in (None, "", False) else str(value).strip()


def _set_title(call: Call, item: Item, name: str, value: Any) -> None:
    item.title = str(value or "").strip()


def _set_owner(call: Call, item: Item, name: str, value: Any) -> None:
    if whole(value) not in call.portal.people.rows:
        raise bad_value("ASSIGNED_BY_ID")
    item.owner = whole(value)


def _set_amount(call: Call, item: Item, name: str, value: Any) -> None:
    item.amount = int((_decimal(value, "OPPORTUNITY") * 100).to_integral_value(ROUND_HALF_UP))


def _set_currency(call: Call, item: Item, name: str, value: Any) -> None:
    item.currency = str(value or call.portal.currency)


def _set_client(call: Call, item: Item, name: str, value: Any) -> None:
    number = whole(value)
    if name == "contactId":
        item.contact = number
    else:
        item.company = number


def _set_source(call: Call, item: Item, name: str, value: Any) -> None:
    item.source = str(value or "")


def _set_date(call: Call, item: Item, name: str, value: Any) -> None:
    found = _date(call, name, value)
    if name == "begindate":
        item.begin = found
    else:
        item.close = found


_SETTERS: dict[str, Setter] = {
    "title": _set_title,
    "name": _set_title,
    "assignedById": _set_owner,
    "opportunity": _set_amount,
    "currencyId": _set_currency,
    "contactId": _set_client,
    "companyId": _set_client,
    "sourceId": _set_source,
    "begindate": _set_date,
    "closedate": _set_date,
}


def _moved(call: Call, item: Item, fields: Mapping[str, Any]) -> bool:
    """A change of stage or pipeline, checked against the directory."""
    if not {"stageId", "categoryId"} & set(fields) or not item.stage:
        return False
    category = whole(fields.get("categoryId", item.category))
    if category not in call.portal.categories[item.kind] and category != item.category:
        raise bad_value("CATEGORY_ID")
    stage = str(fields.get("stageId") or "")
    if not stage:
        stage = item.stage if category == item.category else sales.first_stage(item.kind, category)
    if call.portal.statuses.semantics(item.kind, category, stage) is None:
        raise bad_value("STAGE_ID")
    return sales.move(call.portal, item, category, stage, call.user, call.portal.now)


def _custom(call: Call, item: Item, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Custom fields by either spelling; checked before anything is set."""
    known = {}
    for field in call.portal.fields_of(call.portal.entity_of(item.kind)):
        known[field.name] = known[camel(field.name)] = field
    return {known[name].name: coerce(call, known[name], value) for name, value in fields.items() if name in known}


def coerce(call: Call, field: UserField, value: Any) -> Any:
    """A custom value as the portal keeps it; empty text, null and false clear the field."""
    if field.multiple:
        return [_scalar(call, field, item) for item in listed(value)]
    if value is None or value == "" or (value is False and field.type != "boolean"):
        return None
    return _scalar(call, field, value)


def _scalar(call: Call, field: UserField, value: Any) -> Any:
    if field.type == "double":
        places = Decimal(1).scaleb(-int(field.settings.get("PRECISION", 2)))
        return float(_decimal(value, field.name).quantize(places, ROUND_HALF_UP))
    if field.type in ("integer", "enumeration", "employee", "crm"):
        return int(_decimal(value, field.name))
    if field.type == "boolean":
        return truth(value)
    if field.type == "datetime":
        moment = read_moment(str(value), call.portal.zone)
        if moment is None:
            raise bad_value(field.name)
        return moment
    return _date(call, field.name, value) if field.type == "date" else str(value).strip()


def _date(call: Call, name: str, value: Any) -> date | None:
    if value in (None, "", False):
        return None
    moment = read_moment(str(value), call.portal.zone)
    if moment is None:
        raise bad_value(name)
    return moment.astimezone(call.portal.zone).date()


def _decimal(value: Any, name: str) -> Decimal:
    try:
        number = Decimal(str(value if value not in (None, "", False) else 0).replace(",", "."))
    except InvalidOperation:
        raise bad_value(name) from None
    if not number.is_finite():
        raise bad_value(name)
    return number
