"""Whose personal data are never kept again. Names of records are kept only as keyed hashes.

The marks also lie in a file beside the database: a backup that is older than an erasure brings nobody back.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.errors import StoreTrouble
from connector.records import Call, Client, Record, Ref, User
from connector.store.secret.sealing import sync_folder
from connector.store.upsert import insert, table

ERASED = table("erased")
_GONE = "gone:"


def phone_ref(hashed: str) -> Ref:
    """How a mark names a number, itself a keyed hash: calls that hang on a deal alone are the client's too."""
    return f"phone:{hashed}"


def mark_of(key: bytes, account: str, ref: Ref) -> str:
    """Stands for the record: without the key nobody can tell whose it is."""
    return hmac.new(key, f"erased\n{account}\n{ref}".encode(), hashlib.sha256).hexdigest()[:32]


def marks(conn: Connection, account: int) -> frozenset[str]:
    """All of an account."""
    return frozenset(conn.execute(sa.select(ERASED.c.mark).where(ERASED.c.account == account)).scalars())


def add(conn: Connection, account: int, some: Iterable[str], *, now: int) -> None:
    """From now on; one that is there already stays as it is."""
    rows = [{"account": account, "mark": mark, "at": now} for mark in sorted(set(some))]
    if rows:
        conn.execute(insert(conn, ERASED).on_conflict_do_nothing(), rows)


def bare_client(row: Client) -> Client:
    """Without what tells who it is."""
    return msgspec.structs.replace(row, phones=(), name=None)


@dataclass(frozen=True, slots=True)
class Shield:
    """Takes personal data off the records of whoever was erased, however often a CRM states them again."""

    key: bytes = field(repr=False)
    account: str
    marks: frozenset[str]

    def __call__(self, rows: Sequence[Record]) -> Sequence[Record]:
        return [self.bare(row) for row in rows] if self.marks else rows

    def holds(self, ref: Ref) -> bool:
        """Whether this record's person was erased."""
        return mark_of(self.key, self.account, ref) in self.marks

    def hides(self, call: Call) -> bool:
        """Whether nothing that was said in it may be kept: with somebody who was erased, or from or to his number."""
        if not self.marks:
            return False
        phone = call.phone or ""
        return phone.startswith(_GONE) or any(map(self.holds, (*call.on, phone_ref(phone))))

    def bare(self, row: Record) -> Record:
        """What KPIs need of it, and nothing that tells who it was."""
        if isinstance(row, Client) and self.holds(row.id):
            return bare_client(row)
        if isinstance(row, User) and self.holds(row.ref):
            return msgspec.structs.replace(row, name=f"#{row.id}", zone=None)
        if isinstance(row, Call) and row.phone and any(map(self.holds, (*row.on, phone_ref(row.phone)))):
            return msgspec.structs.replace(row, phone=self._of_a_day(row, row.phone))
        return row

    def _of_a_day(self, call: Call, phone: str) -> str:
        """Instead of a number: the same for the calls of one day (UTC), so that a burst stays one call and a number is
        dialled once a day (K-04, K-13), and nothing ties the days to each other or to the number.
        """
        if phone.startswith(_GONE):
            return phone
        return _GONE + mark_of(self.key, self.account, f"{phone_ref(phone)}@{call.at.date()}")


class Ledger:
    """The file beside the database: one line a mark, `account mark`, appended and on the disk when `add` returns.

    A line that a full disk cut is no mark, and the next one does not hang on it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def all(self) -> dict[str, set[str]]:
        """Account → its marks; nothing where there is no file."""
        found: dict[str, set[str]] = {}
        try:
            lines = self.path.read_text("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return found
        except OSError as error:
            raise self._trouble(error) from error
        for line in lines:
            account, _, mark = line.partition(" ")
            if len(mark) == 32:
                found.setdefault(account, set()).add(mark)
        return found

    def add(self, account: str, some: Iterable[str]) -> None:
        """Once each."""
        new = sorted(set(some) - self.all().get(account, set()))
        if not new:
            return
        fresh = not self.path.exists()
        try:
            with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
                lines = "".join(f"{account} {mark}\n" for mark in new)
                file.write((lines if self._ends_in_a_line() else f"\n{lines}").encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise self._trouble(error) from error
        if fresh:
            with contextlib.suppress(OSError):
                sync_folder(self.path.parent)

    def _ends_in_a_line(self) -> bool:
        return self.path.read_bytes()[-1:] in (b"", b"\n")

    def _trouble(self, error: OSError) -> StoreTrouble:
        return StoreTrouble(
            f"the list of erasures cannot be used ({error.strerror or error})",
            where=str(self.path),
            done="nothing was erased",
            todo="give this user write access to it",
        )
