"""Plain text: a line a turn, `Менеджер: …`, perhaps with a time before it; the head may name the call."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from connector.quality.reading.labels import joined, speaker_of, split
from connector.quality.transcript import Turn

_TIME = re.compile(r"^\s*[\[(]?\s*((?:\d{1,2}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?)\s*(?:(?:-->?|—|–|-)\s*"
                   r"((?:\d{1,2}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?))?\s*[\])]?\s*[-—–]?\s*")  # fmt: skip
_HEAD = re.compile(r"^\s*(call|call_id|call id|звонок|id звонка|язык|language)\s*[:=#№]\s*(\S+)\s*$", re.I)


def seconds(text: str) -> float:
    """`01:02:03,5` or `02:03` as seconds."""
    total = 0.0
    for part in text.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def head(text: str) -> dict[str, str]:
    """What the first lines say of the call: its id under "call", its language under "language"."""
    told: dict[str, str] = {}
    for line in text.splitlines()[:8]:
        if (found := _HEAD.match(line)) is not None:
            word = found[1].casefold()
            told["language" if word in ("язык", "language") else "call"] = found[2]
    return told


def turns(text: str, ours: Collection[str] = ()) -> tuple[Turn, ...]:
    """Every line with a label begins a turn, lines without one go on with it; without any label all are unknown."""
    return joined(_lines(text, ours))


def _lines(text: str, ours: Collection[str]) -> Iterator[tuple[str | None, Turn]]:
    for place, line in enumerate(text.splitlines()):
        if not line.strip() or (place < 8 and _HEAD.match(line)):
            continue
        start = end = None
        if (found := _TIME.match(line)) is not None:
            start, end = seconds(found[1]), seconds(found[2]) if found[2] else None
            line = line[found.end() :]
        label, rest = split(line, ours)
        yield label, Turn(speaker_of(label or "", ours), rest, start, end)
