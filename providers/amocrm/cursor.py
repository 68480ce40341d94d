"""How far each list was read, as a small JSON text: opaque outside, readable for whoever has to look into a store."""

from __future__ import annotations

import msgspec

from connector.decoding import decoded


class At(msgspec.Struct, frozen=True, omit_defaults=True):
    """One list. `upto`: everything up to this second of the server's clock was read, None before the first full read.

    `done`, `last` and `begun` belong to a first read by id that is under way: rows behind it, the id of the last one,
    and the server's time when it began. `left`: stretches of seconds, both ends included, that one by time has still to
    read. `ids`: of people, stages and the like, which were handed out at `upto`.
    """

    upto: int | None = None
    done: int = 0
    last: int | None = None
    begun: int | None = None
    left: tuple[tuple[int, int], ...] = ()
    ids: tuple[str, ...] | None = None


Cursor = dict[str, At]
"""By list: `leads`, `contacts`, `contacts/notes`, `events`, `trash`, …"""


def read(text: str | None) -> Cursor:
    """What was stored; anything that is not ours starts anew, which loses nothing."""
    if not text:
        return {}
    try:
        return decoded(text, Cursor)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return {}


def earlier(cursor: Cursor, since: int) -> Cursor | None:
    """The same lists from this second on, where they stood later; None while one of them is read for the first time."""
    if not cursor or any(at.upto is None or at.done or at.left for at in cursor.values()):
        return None
    return {name: At(upto=min(at.upto or 0, since)) for name, at in cursor.items()}


def write(cursor: Cursor) -> str:
    """The text to store."""
    return msgspec.json.encode(cursor, order="sorted").decode()
