"""How a call was spoken: who talked how much, how long in a row, over whom, how fast. Pure, from turns with times.

Definitions are those of Gong and of Yandex SpeechSense, written out per field of `Talk`. A turn without times makes
every number of seconds unknown: None, with the reason in `why`, never 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from connector.quality.checklist import Checklist
from connector.quality.transcript import Speaker, Transcript, Turn

BACK_CHANNEL = 1.0
"""Seconds under which the other side's "угу" does not end a monologue."""
PAUSE = 2.0
"""Seconds of silence that one speaker's monologue may hold."""
INTO, BEFORE_END = 0.5, 0.3
"""An interruption starts so long after the other's start, and so long before his end."""
PER = 600.0
"""Interruptions are told per ten minutes of talk."""
FILLERS = re.compile(
    r"\b(?:э-э|эм+|как бы|типа|короче|ну вот|это самое|так сказать|значит|собственно говоря|в общем-то)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Talk:
    """Numbers of one call; None where they cannot be known, and `why` says so (no_times, no_roles).

    `share`: the seller's part of all speech, 0..1. `monologue`: the seller's longest speech in a row, seconds.
    `interruptions`: by the seller, per ten minutes of talk; `interrupted`: by the client. `pace`: the seller's words a
    minute of his own speech. `patience`: median seconds from the client's last word to the seller's first. `switches`:
    changes of speaker a minute. `fillers`: per 100 words of the seller, from text, so too low: recognisers drop them.
    """

    share: float | None = None
    monologue: float | None = None
    interruptions: float | None = None
    interrupted: float | None = None
    pace: float | None = None
    patience: float | None = None
    switches: float | None = None
    fillers: float | None = None
    why: str = ""


def talk(transcript: Transcript) -> Talk:
    """All numbers of a call."""
    if any(turn.speaker == "unknown" for turn in transcript.turns):
        return Talk(why="no_roles")
    fillers = _fillers(transcript.turns)
    timed = _timed(transcript.turns)
    if not timed or len(timed) < len([turn for turn in transcript.turns if turn.text.strip()]):
        return Talk(fillers=fillers, why="no_times")
    spoken = {side: sum(one.length for one in timed if one.speaker == side) for side in ("seller", "client")}
    whole = spoken["seller"] + spoken["client"]
    if not whole:
        return Talk(fillers=fillers, why="no_times")
    return Talk(
        share=spoken["seller"] / whole,
        monologue=_monologue(timed, "seller"),
        interruptions=_interruptions(timed, "seller") * PER / whole,
        interrupted=_interruptions(timed, "client") * PER / whole,
        pace=_pace(timed, spoken["seller"]),
        patience=_patience(timed),
        switches=sum(a.speaker != b.speaker for a, b in pairwise(timed)) * 60 / whole,
        fillers=fillers,
    )


def next_step_agreed(answers: Iterable[tuple[str, str]], checklist: Checklist) -> bool | None:
    """Whether a next step was agreed on, by (criterion, answer) of a score; None where none of them tells."""
    asked = {one.key for one in checklist.criteria if one.stage == "next_step"}
    told = [answer for key, answer in answers if key in asked and answer != "not_applicable"]
    return "yes" in told if told else None


@dataclass(frozen=True, slots=True)
class _Timed:
    speaker: Speaker
    start: float
    end: float
    words: int

    @property
    def length(self) -> float:
        return self.end - self.start


def _timed(turns: Iterable[Turn]) -> list[_Timed]:
    """Turns with a beginning and a later end, by beginning."""
    known = [
        _Timed(turn.speaker, turn.start, turn.end, len(turn.text.split()))
        for turn in turns
        if turn.text.strip() and turn.start is not None and turn.end is not None and turn.end >= turn.start
    ]
    return sorted(known, key=lambda one: (one.start, one.end))


def _monologue(timed: Sequence[_Timed], side: Speaker) -> float:
    """Own segments run together over pauses and over back-channels of the other side."""
    longest, since, until = 0.0, 0.0, None
    for one in timed:
        if one.speaker != side:
            until = until if one.length < BACK_CHANNEL else None
            continue
        since = one.start if until is None or one.start - until > PAUSE else since
        until = one.end if until is None else max(until, one.end)
        longest = max(longest, until - since)
    return longest


def _interruptions(timed: Sequence[_Timed], by: Speaker) -> int:
    """Starts of `by` well inside a turn of the other side that outlast it; "угу" ends earlier and is none."""
    others = [one for one in timed if one.speaker != by]
    own = [one for one in timed if one.speaker == by]
    return sum(
        any(other.start + INTO <= one.start <= other.end - BEFORE_END and one.end > other.end for other in others)
        for one in own
    )


def _pace(timed: Sequence[_Timed], spoken: float) -> float | None:
    words = sum(one.words for one in timed if one.speaker == "seller")
    return words * 60 / spoken if spoken else None


def _patience(timed: Sequence[_Timed]) -> float | None:
    gaps = [b.start - a.end for a, b in pairwise(timed) if (a.speaker, b.speaker) == ("client", "seller")]
    return median(gaps) if gaps else None


def _fillers(turns: Iterable[Turn]) -> float | None:
    said = " ".join(turn.text for turn in turns if turn.speaker == "seller")
    words = len(said.split())
    return 100 * len(FILLERS.findall(said)) / words if words else None
