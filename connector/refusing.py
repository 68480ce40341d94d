"""A row that could not be read, as it may be kept: what is wrong with it, and the row without what may be personal.

Which fields these are is each CRM's own. What went may also stand in the words of the error: there it goes as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from connector.errors import Unfit
from connector.records import Gone, Record, Refusal

HIDDEN = "…"
LONGEST_REASON, LONGEST_RAW = 300, 4000
_SHORTEST = 4
"""Characters of what is looked for in the words of an error: a shorter one would be cut out of other words."""


def refusal(kind: str, id: str, row: Any, error: Exception, personal: Callable[[str], bool]) -> Refusal:
    """`personal`: whether what a field of this name holds may tell who somebody is. Of a row that is no object nobody
    knows what it holds.
    """
    known = row if isinstance(row, dict) else {}
    reason = f"no {error}" if isinstance(error, KeyError) else str(error) or type(error).__name__
    for text in sorted(set(_hidden(known, personal)), key=len, reverse=True):
        reason = reason.replace(text, HIDDEN)
    raw = msgspec.json.encode(_bare(known, personal), enc_hook=str).decode("utf-8", "replace")
    return Refusal(kind=kind, id=id, reason=reason[:LONGEST_REASON], raw=raw[:LONGEST_RAW])


def readable(kind: type[Record], answers: Iterable[Record | Gone | Refusal], *, where: str) -> Iterator[Record | Gone]:
    """What could be read; then Unfit for the rest, the reason by id in its `items`."""
    unreadable: dict[str, str] = {}
    for answer in answers:
        if isinstance(answer, Refusal):
            unreadable[answer.id] = answer.reason
        else:
            yield answer
    if unreadable:
        told = ", ".join(f"{id_} ({reason})" for id_, reason in unreadable.items())
        raise Unfit(f"{kind.kind} cannot be read: {told}", items=unreadable, where=where)


def _bare(value: Any, personal: Callable[[str], bool], hidden: bool = False) -> Any:
    """The same structure, by which it can be told what was odd about it."""
    if isinstance(value, dict):
        return {name: _bare(one, personal, hidden or personal(name)) for name, one in value.items()}
    if isinstance(value, list):
        return [_bare(one, personal, hidden) for one in value]
    return HIDDEN if hidden and value and not isinstance(value, bool) else value


def _hidden(value: Any, personal: Callable[[str], bool], hidden: bool = False) -> Iterator[str]:
    """Every text that went, also as an error quotes it."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _hidden(one, personal, hidden or personal(name))
    elif isinstance(value, list):
        for one in value:
            yield from _hidden(one, personal, hidden)
    elif hidden and not isinstance(value, bool) and len(text := str(value).strip()) >= _SHORTEST:
        yield from (text, repr(text)[1:-1])
