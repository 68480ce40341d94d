"""Our fields' values: from text to what amoCRM takes, from what it shows to text, and whether two are the same. Pure.

Source: crm/amocrm 3.11, 4.1, 4.3. amoCRM trims text and drops trailing zeros, so values are compared, not bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from connector.wishes import FieldType
from providers.amocrm.mapping.cards import custom
from providers.amocrm.mapping.values import Row, listing, table

TYPES: dict[FieldType, str] = {
    "number": "numeric", "money": "numeric", "text": "text", "date": "date", "flag": "checkbox", "url": "url",
}  # fmt: skip
"""What we call a field's type, and what amoCRM does."""
_FIGURES = frozenset({"numeric", "price", "monetary"})
_TRUE = frozenset({"1", "true", "yes", "да"})
Values = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Slot:
    """A field as it exists in the account."""

    id: int
    type: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What to write of a wish, and which fields hold a person's value."""

    write: dict[str, str | None]
    theirs: tuple[str, ...]


def shown(row: Row, slots: Mapping[str, Slot], zone: ZoneInfo) -> dict[str, str | None]:
    """Our fields on a card, as text; None where empty."""
    held = {str(item.get("field_id")): item for item in custom(row)}
    return {code: _text(held.get(str(slot.id)), slot.type, zone) for code, slot in slots.items()}


def _text(item: Row | None, type_: str, zone: ZoneInfo) -> str | None:
    values = [table(value).get("value") for value in listing(item.get("values"))] if item else []
    if not values or values[0] is None:
        return None
    value = values[0]
    if type_ == "date" and str(value).lstrip("-").isdigit():
        return datetime.fromtimestamp(int(value), UTC).astimezone(zone).date().isoformat()
    return normal(str(value), type_)


def normal(text: str | None, type_: str) -> str | None:
    """The one spelling of a value: what is equal to amoCRM is equal here."""
    if text is None or not text.strip():
        return None
    text = text.strip()
    if type_ in _FIGURES:
        return _figure(text)
    if type_ == "checkbox":
        return "1" if text.lower() in _TRUE else None
    return text[:10] if type_ == "date" else text


def _figure(text: str) -> str:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def decide(wanted: Values, current: Values, last: Values, slots: Mapping[str, Slot]) -> Decision:
    """Equal is left; empty or ours is written; anything else is a person's and stays."""
    write: dict[str, str | None] = {}
    theirs: list[str] = []
    for code, text in wanted.items():
        type_, there = slots[code].type, current.get(code)
        if normal(text, type_) == there:
            continue
        if there is None or there == normal(last.get(code), type_):
            write[code] = text
        else:
            theirs.append(code)
    return Decision(write, tuple(theirs))


def shows(row: Row, wanted: Values, slots: Mapping[str, Slot], zone: ZoneInfo) -> bool:
    """Whether a card holds all that is wanted."""
    ours = {code: slots[code] for code in wanted if code in slots}
    return len(ours) == len(wanted) and decide(wanted, shown(row, ours, zone), {}, ours) == Decision({}, ())


def encoded(write: Values, slots: Mapping[str, Slot], zone: ZoneInfo) -> list[dict[str, Any]]:
    """`custom_fields_values` of a write: ids and values only; anything read along would be refused."""
    return [
        {"field_id": slots[code].id, "values": _encode(text, slots[code].type, zone)} for code, text in write.items()
    ]


def _encode(text: str | None, type_: str, zone: ZoneInfo) -> Sequence[Mapping[str, Any]] | None:
    plain = normal(text, type_)
    if type_ == "checkbox":
        return [{"value": plain == "1"}]
    if plain is None:
        return None
    if type_ == "date":
        midnight = datetime.combine(date.fromisoformat(plain), time(), zone)
        return [{"value": int(midnight.timestamp())}]
    return [{"value": plain}]
