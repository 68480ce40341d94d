"""Whether an SQLite file in use still stands where it stood. The system keeps an open file that was deleted or moved
away: everything would go on well, and be gone with the process. Asked before each transaction, some microseconds.

And whether its log stands there alone: SQLite takes a -wal beside no file, or an empty one, for nobody's and deletes
it, whoever looks, for reading only too, and what was committed last is in it.
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
            if self._known is not None:
                raise self._gone("the file was moved away or deleted while it is in use") from None
            self._not_its_log_alone()
            return
        except OSError:
            return  # whoever opens it says so
        if found.st_size == 0:
            self._not_its_log_alone()
        self._known = self._known or (found.st_dev, found.st_ino)
        if self._known != (found.st_dev, found.st_ino):
            raise self._gone("another file was put in the place of the one in use")

    def _not_its_log_alone(self) -> None:
        if log_alone(self._path):
            raise Misplaced(
                "the file is not there, or is empty, but its -wal is, and what was committed last is in that",
                where=str(self._path),
                done="nothing was opened, so that the -wal stays",
                todo="put the file back beside it; where it is lost, `kpi restore` a backup",
            )

    def _gone(self, what: str) -> Misplaced:
        return Misplaced(
            what,
            where=str(self._path),
            done="nothing more is read from it or written into it",
            todo="put the file back with its -wal and -shm, or start this program again with the one that is there",
        )


def log_alone(path: Path) -> bool:
    """Whether there is something in the -wal of a file that is not there or empty."""
    return _size(path) == 0 and _size(path.with_name(f"{path.name}-wal")) > 0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
