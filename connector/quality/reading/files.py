"""One file of any sort -> its turns and the names by which its call may be known, or why it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from connector.quality.reading import structured, text, timed
from connector.quality.transcript import Transcript, Turn

LARGEST = 4_000_000
"""Bytes of a file."""
MOST_TURNS = 5_000
SUFFIXES = frozenset({".json", ".txt", ".srt", ".vtt", ".md", ".text"})
_PREFIX = re.compile(r"^(?:call|звонок|rec|record|запись|transcript|расшифровка)[-_ #№]+", re.I)
_SPLIT = re.compile(r"[_ #№,;()]+")
_LANGUAGE = re.compile(r"^[a-z]{2}$")


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that could be read. `calls`: what may be its call's id, the surest first."""

    file: str
    turns: tuple[Turn, ...] = field(repr=False)
    calls: tuple[str, ...]
    language: str = "ru"

    def of(self, call: str) -> Transcript:
        """The transcript of this call."""
        return Transcript(call, self.turns, "file", self.language)


@dataclass(frozen=True, slots=True)
class Bad:
    """A file of which nothing was taken, and why."""

    file: str
    why: str


def read(file: str, data: bytes, ours: Collection[str] = ()) -> Taken | Bad:
    """`file` is its name; `ours`: names of the account's people in folded case, as labels may name them."""
    if len(data) > LARGEST:
        return Bad(file, f"larger than {LARGEST // 1_000_000} MB")
    content = _decoded(data)
    if content is None:
        return Bad(file, "neither UTF-8 nor Windows-1251 text")
    try:
        told = _told(file, content, ours)
    except ValueError as error:
        return Bad(file, str(error))
    if not told.turns:
        return Bad(file, "nothing is said in it")
    if len(told.turns) > MOST_TURNS:
        return Bad(file, f"more than {MOST_TURNS} turns")
    language = (told.language or "ru").casefold()[:2]
    calls = (told.call,) if told.call else _by_name(file)
    return Taken(file, told.turns, calls, language if _LANGUAGE.match(language) else "ru")


def said(content: str, ours: Collection[str] = ()) -> tuple[Turn, ...]:
    """What a CRM handed over as one text, whatever it looks like: JSON, subtitles, or lines."""
    try:
        return _told("", content, ours).turns
    except ValueError:
        return text.turns(content, ours)


def _told(file: str, content: str, ours: Collection[str]) -> structured.Told:
    begins = content.lstrip()[:1]
    if file.casefold().endswith(".json") or (not file and begins in ("{", "[") and begins != "" and "}" in content):
        return structured.read(content, ours)
    if file.casefold().endswith((".srt", ".vtt")) or " --> " in content:
        return structured.Told(timed.turns(content, ours))
    head = text.head(content)
    return structured.Told(text.turns(content, ours), head.get("call"), head.get("language"))


def _by_name(file: str) -> tuple[str, ...]:
    """`call-90001.txt` is of the call 90001; of `2026-09-01_90001_in.srt` each part may be one."""
    stem = file.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    bare = _PREFIX.sub("", stem)
    return tuple(dict.fromkeys(name for name in (stem, bare, *_SPLIT.split(bare)) if name))


def _decoded(data: bytes) -> str | None:
    """Text; None for bytes that are none: a sound file given by mistake has control characters at its head."""
    for encoding in ("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1251"):
        try:
            content = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if any(ord(sign) < 9 for sign in content[:2000]) else content.replace("\x00", "")
    return None
