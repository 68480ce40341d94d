"""What a database driver says, in words a person can act on: the border where its errors become StoreTrouble."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from connector.errors import StoreTrouble

ROLLED_BACK = "nothing of this step was stored"
_Words = tuple[str, str]

_SQLITE: dict[int, _Words] = {
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space and run it again"),
    sqlite3.SQLITE_READONLY: ("the file is read-only", "give this user write access to the file and its folder"),
    sqlite3.SQLITE_PERM: ("the file may not be used by this user", "give this user access to the file and its folder"),
    sqlite3.SQLITE_CORRUPT: ("the file is damaged", "restore a backup; the damaged file was left as it is"),
    sqlite3.SQLITE_NOTADB: ("the file is not a database of this program", "name another file, or restore a backup"),
    sqlite3.SQLITE_CANTOPEN: ("the file cannot be opened", "check that the folder exists and that this user owns it"),
    sqlite3.SQLITE_BUSY: ("another program keeps the file locked", "close that program, or run it again in a minute"),
    sqlite3.SQLITE_LOCKED: ("another connection keeps a table locked", "run it again in a minute"),
    sqlite3.SQLITE_IOERR: ("the disk failed to read or write", "check the disk; WAL needs a local one, not a share"),
}
"""By primary result code; https://www.sqlite.org/rescode.html."""

_POSTGRESQL: dict[str, _Words] = {
    "53100": ("the database server's disk is full", "free some space there and run it again"),
    "53300": ("the database server takes no more connections", "raise max_connections or run fewer processes"),
    "25006": ("the database is read-only", "point store.url at the primary server"),
    "55P03": ("another transaction keeps a lock", "run it again in a minute; look for a stuck session"),
    "57014": ("the statement took longer than it may", "run it again; look at the server's load"),
    "40P01": ("two transactions waited for one another", "run it again"),
    "40001": ("another transaction changed the same rows", "run it again"),
    "28": ("the database server refuses this user", "check user and password in store.url"),
    "3D": ("there is no such database", "create it, or mend store.url"),
    "42501": ("this database user lacks a right", "grant it: the program creates and alters its own tables"),
    "XX": ("the database is damaged", "restore a backup"),
    "08": ("the connection to the database server broke", "run it again once the server is back"),
    "57P": ("the database server ended the connection", "run it again once the server is back"),
    "25P03": ("the database server ended an idle transaction", "run it again"),
}
"""By SQLSTATE, the longest beginning wins; https://www.postgresql.org/docs/current/errcodes-appendix.html."""
_UNREACHED = (
    "the database server cannot be reached",
    "look whether it runs at the address in store.url, and at user and password",
)
"""psycopg's OperationalError without a SQLSTATE: no server ever answered, or it let nobody in."""


_DAMAGED = frozenset({_SQLITE[sqlite3.SQLITE_CORRUPT], _SQLITE[sqlite3.SQLITE_NOTADB], _POSTGRESQL["XX"]})


class Damaged(StoreTrouble):
    """What is stored cannot be read any more, and will not be until a person restores it."""


@contextmanager
def told_in_words(where: str) -> Iterator[None]:
    """Turn a driver's trouble into StoreTrouble. What only a bug of ours can cause passes with its traceback."""
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError) as error:
        if words(error) is None:
            raise
        raise _trouble(error, where) from error
    except DBAPIError as error:
        raise _trouble(error, where) from error
    except PoolTimeout as error:
        raise StoreTrouble("every connection is in use", where=where, todo="run fewer things at once") from error


def words(error: DBAPIError) -> _Words | None:
    """What happened and what to do, None where the code says nothing we know."""
    if isinstance(error.orig, sqlite3.Error):
        return words_of_sqlite(error.orig)
    state = getattr(error.orig, "sqlstate", None) or ""
    if not state and type(error.orig).__name__ == "OperationalError":
        return _UNREACHED
    known = [_POSTGRESQL[state[:length]] for length in (5, 3, 2) if state[:length] in _POSTGRESQL]
    return known[0] if known else None


def words_of_sqlite(error: sqlite3.Error) -> _Words | None:
    """The same of what SQLite's own driver raised."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else _SQLITE.get(code & 0xFF)


def _trouble(error: DBAPIError, where: str) -> StoreTrouble:
    first_line = str(error.orig).strip().partition("\n")[0]
    what, todo = words(error) or ("the database refused", "if it stays, report it with the words above")
    kind = Damaged if (what, todo) in _DAMAGED else StoreTrouble
    return kind(f"{what} ({first_line})", where=where, done=ROLLED_BACK, todo=todo)
