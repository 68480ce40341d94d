"""JSON: a list of turns, or an object that holds one beside the call's id, in the spellings that programs use."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from connector.quality.reading.labels import joined, speaker_of
from connector.quality.transcript import Speaker, Turn

_LISTS = ("turns", "segments", "messages", "phrases", "utterances", "replicas", "dialog", "dialogue")
_INSIDE = ("transcription", "transcript", "result", "data")
_WHO = ("speaker", "role", "side", "channel", "speaker_id", "channeltag", "name")
_SAID = ("text", "message", "phrase", "content", "transcript", "utterance")
_FROM = ("start", "start_time", "begin", "from", "starttime", "start_ms", "starttimems", "offset")
_UNTIL = ("end", "stop_time", "stop", "to", "endtime", "end_ms", "endtimems")
_CALL = ("call", "call_id", "callid", "activity_id", "uniq")
_CHANNELS: dict[int, Speaker] = {0: "seller", 1: "client"}


class Told(msgspec.Struct, frozen=True):
    """What a file says: its turns, and the call and language where it names them."""

    turns: tuple[Turn, ...]
    call: str | None = None
    language: str | None = None


def read(text: str, ours: Collection[str] = ()) -> Told:
    """Raises ValueError for what is no JSON, or holds no turns."""
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise ValueError(f"no JSON: {error}") from None
    outer = _folded(found) if isinstance(found, dict) else {}
    rows = found if isinstance(found, list) else _rows(outer)
    if rows is None:
        raise ValueError(f"no list of turns under any of {', '.join(_LISTS)}")
    call, language = _first(outer, _CALL), outer.get("language") or outer.get("lang")
    return Told(
        joined(_turns(rows, ours)),
        str(call) if isinstance(call, str | int) and call != "" else None,
        language if isinstance(language, str) else None,
    )


def _rows(outer: Mapping[str, Any]) -> list[Any] | None:
    for name in _LISTS:
        if isinstance(outer.get(name), list):
            return list(outer[name])
    for name in _INSIDE:
        inner = outer.get(name)
        if isinstance(inner, list):
            return inner
        if isinstance(inner, dict) and (rows := _rows(_folded(inner))) is not None:
            return rows
    return None


def _turns(rows: list[Any], ours: Collection[str]) -> Iterator[tuple[str | None, Turn]]:
    for place, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise ValueError(f"turn {place} is no object")
        told = _folded(row)
        said = _first(told, _SAID)
        if not isinstance(said, str):
            raise ValueError(f"turn {place} has no text under any of {', '.join(_SAID)}")
        who = _first(told, _WHO)
        role = _CHANNELS.get(who, "unknown") if isinstance(who, int) else speaker_of(str(who or ""), ours)
        turn = Turn(role, " ".join(said.split()), _moment(told, _FROM), _moment(told, _UNTIL), _heard(told))
        yield str(who) if who is not None else None, turn


def _moment(told: Mapping[str, Any], names: tuple[str, ...]) -> float | None:
    """Seconds; a name that ends in `ms` tells milliseconds."""
    for name in names:
        value = told.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not math.isfinite(value) or value < 0:
                raise ValueError(f"{name} is {value}")
            return value / 1000 if name.endswith("ms") else float(value)
    return None


def _heard(told: Mapping[str, Any]) -> float | None:
    value = told.get("confidence", told.get("heard"))
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    return float(value) if usable and value is not None else None


def _first(told: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((told[name] for name in names if told.get(name) is not None), None)


def _folded(row: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name).casefold(): value for name, value in row.items()}
