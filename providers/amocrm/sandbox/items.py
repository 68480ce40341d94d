"""A batch as it comes in: items with request ids, and what is wrong with each. All or nothing (crm/amocrm 4.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from providers.amocrm.sandbox.fields import BadValue, accept, unsupported
from providers.amocrm.sandbox.rows import FieldDef, Values
from providers.amocrm.sandbox.world import World

MAX_BATCH = 250


class Invalid(Exception):
    """HTTP 400: nothing was written; (request_id, errors) of each offending item."""

    def __init__(self, errors: list[tuple[str, list[dict[str, str]]]]) -> None:
        self.errors = errors
        super().__init__("Request validation failed")


class Item:
    """One object of a batch."""

    def __init__(self, data: Any, index: int) -> None:
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        self.named = "request_id" in self.data
        self.request_id = str(self.data.get("request_id", index))
        self.errors: list[dict[str, str]] = []
        if not isinstance(data, dict):
            self.fail("InvalidType", "", "This value should be of type array.")

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def get(self, key: str, otherwise: Any = None) -> Any:
        return self.data.get(key, otherwise)

    def fail(self, code: str, path: str, detail: str) -> None:
        self.errors.append({"code": code, "path": path, "detail": detail})

    def unsupported(self, path: str) -> None:
        self.refuse(unsupported(path))

    def refuse(self, bad: BadValue, prefix: str = "") -> None:
        self.fail(bad.code, prefix + bad.path, bad.detail)

    def only(self, allowed: Iterable[str]) -> None:
        """Anything else is FieldNotExpected: what was read must not simply be sent back."""
        for key in self.data.keys() - {"request_id", *allowed}:
            self.fail("FieldNotExpected", key, "This field was not expected.")

    def needs(self, *keys: str) -> None:
        for key in keys:
            if key not in self.data:
                self.fail("FieldMissing", key, "This field is missing.")

    def typed(self, kind: type | tuple[type, ...], *keys: str, null: bool = False) -> None:
        """The keys that are given have this type."""
        for key in keys:
            value = self.data.get(key)
            if key not in self.data or (value is None and null):
                continue
            if value is None:
                self.fail("NotNullable", key, "This value should not be null.")
            elif not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
                self.fail("InvalidType", key, f"This value should be of type {_type_name(kind)}.")

    def echo(self) -> dict[str, str]:
        """As creates answer: the given id, else the index."""
        return {"request_id": self.request_id}

    def echo_if_named(self) -> dict[str, str]:
        """As updates answer: often, not always."""
        return self.echo() if self.named else {}


def _type_name(kind: type | tuple[type, ...]) -> str:
    first = kind[0] if isinstance(kind, tuple) else kind
    return {"str": "string", "dict": "array", "list": "array"}.get(first.__name__, first.__name__)


def batch(body: Any) -> list[Item]:
    """The items of an array body, at most 250."""
    if not isinstance(body, list) or not body:
        raise Invalid([("0", [{"code": "InvalidType", "path": "", "detail": "This value should be of type array."}])])
    if len(body) > MAX_BATCH:
        words = f"This collection should contain {MAX_BATCH} elements or less."
        raise Invalid([("0", [{"code": "TooMany", "path": "", "detail": words}])])
    return [Item(data, n) for n, data in enumerate(body)]


def checked(items: Sequence[Item], check: Callable[[Item], None]) -> None:
    """Look at every item; if any is wrong, none is done."""
    for item in items:
        check(item)
    errors = [(item.request_id, item.errors) for item in items if item.errors]
    if errors:
        raise Invalid(errors)


def check_users(world: World, item: Item, owner: str = "responsible_user_id") -> None:
    """Authors may be robots (0), the responsible person must be there and active."""
    item.typed(int, owner, "created_by", "updated_by")
    for key in (owner, "created_by", "updated_by"):
        value = item.get(key)
        if not isinstance(value, int):
            continue
        known = world.users.get(value)
        if (value != 0 or key == owner) and (known is None or not known.active):
            item.unsupported(key)


def field_values(world: World, entity: str, item: Item) -> Values:
    """custom_fields_values as changes by field id; errors go to the item."""
    given = item.get("custom_fields_values")
    if given is None:
        return {}
    if not isinstance(given, list):
        item.typed(list, "custom_fields_values")
        return {}
    changes: Values = {}
    for n, entry in enumerate(given):
        path = f"custom_fields_values.{n}."
        try:
            field = _field(world.fields[entity], entry)
            changes[field.id] = accept(field, entry["values"], world.zone)
        except BadValue as bad:
            item.refuse(bad, path)
    return changes


def _field(known: dict[int, FieldDef], entry: Any) -> FieldDef:
    """Named by id or code, with nothing else beside the values."""
    if not isinstance(entry, dict) or ("field_id" in entry) == ("field_code" in entry):
        words = 'You should use "field_id" or "field_code" to identify custom field.'
        raise BadValue("36b4f074-a4b4-4a5e-9d3c-7f7f4e5a0f0e", "", words)
    for key in entry.keys() - {"field_id", "field_code", "values"}:
        raise BadValue("FieldNotExpected", key, "This field was not expected.")
    if "values" not in entry:
        raise BadValue("FieldMissing", "values", "This field is missing.")
    if "field_id" in entry:
        found = known.get(entry["field_id"]) if isinstance(entry["field_id"], int) else None
    else:
        found = next((field for field in known.values() if field.code and field.code == entry["field_code"]), None)
    if found is None:
        raise unsupported("field_id" if "field_id" in entry else "field_code")
    return found
