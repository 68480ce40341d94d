"""A small file beside the database that knows of a token refresh before the vendor and the database do.

One line a record: checksum, then JSON. An intent reserves on the disk the room its answer will need, so that a disk
that fills up during the call cannot cost the new pair. Lines that are cut or blank are no records.
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
    """`intent`: the pair of this version is about to be spent. `answer`: the sealed pair of this version came."""

    what: Literal["intent", "answer"]
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
        text = msgspec.json.encode(entry)
        line = b"%08x %s\n" % (zlib.crc32(text), text)
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
        """Forget everything: the database has it."""
        try:
            if self.path.exists():
                os.truncate(self.path, 0)
        except OSError as error:
            raise self._trouble(error) from error

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


def _parsed(data: bytes) -> Iterator[tuple[Entry, int]]:
    """Each whole record with the offset of its end."""
    end = 0
    for line in data.splitlines(keepends=True):
        end += len(line)
        checksum, _, text = line.strip().partition(b" ")
        if line.endswith(b"\n") and checksum == b"%08x" % zlib.crc32(text):
            with contextlib.suppress(msgspec.DecodeError):
                yield decoded(text, Entry), end
