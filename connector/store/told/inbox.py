"""Hooks as they came: on the disk before anybody is told that they were taken, gone when what they hint at is stored.

Sealed: they bring names, phones and, from Bitrix24, access tokens. Nothing of them is ever shown.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.errors import WrongKey
from connector.store.secret import key_mark
from connector.store.secret.sealing import seal, unseal
from connector.store.upsert import among, insert, table

INBOX = table("inbox")
MOST = 20_000
"""Hooks of one account that may wait; more are not taken, and the CRM comes again."""
DAMAGED = "its sealed bytes are damaged and cannot be opened"
_WHERE = "the inbox of hooks"


@dataclass(frozen=True, slots=True)
class Letter:
    """One hook of one account; `came_at` in epoch milliseconds. `damaged`: nobody can read its body any more."""

    account: int
    came_at: int
    body: bytes = field(repr=False)
    id: int = 0
    damaged: bool = False


def keep(conn: Connection, key: bytes, letters: Sequence[Letter]) -> None:
    """All of them in this transaction; the same bytes while they wait are one."""
    rows = [
        {"account": one.account, "digest": _digest(key, one), "came_at": one.came_at, "sealed": seal(key, one.body)}
        for one in letters
    ]
    if rows:
        conn.execute(insert(conn, INBOX).on_conflict_do_nothing(), rows)


def waiting(conn: Connection, key: bytes, account: int, limit: int, *, after: int = 0) -> list[Letter]:
    """The oldest behind the one with the id `after`, at most so many. One that does not open is told as damaged.

    Raises WrongKey where this is not the key of the database: then they wait for it.
    """
    query = sa.select(INBOX).where(INBOX.c.account == account, INBOX.c.id > after).order_by(INBOX.c.id).limit(limit)
    letters = [_opened(key, row) for row in conn.execute(query)]
    if any(letter.damaged for letter in letters):
        key_mark.check(conn, key, where=_WHERE)
    return letters


def count(conn: Connection, account: int) -> int:
    """How many wait."""
    return int(conn.execute(sa.select(sa.func.count()).where(INBOX.c.account == account)).scalar_one())


def accounts_with_letters(conn: Connection) -> set[int]:
    """Accounts for which any waits: one question for all, as it is asked every second."""
    return set(conn.execute(sa.select(INBOX.c.account).distinct()).scalars())


def remove(conn: Connection, account: int, ids: Collection[int]) -> None:
    """What they hint at is stored, or they were refused."""
    conn.execute(INBOX.delete().where(INBOX.c.account == account, among(conn, INBOX.c.id, ids)))


def purge(conn: Connection, account: int, before: int) -> int:
    """Those that came before a moment and still wait: reading found what they would have told."""
    return conn.execute(INBOX.delete().where(INBOX.c.account == account, INBOX.c.came_at < before)).rowcount


def _opened(key: bytes, row: sa.Row[Any]) -> Letter:
    try:
        return Letter(row.account, row.came_at, unseal(key, row.sealed, where=_WHERE), row.id)
    except WrongKey:
        return Letter(row.account, row.came_at, b"", row.id, damaged=True)


def _digest(key: bytes, letter: Letter) -> str:
    return hmac.new(key, letter.body, hashlib.sha256).hexdigest()[:32]
