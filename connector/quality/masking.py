"""Phones, e-mails, cards and names out of a transcript, before it is kept or leaves the house. Nothing else changes.

Turns, times and speakers stay as they are. Names are known ones (clients, own people), words after "my name is", and
what a Russian dictionary holds for a first name, patronymic or surname when written with a capital.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from connector.quality.transcript import Transcript

NAME, PHONE, MAIL, CARD = "[ИМЯ]", "[ТЕЛЕФОН]", "[ПОЧТА]", "[КАРТА]"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SPOKEN_MAIL = re.compile(r"[\w.-]+\s+собака\s+[\w-]+\s+точка\s+(?:ру|ком|рф|нет)\b", re.I)
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){15,18}\d(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+?\d[\s()-]{0,2}){9,13}\d(?!\d)|(?<!\d)\d{3}[- ]\d{2}[- ]\d{2}(?!\d)")
_NUMERAL = (
    r"(?:ноль|ноля|один|одна|два|две|три|четыре|пять|шесть|семь|восемь|девять|десять|\w+надцать|двадцать|тридцать|сорок|"
    r"\w+десят|девяносто|сто|двести|\w+ста|\w+сот|плюс)"
)
_SPOKEN = re.compile(rf"\b{_NUMERAL}(?:[\s,-]+{_NUMERAL}){{5,}}\b(?!\s+(?:тысяч|миллион|рубл))", re.I)
"""Six numerals in a row and no thousands: a number that was dictated."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_INTRO = re.compile(
    r"\b(?:меня\s+зовут|моя\s+фамилия|зовите\s+меня|my\s+name\s+is|i\s+am\s+called)\s+"
    r"([^\W\d_]+)(?:\s+([А-ЯЁA-Z][^\W\d_]+))?",
    re.I,
)
_GRAMMEMES = ("Name", "Patr", "Surn")
_SURE = 0.3
"""Of the dictionary's readings: "Вера" at the beginning of a sentence may also be faith."""


def mask(transcript: Transcript, names: Collection[str] = ()) -> Transcript:
    """The same call with everything personal replaced; `names`: further ones that are known, in folded case."""
    known = frozenset(name.casefold() for name in names if len(name) > 2)
    return replace(transcript, turns=tuple(replace(turn, text=masked(turn.text, known)) for turn in transcript.turns))


def masked(text: str, names: Collection[str] = frozenset()) -> str:
    """One text. Doing it twice changes nothing more."""
    for pattern, put in ((_MAIL, MAIL), (_SPOKEN_MAIL, MAIL), (_CARD, CARD), (_PHONE, PHONE), (_SPOKEN, PHONE)):
        text = pattern.sub(put, text)
    text = _INTRO.sub(_introduced, text)
    return re.sub(r"\[ИМЯ\](?:\s+\[ИМЯ\])+", NAME, _WORD.sub(lambda found: _word(found, names), text))


def _introduced(found: re.Match[str]) -> str:
    start = found.start(1) - found.start(0)
    return found[0][:start] + NAME


def _word(found: re.Match[str], names: Collection[str]) -> str:
    word = found[0]
    if f"[{word}]" in (NAME, PHONE, MAIL, CARD):
        return word
    if word.casefold() in names:
        return NAME
    return NAME if word[0].isupper() and len(word) > 2 and _is_name(word.casefold()) else word


@lru_cache(maxsize=50_000)
def _is_name(word: str) -> bool:
    """Whether a dictionary reads the word as a person's name rather than as anything else."""
    from connector.quality.local.text import morphology  # a dictionary is read only where something is masked

    readings: list[Any] = morphology().parse(word)
    named = sum(one.score for one in readings if any(sign in one.tag for sign in _GRAMMEMES) and one.is_known)
    return bool(readings and readings[0].is_known and named >= _SURE)


def names_of(people: Iterable[str | None]) -> frozenset[str]:
    """The words of people's names, in folded case, those of one or two letters left out."""
    words = (word for name in people if name for word in _WORD.findall(name))
    return frozenset(word.casefold() for word in words if len(word) > 2)
