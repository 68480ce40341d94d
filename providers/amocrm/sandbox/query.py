"""Query strings in PHP's bracket notation, as amoCRM reads them: filter[id][0]=1, order[updated_at]=asc, with=a,b.

As in PHP the last of two equal keys wins, `[]` counts on, and a scalar under a parent's name is replaced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

Tree = dict[str, Any]
_PARTS = re.compile(r"\[([^\]]*)\]")


class BadQuery(Exception):
    """page or limit is no number."""


@dataclass(frozen=True, slots=True)
class Span:
    """From and to, both included; None is open."""

    low: int | None
    high: int | None

    def holds(self, value: int | None) -> bool:
        if value is None:
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query string; `pairs` are kept to build links to other pages."""

    pairs: tuple[tuple[str, str], ...]
    tree: Tree

    @property
    def page(self) -> int:
        return _number(self.tree.get("page"), 1)

    @property
    def limit(self) -> int:
        return _number(self.tree.get("limit"), 50)

    @property
    def filter(self) -> Tree:
        found = self.tree.get("filter")
        return found if isinstance(found, dict) else {}

    @property
    def with_(self) -> frozenset[str]:
        return frozenset(words(self.tree.get("with")))

    @property
    def order(self) -> tuple[str, bool] | None:
        """(name, falling) of the first order key."""
        found = self.tree.get("order")
        if not isinstance(found, dict) or not found:
            return None
        name, way = next(iter(found.items()))
        return name, str(way).lower() == "desc"

    @property
    def text(self) -> str:
        return str(self.tree.get("query") or "")

    def at_page(self, page: int) -> str:
        """The same question, asked for another page."""
        pairs = [(key, value) for key, value in self.pairs if key != "page"]
        return urlencode([*pairs, ("page", str(page))], safe="[],")


def parse(text: str) -> Query:
    """Tolerant: what cannot be understood is kept as text."""
    pairs = tuple(parse_qsl(text, keep_blank_values=True))
    tree: Tree = {}
    for key, value in pairs:
        _place(tree, key, value)
    return Query(pairs, tree)


def _place(tree: Tree, key: str, value: str) -> None:
    head, bracket, rest = key.partition("[")
    parts = [head, *_PARTS.findall(bracket + rest)]
    here = tree
    for part in parts[:-1]:
        name = part or str(len(here))
        inner = here.get(name)
        if not isinstance(inner, dict):
            inner = here[name] = {}
        here = inner
    here[parts[-1] or str(len(here))] = value


def words(value: object) -> list[str]:
    """A scalar, a comma list or a bracket array, as texts."""
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        return [word for item in value.values() for word in words(item)]
    return [word.strip() for word in str(value).split(",") if word.strip()]


def ids(value: object) -> list[int]:
    """The same, as numbers; what is no number finds nothing (-1)."""
    return [integer(word, -1) for word in words(value)]


def integer(value: object, otherwise: int) -> int:
    """A number out of text, or the given one."""
    try:
        return int(str(value))
    except ValueError:
        return otherwise


def span(value: object, *, scalar: str = "exact") -> Span:
    """[from]/[to], one bound is enough. A scalar is that very second, or with scalar="after" everything later."""
    if isinstance(value, dict):
        low, high = value.get("from"), value.get("to")
        return Span(
            None if low in (None, "") else integer(low, 0),
            None if high in (None, "") else integer(high, 0),
        )
    moment = integer(value, 0)
    return Span(moment + 1, None) if scalar == "after" else Span(moment, moment)


def _number(value: object, otherwise: int) -> int:
    if value in (None, ""):
        return otherwise
    if not str(value).isdigit() or str(value) == "0":
        raise BadQuery(str(value))
    return int(str(value))
