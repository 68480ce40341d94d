"""A box and a text on the deal's card: ticked it is a contest of the deal's owner, emptied again it is withdrawn. Pure.

The CRM does not tell who ticked a box, so it counts as said by whose deal it is. A box that stays ticked after a
decision says nothing new; ticked once more, after it was seen empty, it is another contest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connector.contest.values import Contest
from connector.records import Deal, Ref

_YES = frozenset({"1", "y", "yes", "true", "да", "on"})


@dataclass(frozen=True, slots=True)
class Box:
    """The two fields, by name, code or id."""

    box: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What a card says."""

    about: Ref
    owner: str | None
    ticked: bool
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What follows from the cards: contests to open, numbers to withdraw, numbers whose box is empty now."""

    opened: tuple[Mark, ...]
    withdrawn: tuple[int, ...]
    emptied: tuple[int, ...]


def mark_of(deal: Deal, fields: Box) -> Mark:
    """What stands in the two fields of a deal."""
    text = deal.fields.get(fields.text)
    return Mark(deal.ref, deal.owner_id, ticked(deal.fields.get(fields.box)), "" if text is None else str(text).strip())


def ticked(value: Any) -> bool:
    """However a CRM spells a ticked box."""
    while isinstance(value, list | tuple) and value:
        value = value[0]
    return value is True or str(value).strip().casefold() in _YES


def said(marks: Iterable[Mark], known: Iterable[Contest], still_ticked: Collection[int]) -> Said:
    """`known`: every contest of the account; `still_ticked`: those whose box was ticked when it was last seen."""
    newest = _newest(known)
    opened, withdrawn, emptied = list[Mark](), list[int](), list[int]()
    for mark in marks:
        last = newest.get(mark.about)
        seen = last is not None and last.id in still_ticked
        if mark.ticked and not seen and mark.owner is not None:
            opened.append(mark)
        elif last is not None and seen and not mark.ticked:
            emptied.append(last.id)
            if last.state == "open":
                withdrawn.append(last.id)
    return Said(tuple(opened), tuple(withdrawn), tuple(emptied))


def _newest(known: Iterable[Contest]) -> Mapping[Ref, Contest]:
    found: dict[Ref, Contest] = {}
    for one in sorted((one for one in known if one.via == "card"), key=lambda one: one.id):
        found[one.ruling.about] = one
    return found
