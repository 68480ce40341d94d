"""Whether an SQLite file in use still stands where it stood. The system keeps an open file that was deleted or moved
away: everything would go on well, and be gone with the process. Asked before each transaction, some microseconds.
"""

from __future__ import annotations

from pathlib import Path

from connector.errors import StoreTrouble


class Misplaced(StoreTrouble):
    """What is read and written is not the file of that name."""


class Place:
    """Which file stood there when it was first looked at: its number on its disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[int, int] | None = None

    def check(self) -> None:
        """Raises Misplaced; a file that never was there is made by whoever opens it."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            if self._known is None:
                return
            raise self._gone("the file was moved away or deleted while it is in use") from None
        except OSError:
            return  # whoever opens it says so
        self._known = self._known or (found.st_dev, found.st_ino)
        if self._known != (found.st_dev, found.st_ino):
            raise self._gone("another file was put in the place of the one in use")

    def _gone(self, what: str) -> Misplaced:
        return Misplaced(
            what,
            where=str(self._path),
            done="nothing more is read from it or written into it",
            todo="put the file back with its -wal and -shm, or start this program again with the one that is there",
        )
