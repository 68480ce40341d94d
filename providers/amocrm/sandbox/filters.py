"""What `filter[…]` means on each list. Unknown names are ignored, as amoCRM ignores them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from providers.amocrm.sandbox import query as ask
from providers.amocrm.sandbox.rows import Event, Lead

Fits = Callable[[Any], bool]
Maker = Callable[[Any], Fits]
"""From the value under filter[name] to a test of rows."""


def one_of(attribute: str) -> Maker:
    """filter[x]=1, filter[x][]=1&filter[x][]=2, filter[x]=1,2: numbers."""

    def make(value: Any) -> Fits:
        wanted = frozenset(ask.ids(value))
        return lambda row: getattr(row, attribute) in wanted

    return make


def word_of(attribute: str) -> Maker:
    """The same for words."""

    def make(value: Any) -> Fits:
        wanted = frozenset(ask.words(value))
        return lambda row: getattr(row, attribute) in wanted

    return make


def flag(attribute: str) -> Maker:
    """1/0."""

    def make(value: Any) -> Fits:
        wanted = str(next(iter(ask.words(value)), "0")).lower() in ("1", "true")
        return lambda row: bool(getattr(row, attribute)) == wanted

    return make


def within(attribute: str, *, scalar: str = "exact", unit: int = 1) -> Maker:
    """[from]/[to], both included; `unit` of the row's number in the question's."""

    def make(value: Any) -> Fits:
        span = ask.span(value, scalar=scalar)

        def fits(row: Any) -> bool:
            number = getattr(row, attribute)
            return span.holds(None if number is None else number // unit)

        return fits

    return make


def named(value: Any) -> Fits:
    """Exact names."""
    wanted = frozenset(ask.words(value))
    return lambda row: row.name in wanted


def statuses(value: Any) -> Fits:
    """filter[statuses][0][pipeline_id]=…&filter[statuses][0][status_id]=…"""
    wanted = _pairs(value)

    def fits(row: Lead) -> bool:
        return any(row.pipeline == pipeline and status in (row.status, -1) for pipeline, status in wanted)

    return fits


def _pairs(value: Any) -> list[tuple[int, int]]:
    items = value.values() if isinstance(value, dict) else []
    return [
        (ask.integer(item.get("pipeline_id"), -1), ask.integer(item.get("status_id"), -1))
        for item in items
        if isinstance(item, dict)
    ]


def custom_fields(value: Any) -> Fits:
    """filter[custom_fields_values][ID][]=enum or text, or [ID][from]/[to] for numbers and moments."""
    asked = value if isinstance(value, dict) else {}
    tests = [_field_test(ask.integer(id_, -1), wanted) for id_, wanted in asked.items()]
    return lambda row: all(test(row) for test in tests)


def _field_test(id_: int, wanted: Any) -> Fits:
    if isinstance(wanted, dict) and ("from" in wanted or "to" in wanted):
        span = ask.span(wanted)
        return lambda row: any(span.holds(int(float(item["value"]))) for item in row.fields.get(id_, ()))
    words = frozenset(ask.words(wanted))
    return lambda row: any(
        str(item["value"]) in words or str(item.get("enum_id")) in words for item in row.fields.get(id_, ())
    )


def event_types(value: Any) -> Fits:
    """custom_field_value_changed stands for every field's own type."""
    wanted = frozenset(ask.words(value))
    if "custom_field_value_changed" not in wanted:
        return lambda row: row.type in wanted
    return lambda row: row.type in wanted or row.type.startswith("custom_field_")


def event_values(side: str) -> Maker:
    """filter[value_before|value_after][leads_statuses|responsible_user_id|custom_field_values|value]."""

    def make(value: Any) -> Fits:
        asked = value if isinstance(value, dict) else {}
        tests = [_VALUE_TESTS[name](wanted) for name, wanted in asked.items() if name in _VALUE_TESTS]

        def fits(row: Event) -> bool:
            items = [inner for item in msgspec.json.decode(getattr(row, side)) for inner in item.values()]
            return all(test(row, items) for test in tests)

        return fits

    return make


ValueTest = Callable[[Event, list[dict[str, Any]]], bool]


def _status_value(wanted: Any) -> ValueTest:
    pairs = _pairs(wanted)
    return lambda row, items: (
        row.type == "lead_status_changed" and any((item["pipeline_id"], item["id"]) in pairs for item in items)
    )


def _user_value(wanted: Any) -> ValueTest:
    users = frozenset(ask.ids(wanted))
    return lambda row, items: row.type == "entity_responsible_changed" and any(item["id"] in users for item in items)


def _enum_value(wanted: Any) -> ValueTest:
    enums = frozenset(ask.ids(wanted))
    return lambda row, items: row.type.startswith("custom_field_") and any(i.get("enum_id") in enums for i in items)


def _plain_value(wanted: Any) -> ValueTest:
    words = frozenset(ask.words(wanted))
    return lambda row, items: any(str(value) in words for item in items for value in item.values())


_VALUE_TESTS: dict[str, Callable[[Any], ValueTest]] = {
    "leads_statuses": _status_value,
    "responsible_user_id": _user_value,
    "custom_field_values": _enum_value,
    "value": _plain_value,
}

_CARDS: dict[str, Maker] = {
    "id": one_of("id"),
    "name": lambda value: named(value),
    "created_by": one_of("created_by"),
    "updated_by": one_of("updated_by"),
    "responsible_user_id": one_of("responsible"),
    "created_at": within("created_at"),
    "updated_at": within("updated_at"),
    "closest_task_at": within("closest_task_at"),
    "custom_fields_values": custom_fields,
}
CONTACTS = COMPANIES = _CARDS
LEADS: dict[str, Maker] = _CARDS | {
    "price": within("amount", unit=100),
    "pipeline_id": one_of("pipeline"),
    "statuses": statuses,
    "closed_at": within("closed_at"),
}
NOTES: dict[str, Maker] = {
    "id": one_of("id"),
    "entity_id": one_of("entity_id"),
    "note_type": word_of("note_type"),
    "updated_at": within("updated_at", scalar="after"),
}
TASKS: dict[str, Maker] = {
    "id": one_of("id"),
    "responsible_user_id": one_of("responsible"),
    "created_by": one_of("created_by"),
    "is_completed": flag("completed"),
    "task_type_id": one_of("task_type"),
    "task_type": one_of("task_type"),
    "entity_type": word_of("entity_type"),
    "entity_id": one_of("entity_id"),
    "updated_at": within("updated_at", scalar="after"),
}
EVENTS: dict[str, Maker] = {
    "created_at": within("created_at", scalar="after"),
    "created_by": one_of("created_by"),
    "entity": word_of("entity_type"),
    "entity_id": one_of("entity_id"),
    "type": event_types,
    "value_before": event_values("before"),
    "value_after": event_values("after"),
}
UNSORTED: dict[str, Maker] = {
    "uid": word_of("uid"),
    "category": word_of("category"),
    "pipeline_id": one_of("pipeline"),
}
ELEMENTS: dict[str, Maker] = {"id": one_of("id")}
