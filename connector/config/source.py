"""A file of the configuration as people see it: on which line a thing stands, and what they call it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.config.lines import Lines, lines

_NAMED = {"account": "name", "kpi": "key", "kpi_set": "name", "office": "team"}
"""Sections of which there are several, each with the key that tells them apart."""


@dataclass(frozen=True, slots=True)
class Source:
    """`raw`: what TOML made of it."""

    file: str
    raw: Mapping[str, Any]
    lines: Lines

    @classmethod
    def of(cls, file: str, text: str, raw: Mapping[str, Any]) -> Source:
        """With the lines of its text."""
        return cls(file, raw, lines(text))

    def told(self, loc: Sequence[str | int], what: str) -> str:
        """`config.toml: line 12: account moscow: rules.office_hours: what is allowed`."""
        line = self.lines.of(loc)
        places = [self.file, *([f"line {line}"] if line else []), *named(loc, self.raw)]
        return ": ".join((*places, what))


def named(loc: Sequence[str | int], raw: Any) -> Iterator[str]:
    """The steps of a path as people call them: `account moscow`, then `rules.office_hours`; numbers say nothing."""
    keys, here = list[str](), raw
    for part in loc:
        if isinstance(part, int):
            here = here[part] if isinstance(here, Sequence) and -1 < part < len(here) else None
            name = here.get(_NAMED[keys[-1]]) if keys and keys[-1] in _NAMED and isinstance(here, Mapping) else None
            if isinstance(name, str) and name.strip():
                yield f"{'.'.join(keys)} {name}"
                keys = []
        elif part != "[key]":
            keys.append(part)
            here = here.get(part) if isinstance(here, Mapping) else None
    if keys:
        yield ".".join(keys)
