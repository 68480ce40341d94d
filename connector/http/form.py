"""A form as PHP spells it, `leads[update][0][id]=7001`, into nested maps: with bounds, and never by recursion.

Frameworks refuse a legal hook of amoCRM (Starlette: 1 001 fields are an error, measured) and swallow a bomb. Here the
bounds are those of the vendors' largest hooks, and what lies beyond them is refused before anything is built.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

MOST = 20_000
"""Fields. A deal with 500 custom fields of several values each brings about 3 000."""
DEEPEST = 8
LONGEST = 256
"""Characters of a name."""
ITSELF = ""
"""Where a name is a value and a parent both (`note[type]=3`, `note[type][uuid]=…`), the value stands under this key."""
_NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_STEP = re.compile(r"\[([^\[\]]*)\]")


class BadForm(ValueError):
    """What was beyond the bounds, in words without anything that came."""


@dataclass(slots=True)
class Form:
    """`fields`: maps and texts. `repeated`: names that came again, the last one holds. `odd`: unreadable ones."""

    fields: dict[str, Any] = field(default_factory=dict)
    repeated: int = 0
    odd: int = 0


def parse(body: bytes, *, most: int = MOST, deepest: int = DEEPEST, longest: int = LONGEST) -> Form:
    """All of it as text; bytes that are no UTF-8 are replaced. Raises BadForm."""
    if body.count(b"&") >= most:
        raise BadForm(f"more than {most} fields")
    form = Form()
    for pair in body.split(b"&"):
        if not pair:
            continue
        name, _, value = pair.partition(b"=")
        if len(name) > 3 * longest or len(spelt := _text(name)) > longest:
            raise BadForm(f"a name of more than {longest} characters")
        if spelt.count("[") > deepest:
            raise BadForm(f"a name nested deeper than {deepest}")
        _put(form, spelt, _text(value))
    return form


def at(fields: Any, *path: str) -> Any:
    """What stands there, None where nothing does; a text where a map was expected is nothing too."""
    for step in path:
        fields = fields.get(step) if isinstance(fields, dict) else None
    return fields


def rows(fields: Any) -> list[Any]:
    """The values of a list as PHP writes one, whatever its numbers are; of anything else none."""
    return list(fields.values()) if isinstance(fields, dict) else []


def text(value: Any) -> str:
    """A text as it came; that of a parent; empty for anything else."""
    found = value.get(ITSELF) if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def _text(part: bytes) -> str:
    return unquote_plus(part.decode("utf-8", "replace"), "utf-8", "replace")


def _put(form: Form, name: str, value: str) -> None:
    match = _NAME.match(name)
    if match is None:
        form.odd += 1
        return
    shelf, steps = form.fields, [match[1], *_STEP.findall(match[2])]
    for step in steps[:-1]:
        inner = shelf.get(step) if step else None
        if not isinstance(inner, dict):
            inner = {} if inner is None else {ITSELF: inner}
            shelf[step or str(len(shelf))] = inner
        shelf = inner
    last = steps[-1] or str(len(shelf))
    if isinstance(shelf.get(last), dict):
        shelf, last = shelf[last], ITSELF
    form.repeated += last in shelf
    shelf[last] = value
