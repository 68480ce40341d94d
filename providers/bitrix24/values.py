"""Values of our fields: as text, as the portal wants them, and who wrote what stands there now. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from providers.bitrix24 import php


@dataclass(frozen=True, slots=True)
class Slot:
    """A field of ours as it exists: `name` in items (ufCrm…), its `type` there."""

    name: str
    type: str

    def shown(self, value: Any) -> str | None:
        """The value as text, the same for the same value however the portal wrote it; None where it is empty."""
        if value is None or value == "" or (isinstance(value, list | dict) and not value):
            return None
        try:
            if self.type in ("double", "integer"):
                exact = php.number(value)
                return None if exact is None else _plain(exact)
            if self.type == "date":
                return php.day(value)
            if self.type == "boolean":
                return "1" if php.truth(value) else "0"
        except ValueError:
            return str(value)
        return php.plain(value).strip() or None

    def sent(self, value: str | None) -> str:
        """The text to send; an empty one clears the field."""
        return "" if value is None else value


def _plain(exact: Any) -> str:
    text = format(exact, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


@dataclass(frozen=True, slots=True)
class Change:
    """What to do with one item's fields. Codes are ours."""

    before: dict[str, str | None]
    write: dict[str, str | None]
    theirs: tuple[str, ...]
    """Fields in which a person's value stands: left alone."""
    absent: tuple[str, ...]
    """Fields that the portal does not have."""

    @property
    def settled(self) -> bool:
        """Whether everything wanted stands there already."""
        return not (self.write or self.theirs or self.absent)


def compare(
    values: Mapping[str, str | None], last: Mapping[str, str | None], slots: Mapping[str, Slot], row: Mapping[str, Any]
) -> Change:
    """Equal is done; empty, or what we wrote last, is ours to write; anything else is a person's."""
    before: dict[str, str | None] = {}
    write: dict[str, str | None] = {}
    theirs: list[str] = []
    absent: list[str] = []
    for code, value in values.items():
        slot = slots.get(code)
        if slot is None:
            absent.append(code)
            continue
        now, wanted = slot.shown(row.get(slot.name)), slot.shown(value)
        before[code] = now
        if now == wanted:
            continue
        if now is None or (last.get(code) is not None and now == slot.shown(last[code])):
            write[code] = wanted
        else:
            theirs.append(code)
    return Change(before, write, tuple(theirs), tuple(absent))
