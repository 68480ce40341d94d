"""Where a pull stands, as small JSON: a mark for each list. Opaque outside this provider."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from connector.decoding import decoded

VERSION = 1


class Mark(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far one list has been read. Instants are server time in epoch milliseconds."""

    since: int | None = None
    """Everything changed before this was read by an earlier pass; None: there was none."""
    now: int | None = None
    """When the running pass began; None: none is running. It becomes `since` when the pass ends."""
    id: int = 0
    """The last id the running pass has read; for a list that only grows, the last id of all."""
    done: bool = False
    """This list has ended in the running pass, others of the same kind have not."""
    left: tuple[tuple[int, int], ...] = ()
    """A first read by ranges is running: ids beyond the first and up to the second of each pair are not read yet; `id`
    is the highest id that it is to read."""


class Cursor(msgspec.Struct, frozen=True, omit_defaults=True):
    """The marks by list, and what only some kinds need."""

    v: int = VERSION
    marks: dict[str, Mark] = {}
    read: int | None = None
    """Directories: when they were read."""
    tail: int = 0
    """Calls: the last id older than the window that is read again for late changes."""
    reread: int = 0
    """Calls: when that window was last read again."""
    fresh: int | None = None
    """Calls, while they are read for the first time: the lowest id seen in that window."""

    def encode(self) -> str:
        return msgspec.json.encode(self).decode()


def decode(text: str | None) -> Cursor:
    """The cursor, or a fresh one where there is none or it cannot be read: reading all again loses nothing."""
    if text is None:
        return Cursor()
    try:
        cursor = decoded(text, Cursor)
    except msgspec.DecodeError:
        return Cursor()
    return cursor if cursor.v == VERSION else Cursor()


def earlier(cursor: Cursor, since: int) -> Cursor | None:
    """The same lists from this moment on, where they stood later; None while a pass is running."""
    if not cursor.marks or any(mark.now is not None or mark.since is None for mark in cursor.marks.values()):
        return None
    marks = {name: replace(mark, since=min(mark.since or 0, since)) for name, mark in cursor.marks.items()}
    return replace(cursor, marks=marks)


def finished(marks: Mapping[str, Mark]) -> bool:
    """Whether no pass is running."""
    return all(mark.now is None for mark in marks.values())


def ms(moment: datetime) -> int:
    """Epoch milliseconds."""
    return int(moment.timestamp() * 1000)


def at(epoch_ms: int) -> datetime:
    """The instant of epoch milliseconds."""
    return datetime.fromtimestamp(epoch_ms / 1000, tz=UTC)
