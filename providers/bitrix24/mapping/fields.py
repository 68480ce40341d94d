"""Custom fields: which are wanted, and their values as plain JSON. Fact sheet 3.2, 4.1.

The portal spells a field in three ways; the map from one to the other is taken from `crm.item.fields`, never computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connector.provider import Field
from providers.bitrix24 import php

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Custom:
    """A custom field of deals: `name` as items carry it (ufCrm…), `code` as the portal's settings do (UF_CRM_…)."""

    name: str
    code: str
    title: str
    type: str
    id: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    """Enumerations: option id → what people read."""

    def called(self, wanted: str) -> bool:
        """Whether a person may have meant this field by `wanted`: its title, code, short code, name or id."""
        word = wanted.strip().casefold()
        known = (self.title, self.code, self.code.removeprefix("UF_CRM_"), self.name, self.id)
        return any(word == one.casefold() for one in known if one)

    def shown(self) -> Field:
        return Field(id=self.id or self.code, name=self.title, code=self.code, type=self.type)


@dataclass(frozen=True, slots=True)
class Kept:
    """A wanted field: `wanted` is how the configuration writes it, and the key in `Deal.fields`."""

    wanted: str
    custom: Custom

    @property
    def name(self) -> str:
        return self.custom.name

    def read(self, value: Any) -> Any:
        """The value as JSON, None where it is empty. Raises ValueError where it is not of the field's type."""
        if isinstance(value, list):
            read = [one for one in (_scalar(item, self.custom) for item in value) if one is not None]
            return read or None
        return _scalar(value, self.custom)


_PLANNED = frozenset({"closedate"})
"""The portal's own field of a deal that means what people enter there: by when they hope to win it (fact sheet 3.3)."""


def customs(item_fields: Any, userfields: Sequence[Row]) -> tuple[Custom, ...]:
    """The custom fields of `crm.item.fields` and the planned date, with the labels and options of
    `crm.deal.userfield.list`.
    """
    by_code = {str(row.get("FIELD_NAME", "")).upper(): row for row in userfields}
    found = []
    for name, value in php.table(item_fields).items():
        told = php.table(value)
        code = str(told.get("upperName") or name).upper()
        if not code.startswith("UF_") and name not in _PLANNED:
            continue
        row = by_code.get(code, {})
        title = str(row.get("EDIT_FORM_LABEL") or told.get("title") or code)
        kind = str(row.get("USER_TYPE_ID") or told.get("type") or "string")
        options = _options(row.get("LIST")) or _options(told.get("items"))
        found.append(Custom(name, code, title, kind, str(row.get("ID") or ""), options))
    return tuple(sorted(found, key=lambda one: one.name in _PLANNED))  # a custom field of the same title is meant first


def keep(wanted: Iterable[str], known: Sequence[Custom]) -> tuple[tuple[Kept, ...], tuple[str, ...]]:
    """The wanted fields that exist, and the names that no field answers to."""
    kept, missing = [], []
    for name in wanted:
        match = next((custom for custom in known if custom.called(name)), None)
        if match is None:
            missing.append(name)
        else:
            kept.append(Kept(name, match))
    return tuple(kept), tuple(missing)


def _options(listed: Any) -> dict[str, str]:
    return {str(option.get("ID")): str(option.get("VALUE")) for option in php.rows(listed) if isinstance(option, dict)}


def _scalar(value: Any, custom: Custom) -> Any:
    if value is None or value == "" or (isinstance(value, dict | list) and not value):
        return None
    if custom.type == "enumeration":
        ident = php.key(value)
        return custom.options.get(ident, ident) if ident else None
    read: Callable[[Any], Any] = _TYPED.get(custom.type, php.plain)
    return read(value)


def _moment(value: Any) -> str | None:
    moment = php.instant(value)
    return moment.isoformat() if moment else None


def _number(value: Any) -> str | None:
    exact = php.number(value)
    return None if exact is None else format(exact.normalize(), "f")


_TYPED: dict[str, Callable[[Any], Any]] = {
    "boolean": php.truth,
    "date": php.day,
    "datetime": _moment,
    "integer": _number,
    "double": _number,
}
