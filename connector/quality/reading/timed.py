"""Subtitles, SRT and VTT: cues with times, whose text names the speaker as a label or in `<v …>`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from connector.quality.reading.labels import joined, speaker_of, split
from connector.quality.reading.text import seconds
from connector.quality.transcript import Turn

_CUE = re.compile(r"((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?\s+([^>]+)>")
_TAG = re.compile(r"<[^>]*>|\{\\[^}]*\}")


def turns(text: str, ours: Collection[str] = ()) -> tuple[Turn, ...]:
    """Cues in order; those of one labelled speaker in a row are one turn. Raises ValueError where there is no cue."""
    cues = list(_cues(text, ours))
    if not cues:
        raise ValueError("no cue such as 00:00:01,000 --> 00:00:04,000")
    return joined(cues)


def _cues(text: str, ours: Collection[str]) -> Iterator[tuple[str | None, Turn]]:
    for block in re.split(r"\r?\n\s*\r?\n", text):
        lines = block.splitlines()
        place = next((n for n, line in enumerate(lines) if _CUE.search(line)), None)
        if place is None:
            continue
        found = _CUE.search(lines[place])
        assert found is not None
        start, end = seconds(found[1]), seconds(found[2])
        if end < start:
            raise ValueError(f"a cue ends before it begins: {lines[place].strip()}")
        said = " ".join(line.strip() for line in lines[place + 1 :])
        voice = _VOICE.search(said)
        label, rest = (voice[1], _TAG.sub("", said)) if voice else split(_TAG.sub("", said), ours)
        yield label, Turn(speaker_of(label or "", ours), " ".join(rest.split()), start, end)
