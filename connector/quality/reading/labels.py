"""Who a label in a transcript means: roles in Russian and English, channels, and names of the account's own people."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from connector.quality.transcript import Speaker, Turn

_SELLER = frozenset(
    [
        "менеджер",
        "продавец",
        "оператор",
        "сотрудник",
        "агент",
        "консультант",
        "специалист",
        "ассистент",
        "компания",
        "manager",
        "seller",
        "agent",
        "operator",
        "employee",
        "rep",
        "salesperson",
        "consultant",
        "user",
    ]
)
_CLIENT = frozenset(
    ["клиент", "покупатель", "абонент", "заказчик", "собеседник", "client", "customer", "buyer", "lead", "prospect"]
)
_ANYBODY = frozenset(
    ["спикер", "говорящий", "участник", "голос", "канал", "speaker", "voice", "participant", "channel", "spk"]
)
_SIDES: dict[str, Speaker] = {"l": "seller", "left": "seller", "лево": "seller", "левый": "seller",
                              "r": "client", "right": "client", "право": "client", "правый": "client"}  # fmt: skip
"""A recording in two channels has ours on the left by the custom of telephony."""
_WORDS = re.compile(r"[^\W\d_]+")
LABEL = re.compile(r"^\s*([^\W\d_][\w .()\-]{0,40}?)\s*(?::|\s[—–-])(?:\s+(?=\S)|\s*$)")
"""`Менеджер: `, `Speaker 1 — `, at the beginning of a line."""


def speaker_of(label: str, ours: Collection[str] = ()) -> Speaker:
    """The role that a label tells; `ours`: names of the account's people, in folded case."""
    words = [word.casefold() for word in _WORDS.findall(label)]
    if any(word in _SELLER for word in words) or any(word in ours for word in words):
        return "seller"
    if any(word in _CLIENT for word in words):
        return "client"
    sides = [_SIDES[word] for word in words if word in _SIDES]
    return sides[0] if len(sides) == 1 else "unknown"


def is_label(text: str, ours: Collection[str] = ()) -> bool:
    """Whether words before a colon name a speaker; "Есть вопрос: ..." does not."""
    words = [word.casefold() for word in _WORDS.findall(text)]
    return bool(words) and len(words) <= 3 and (speaker_of(text, ours) != "unknown" or words[0] in _ANYBODY)


def split(line: str, ours: Collection[str] = ()) -> tuple[str | None, str]:
    """The label that a line begins with, None where it has none, and the rest."""
    found = LABEL.match(line)
    if found is None or not is_label(found[1], ours):
        return None, line.strip()
    return found[1], line[found.end() :].strip()


def joined(turns: Iterable[tuple[str | None, Turn]]) -> tuple[Turn, ...]:
    """Turns with their labels -> turns in which everybody has his words in a row. None goes on with the one before."""
    made: list[Turn] = []
    last: str | None = None
    for label, turn in turns:
        same = made and (label is None or label == last)
        if same and last is not None:
            before = made[-1]
            made[-1] = replace(before, text=f"{before.text} {turn.text}".strip(), end=turn.end or before.end)
        else:
            made.append(turn)
        last = last if label is None else label
    return tuple(turn for turn in made if turn.text)
