"""An English sentence that was filled in -> the same in Russian. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from connector.errors import KpiError
from connector.kpi.text import Language
from connector.said.words import WORDS

_GAP = re.compile(r"\{\d+\}")
_FRACTION = re.compile(r"-?\d+\.\d+")
_PERCENT = re.compile(r"(\d+)%")
_SKEW = re.compile(r"[+-]\d+ (?:d|h|min|s)(?: \d+ (?:h|min|s))?")
"""How far a clock is off, as connector.moment.skew tells it."""
_UNITS = {"d": "дн.", "h": "ч", "min": "мин", "s": "с"}
_BETWEEN = "; "
"""What stands between the parts of an error that was stored as one text."""
_AFTER = ": "
"""What stands between the place and what happened there."""
_WEAK = 12
"""Letters; of sentences that say less only the last gap reaches over a colon or a semicolon."""
_ANYTHING, _UNBROKEN = "(.+?)", "((?:(?!: |; ).)+?)"


class _Pattern(NamedTuple):
    """A sentence with gaps. `pieces`: what stands between them, looked for first as it is cheap."""

    pieces: tuple[str, ...]
    whole: re.Pattern[str]
    russian: str


def told(error: KpiError, language: Language) -> str:
    """The error as its reader reads it; names, addresses and what a CRM answered stay as they are."""
    return error.spoken(lambda part: in_language(part, language))


def in_language(text: str, language: Language) -> str:
    """The text, or itself where it is English that is asked for, or nobody translated it."""
    if language == "en" or not text:
        return text
    return "\n".join(_line(line) for line in text.split("\n"))


def _line(text: str) -> str:
    """One sentence, else the parts of one that was put together: `where: what; what was done; what to do`."""
    found = _sentence(text)
    if found is not None:
        return found
    parts = text.split(_BETWEEN)
    return _BETWEEN.join(_joined(parts)) if len(parts) > 1 else _placed(text)


def _joined(parts: list[str]) -> Iterator[str]:
    """Of several parts as many together as make a sentence, the longest run first."""
    while parts:
        for end in range(len(parts), 0, -1):
            whole = _BETWEEN.join(parts[:end])
            found = _sentence(whole)
            if found is None and (placed := _placed(whole)) != whole:
                found = placed
            if found is not None:
                break
        yield whole if found is None else found
        parts = parts[end:]


def _placed(text: str) -> str:
    """`moscow: events: what happened`: the places stay as they are."""
    at = text.find(_AFTER)
    while at >= 0:
        head, tail = text[: at + len(_AFTER)], text[at + len(_AFTER) :]
        found = _sentence(tail)
        if found is not None:
            return head + found
        at = text.find(_AFTER, at + 1)
    return text


def _sentence(text: str) -> str | None:
    """The Russian of a whole sentence; what fills its gaps is looked up as well."""
    if text in _whole():
        return _whole()[text]
    if _SKEW.fullmatch(text):
        return " ".join(_UNITS.get(part, part) for part in text.split(" "))
    head, _, others = text.partition(" (")
    if others.endswith(")") and head in _whole():  # `the file is damaged (what its driver said)`
        return f"{_whole()[head]} ({others}"
    for pattern in _patterns():
        if all(piece in text for piece in pattern.pieces) and (match := pattern.whole.fullmatch(text)):
            return pattern.russian.format(*map(_filling, match.groups()))
    return None


def _filling(part: str) -> str:
    """What fills a gap: a sentence, a number with its comma, a percentage with its space, or what it was."""
    if percent := _PERCENT.fullmatch(part):
        return f"{percent[1]}\u00a0%"
    return part.replace(".", ",") if _FRACTION.fullmatch(part) else _line(part)


@cache
def _whole() -> dict[str, str]:
    """The sentences without gaps, as they are printed."""
    return {_bare(english): _bare(russian) for english, russian in WORDS.items() if not _GAP.search(english)}


@cache
def _patterns() -> tuple[_Pattern, ...]:
    """The sentences with gaps, those that say most first."""
    gapped = sorted((english for english in WORDS if _GAP.search(english)), key=lambda one: -len(_GAP.sub("", one)))
    return tuple(_pattern(english, WORDS[english]) for english in gapped)


def _pattern(english: str, russian: str) -> _Pattern:
    pieces = tuple(map(_bare, _GAP.split(english)))
    gap = _ANYTHING if sum(map(str.isalpha, "".join(pieces))) >= _WEAK else _UNBROKEN
    *first, last, end = map(re.escape, pieces)
    body = gap.join([*first, last]) + _ANYTHING + end
    if not pieces[0] and pieces[1].startswith(" "):  # `x carries no y`: the place before it is no part of x
        body = _UNBROKEN + body.removeprefix(gap if first else _ANYTHING)
    whole = re.compile(body, re.DOTALL)
    return _Pattern(tuple(filter(None, pieces)), whole, russian)


def _bare(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")
