"""A small file beside the database that knows of a token refresh before the vendor and the database do.

One line a record: checksum, then JSON. An intent reserves on the disk the room its answer will need, so that a disk
that fills up during the call cannot cost the new pair. Lines that are cut or blank are no records.

The newest pair stays there after the database has it: a backup that takes the database's place holds a spent one.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from connector.decoding import decoded
from connector.errors import StoreTrouble
from connector.store.secret.sealing import sync_folder

RESERVE = 16 * 1024
"""Longer than any sealed pair seen (amoCRM: about 4 KB)."""


class Entry(msgspec.Struct, frozen=True):
    """`intent`: the pair of this version is about to be spent. `answer`: the sealed pair of this version came.
    `kept`: it came, and the database had it.
    """

    what: Literal["intent", "answer", "kept"]
    version: int
    at: int
    sealed: str = ""


class Journal:
    """One account's journal: append, read back, empty. Every append is on the disk when the call returns."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> list[Entry]:
        """What survived, in order."""
        try:
            return [entry for entry, _ in _parsed(self.path.read_bytes())]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._trouble(error) from error

    def append(self, entry: Entry) -> None:
        """Write after the last whole record, over a cut one or the room that was reserved; it is on the disk then."""
        line = _line(entry)
        line += b" " * (RESERVE if entry.what == "intent" else 0)
        try:
            with os.fdopen(self._open(), "r+b") as file:
                start = max((end for _, end in _parsed(file.read())), default=0)
                file.seek(start)
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
                file.truncate(start + len(line))
        except OSError as error:
            raise self._trouble(error) from error

    def trim(self) -> None:
        """Forget what is settled but the newest pair: the database has it."""
        entries = self.entries()
        pairs = [entry for entry in entries if entry.what != "intent"]
        try:
            if not pairs:
                if self.path.exists():
                    os.truncate(self.path, 0)
            elif entries != [msgspec.structs.replace(pairs[-1], what="kept")]:
                self._keep(msgspec.structs.replace(pairs[-1], what="kept"))
        except OSError as error:
            raise self._trouble(error) from error

    def _keep(self, pair: Entry) -> None:
        """This alone, or nothing where the disk has no room for it: a half would be no record either."""
        draft = self.path.with_suffix(".part")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(_line(pair))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
            sync_folder(self.path.parent)
        except OSError:
            draft.unlink(missing_ok=True)
            os.truncate(self.path, 0)

    def _open(self) -> int:
        if self.path.exists():
            return os.open(self.path, os.O_RDWR)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        sync_folder(self.path.parent)
        return handle

    def _trouble(self, error: OSError) -> StoreTrouble:
        return StoreTrouble(
            f"the token journal cannot be used ({error.strerror or error})",
            where=str(self.path),
            done="no token was spent",
            todo="free some space, or give this user write access to the file and its folder",
        )


def _line(entry: Entry) -> bytes:
    text = msgspec.json.encode(entry)
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _parsed(data: bytes) -> Iterator[tuple[Entry, int]]:
    """Each whole record with the offset of its end."""
    end = 0
    for line in data.splitlines(keepends=True):
        end += len(line)
        checksum, _, text = line.strip().partition(b" ")
        if line.endswith(b"\n") and checksum == b"%08x" % zlib.crc32(text):
            with contextlib.suppress(msgspec.DecodeError):
                yield decoded(text, Entry), end
