"""Where in a TOML file things stand: tomllib tells values without their lines. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

Path = tuple[str | int, ...]
_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(#.*)?$")
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_KEY = re.compile(rf"^\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_NAME = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_TEXT = re.compile(r'''"""|\'\'\'|"(?:\\.|[^"\\])*"|'[^']*'|\#.*|[][{}]''')


class Lines:
    """The line (from 1) on which each table and key begins."""

    def __init__(self, known: dict[Path, int]) -> None:
        self._known = known

    def of(self, path: Sequence[str | int]) -> int | None:
        """The line of a key such as ("account", 0, "kpi", 1, "share", "of"), else of the nearest thing around it."""
        for end in range(len(path), 0, -1):
            if (line := self._known.get(tuple(path[:end]))) is not None:
                return line
        return None


def lines(text: str) -> Lines:
    """The lines of a file that TOML can read; of one that it cannot, as far as can be told."""
    known: dict[Path, int] = {}
    here: Path = ()
    tables: dict[Path, int] = {}
    for number, line in _statements(text):
        if header := _HEADER.match(line):
            here = _table(header[2], several=header[1] == "[[", tables=tables)
            known.setdefault(here, number)
        elif key := _KEY.match(line):
            path = here
            for name in _names(key[1]):
                path = (*path, name)
                known.setdefault(path, number)
    return Lines(known)


def _table(name: str, *, several: bool, tables: dict[Path, int]) -> Path:
    """The path of a header, with the number of each array of tables on the way."""
    names, path = _names(name), tuple[str | int, ...]()
    for place, one in enumerate(names):
        path = (*path, one)
        last = place == len(names) - 1
        if last and several:
            tables[path] = tables.get(path, -1) + 1
        if path in tables:
            path = (*path, tables[path])
    return path


def _names(dotted: str) -> list[str]:
    return [name.strip("\"'") for name in _NAME.findall(dotted)]


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """The first line of each statement: what stands inside a long text or an open bracket begins none."""
    depth, quote = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if not depth and not quote:
            yield number, line
        depth, quote = _after(line, depth, quote)


def _after(line: str, depth: int, quote: str) -> tuple[int, str]:
    """How many brackets are open, and which long text is, at the line's end."""
    rest = line
    while rest:
        if quote:
            _, found, rest = rest.partition(quote)
            quote = "" if found else quote
            continue
        token = _TEXT.search(rest)
        if token is None:
            break
        rest = rest[token.end() :]
        if token[0] in ('"""', "'''"):
            quote = token[0]
        elif token[0] in ("[", "{"):
            depth += 1
        elif token[0] in ("]", "}"):
            depth -= 1
    return depth, quote
