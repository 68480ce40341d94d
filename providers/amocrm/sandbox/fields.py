"""Custom field values: what amoCRM accepts for each type, and what it makes of it.

Numbers lose their trailing zeros and text its outer blanks, as in the real thing: what is read is not always what was
written. `enum_code`, `field_name` and the like sent back are FieldNotExpected (crm/amocrm 4.1).
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from providers.amocrm.sandbox.rows import FieldDef

NUMBERS = {
    "text": 1, "numeric": 2, "checkbox": 3, "select": 4, "multiselect": 5, "date": 6, "url": 7, "multitext": 8,
    "textarea": 9, "radiobutton": 10, "streetaddress": 11, "smart_address": 13, "birthday": 14, "legal_entity": 15,
    "items": 16, "category": 18, "date_time": 19, "price": 20, "tracking_data": 22, "linked_entity": 23,
    "chained_list": 24, "monetary": 25, "file": 26, "payer": 27, "supplier": 28,
}  # fmt: skip
"""Type names, and the numbers that stand for them in events."""
CHOICES = ("select", "multiselect", "radiobutton", "category")
FIGURES = ("numeric", "price", "monetary")
MOMENTS = ("date", "date_time", "birthday")


class BadValue(Exception):
    """One value is refused: amoCRM's code, the path below the item, the words."""

    def __init__(self, code: str, path: str, detail: str) -> None:
        self.code, self.path, self.detail = code, path, detail
        super().__init__(detail)


def unexpected(path: str) -> BadValue:
    """A key that may be read but not written."""
    return BadValue("FieldNotExpected", path, "This field was not expected.")


def unsupported(path: str) -> BadValue:
    """An id or word that does not exist here."""
    return BadValue("NotSupportedChoice", path, "The value you selected is not a valid choice.")


def wrong_type(path: str, wanted: str) -> BadValue:
    """Not what this kind of field holds."""
    return BadValue("InvalidType", path, f"This value should be of type {wanted}.")


def accept(field: FieldDef, items: Any, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The values as they will be shown, [] for null; raises BadValue with the path relative to the field's entry."""
    if items is None:
        return []
    if not isinstance(items, list) or not items:
        raise BadValue("NotBlank", "values", "This value should not be blank.")
    if len(items) > 1 and field.type not in ("multiselect", "multitext", "items", "linked_entity"):
        raise BadValue("TooMany", "values", "This collection should contain exactly 1 element.")
    return [_one(field, item, f"values.{n}", zone) for n, item in enumerate(items)]


def _one(field: FieldDef, item: Any, path: str, zone: ZoneInfo) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise wrong_type(path, "array")
    if field.type in CHOICES:
        return _choice(field, item, path)
    allowed = {"value", "enum_id", "enum_code"} if field.type == "multitext" else {"value"}
    for key in item:
        if key not in allowed:
            raise unexpected(f"{path}.{key}")
    if item.get("value") is None:
        raise BadValue("NotNullable", f"{path}.value", "This value should not be null.")
    if field.type == "multitext":
        return _contact_point(field, item, path)
    return {"value": _plain(field.type, item["value"], f"{path}.value", zone)}


def _choice(field: FieldDef, item: dict[str, Any], path: str) -> dict[str, Any]:
    given = [key for key in ("enum_id", "enum_code", "value") if key in item]
    for key in item:
        if key not in ("enum_id", "enum_code", "value") or (key == "enum_code" and len(given) > 1):
            raise unexpected(f"{path}.{key}")
    if not given:
        raise BadValue("FieldMissing", f"{path}.value", "This field is missing.")
    key = given[0]
    column = {"enum_id": "id", "enum_code": "code", "value": "value"}[key]
    for enum in field.enums:
        if item[key] is not None and str(enum[column]) == str(item[key]):
            return {"value": enum["value"], "enum_id": enum["id"], "enum_code": enum["code"]}
    raise unsupported(f"{path}.{key}")


def _contact_point(field: FieldDef, item: dict[str, Any], path: str) -> dict[str, Any]:
    wanted = item.get("enum_id", item.get("enum_code", "WORK"))
    for enum in field.enums:
        if wanted in (enum["id"], enum["value"]):
            return {"value": str(item["value"]).strip(), "enum_id": enum["id"], "enum_code": enum["value"]}
    raise unsupported(f"{path}.{'enum_id' if 'enum_id' in item else 'enum_code'}")


def _plain(kind: str, value: Any, path: str, zone: ZoneInfo) -> Any:
    if kind in FIGURES:
        return _figure(value, path)
    if kind == "checkbox":
        if not isinstance(value, bool):
            raise wrong_type(path, "bool")
        return value
    if kind in MOMENTS:
        return _moment(kind, value, path, zone)
    if not isinstance(value, str):
        raise wrong_type(path, "string")
    if kind == "url" and not value.startswith(("http://", "https://")):
        raise BadValue("InvalidUrl", path, "This value is not a valid URL.")
    return value.strip()


def _figure(value: Any, path: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise wrong_type(path, "numeric")
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise wrong_type(path, "numeric") from None
    if not number.is_finite():
        raise wrong_type(path, "numeric")
    return figure(number)


def figure(number: Decimal) -> str:
    """Plain digits without trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(kind: str, value: Any, path: str, zone: ZoneInfo) -> int:
    if isinstance(value, str) and not value.isdigit():
        try:
            told = datetime.fromisoformat(value)
        except ValueError:
            raise wrong_type(path, "timestamp") from None
        seconds = int((told if told.tzinfo else told.replace(tzinfo=zone)).timestamp())
    elif isinstance(value, int | str) and not isinstance(value, bool):
        seconds = int(value)
    else:
        raise wrong_type(path, "timestamp")
    if kind == "date_time":
        return seconds
    midnight = datetime.fromtimestamp(seconds, UTC).astimezone(zone).replace(hour=0, minute=0, second=0)
    return int(midnight.timestamp())
