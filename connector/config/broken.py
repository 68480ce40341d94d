"""What is wrong with a file that TOML cannot read, and on which line, in words for whoever wrote it. Pure."""

from __future__ import annotations

import re
import tomllib

_PLACE = re.compile(r"^(.*) \(at (?:line (\d+), column \d+|end of document)\)$", re.DOTALL)
MEANT = {
    "Invalid value": 'this is no value: text stands in quotes, such as name = "moscow", numbers, true, false without',
    "Invalid statement": 'a line is a [section], a key = "value", or a # comment',
    "Invalid initial character": "a key is of Latin letters, digits, _ and -, any other stands in quotes",
    "Expected '=' after a key": 'a key is followed by = and its value, such as name = "moscow"',
    "Expected newline or end of document": "the line goes on after its value: each key has a line of its own",
    "Expected ']'": "the name of a section ends with ], such as [store] or [[account]]",
    "Cannot declare": "this section stands in the file already: join the two",
    "Cannot mutate": "this section stands in the file already: join the two",
    "Cannot redefine": "this section stands in the file already: join the two",
    "Cannot overwrite": "this key stands in its section already: keep one",
    "Duplicate inline table key": "this key stands in its section already: keep one",
    "Unclosed array": "a list is not closed: ] is missing",
    "Unclosed inline table": "a table in braces is not closed: its closing brace is missing",
    "Unterminated string": 'a text is not closed: " is missing',
    "Expected '": "a text that begins with three quotes ends with three",
    "Illegal character '\\n'": 'a text is not closed on its line: " is missing',
    "Unescaped '": "a \\ in a text is written twice, or the text stands in single quotes",
    "Invalid hex value": "a \\ in a text is written twice, or the text stands in single quotes",
    "Invalid date": 'no such day or time, in quotes, such as "2026-09-30", it is a text',
}
"""How tomllib begins, and what to do."""


def of_toml(error: tomllib.TOMLDecodeError, text: str) -> str:
    """`line 7: what is wrong there`; what nobody put into words is told as TOML tells it."""
    found = _PLACE.match(str(error))
    if found is None:
        return f"this is no TOML: {error}"
    last = max(1, len(text.rstrip().splitlines()))
    meant = next((said for begin, said in MEANT.items() if found[1].startswith(begin)), None)
    return f"line {found[2] or last}: {meant or f'this is no TOML: {found[1]}'}"


def of_text(error: UnicodeDecodeError) -> str:
    """Where the first byte stands that is no UTF-8."""
    line = bytes(error.object[: error.start]).count(b"\n") + 1
    return f"line {line}: these letters are not UTF-8: save the file as UTF-8"
