"""PHP's ways on the wire: nested keys of forms and queries on the way in, arrays without a type on the way out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from providers.bitrix24.sandbox.answers import RestError, required

EMPTY_OBJECT = msgspec.Raw(b"{}")
"""A date object without a value (`TIMESTAMP_X` of user.get): the one place where PHP says {} and not []."""
_NAME = re.compile(r"^([^\[]+)((?:\[[^\]]*\])*)")
_PART = re.compile(r"\[([^\]]*)\]")


class _Tree(dict[str, Any]):
    """A PHP array while it grows: `top` is the number that `[]` takes next."""

    top = 0

    def place(self, part: str) -> str:
        """The key for a part between brackets."""
        key = part or str(self.top)
        if key.isdigit() and int(key) >= self.top:
            self.top = int(key) + 1
        return key


def parse(text: str) -> dict[str, Any]:
    """`a[b][]=1&a[b][]=2` -> {"a": {"b": ["1", "2"]}}; every value is text, as parse_str has it."""
    tree = _Tree()
    for pair in text.split("&"):
        key, _, value = pair.partition("=")
        if path := _path(key):
            _put(tree, path, unquote_plus(value))
    return {key: _lists(value) for key, value in tree.items()}


@lru_cache(maxsize=4096)
def _path(key: str) -> tuple[str, ...]:
    """`filter%5B%3Eid%5D` -> ("filter", ">id"); nothing where there is no name."""
    match = _NAME.match(unquote_plus(key))
    return (match[1], *_PART.findall(match[2])) if match else ()


def _put(tree: _Tree, path: tuple[str, ...], value: str) -> None:
    for part in path[:-1]:
        below = tree.setdefault(tree.place(part), _Tree())
        if not isinstance(below, _Tree):
            return
        tree = below
    tree[tree.place(path[-1])] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(item) for key, item in value.items()}
    return list(inner.values()) if inner and _counts(inner) else inner


def _counts(tree: Mapping[Any, Any]) -> bool:
    return all(str(key) == str(place) for place, key in enumerate(tree))


def shape(value: Any) -> Any:
    """As PHP serialises: an empty map is [], a map with the keys 0..n-1 is a list."""
    if isinstance(value, dict):
        if _counts(value):
            return [shape(item) for item in value.values()]
        return {str(key): shape(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [shape(item) for item in value]
    return value


class Params:
    """One call's parameters; the names at the top are case-insensitive, the last of two spellings wins."""

    def __init__(self, raw: Any) -> None:
        self.raw: dict[str, Any] = raw if isinstance(raw, dict) else {str(n): v for n, v in enumerate(raw or ())}
        self._low = {key.lower(): value for key, value in self.raw.items()}

    def __iter__(self) -> Iterator[str]:
        return iter(self.raw)

    def get(self, name: str, default: Any = None) -> Any:
        return self._low.get(name.lower(), default)

    def map(self, name: str) -> dict[str, Any]:
        """A map; PHP cannot tell an empty one from an empty list."""
        value = self.get(name)
        if value in (None, "", [], {}):
            return {}
        if isinstance(value, list):
            return {str(n): item for n, item in enumerate(value)}
        if not isinstance(value, dict):
            raise RestError("", f"Parameter '{name}' must be array.")
        return value

    def list(self, name: str) -> list[Any]:
        value = self.get(name)
        return listed(value)

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number; missing without a default is the controllers' error 100."""
        value = self.get(name)
        if value in (None, ""):
            if default is None:
                raise required(name)
            return default
        return whole(value)

    def text(self, name: str, default: str = "") -> str:
        value = self.get(name)
        return default if value is None or isinstance(value, dict | list) else str(value)


def listed(value: Any) -> list[Any]:
    """A list out of whatever came: nothing, one value, a list, a map with numbers."""
    if value in (None, "", {}, []):
        return []
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else [value]


def whole(value: Any) -> int:
    """PHP's (int): leading digits count, anything else is 0."""
    if isinstance(value, bool | int | float):
        return int(value)
    match = re.match(r"\s*-?\d+", str(value))
    return int(match[0]) if match else 0


def truth(value: Any) -> bool:
    """Y, 1, true in the spellings that portals accept when written; nothing else is true."""
    return value in (True, 1, "1", "Y", "y", "true")
