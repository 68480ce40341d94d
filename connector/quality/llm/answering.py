"""What the model wrote -> its answers by criterion. Models wrap JSON in words and fences; it is found anyway."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

import msgspec

Word = Literal["yes", "no", "na"]
_WORDS: dict[str, Word] = {
    "yes": "yes", "да": "yes", "true": "yes", "no": "no", "нет": "no", "false": "no", "na": "na", "n/a": "na",
    "not_applicable": "na", "не применимо": "na",
}  # fmt: skip


class Claim(msgspec.Struct, frozen=True):
    """One criterion as the model sees it, believed by nobody yet. `turn` None where it named none."""

    answer: Word
    quote: str = ""
    turn: int | None = None
    reply_quote: str = ""
    reply_turn: int | None = None


def claims(text: str, asked: Collection[str]) -> dict[str, Claim | None]:
    """By criterion; None where the model contradicts itself. Criteria nobody asked for are left out.

    Raises ValueError where there is no answer of that shape in the text.
    """
    rows = _rows(_object(text))
    found: dict[str, Claim | None] = {}
    for row in rows:
        key = str(row.get("criterion"))
        if key not in asked:
            continue
        claim = _claim(row)
        found[key] = claim if key not in found or found[key] == claim else None
    if not found:
        raise ValueError("no criterion is answered")
    return found


def _object(text: str) -> Any:
    """The first JSON object in the text."""
    start = text.find("{")
    while start >= 0:
        for end in _ends(text, start):
            try:
                return msgspec.json.decode(text[start:end])
            except (msgspec.DecodeError, RecursionError):
                continue
        start = text.find("{", start + 1)
    raise ValueError("no JSON")


def _ends(text: str, start: int) -> list[int]:
    """Where the object may end: the last brace, or the one that balances it outside of strings."""
    depth, quoted, skip = 0, False, False
    balanced = None
    for place in range(start, len(text)):
        sign = text[place]
        if skip:
            skip = False
        elif quoted:
            quoted, skip = sign != '"', sign == "\\"
        elif sign == '"':
            quoted = True
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
            if depth == 0:
                balanced = place + 1
                break
    return [end for end in dict.fromkeys((balanced, text.rfind("}") + 1)) if end and end > start]


def _rows(told: Any) -> list[dict[str, Any]]:
    rows = told.get("answers") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise ValueError("no list of answers")
    return [row for row in rows if isinstance(row, dict)]


def _claim(row: dict[str, Any]) -> Claim | None:
    word = _WORDS.get(str(row.get("answer")).strip().casefold())
    if word is None:
        return None
    return Claim(word, _text(row, "quote"), _turn(row, "turn"), _text(row, "reply_quote"), _turn(row, "reply_turn"))


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""


def _turn(row: dict[str, Any], name: str) -> int | None:
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
