"""Rows that could not be read, and hooks that wait: what of it may be about somebody.

Nobody understood such a row, so it is searched rather than read: his number as a whole value, under a name that speaks
of ids and of a client or an owner, or behind a letter (`C_701`). Numbers of other things may be the same: rather a row
of somebody else goes, which the CRM still has, than one of his stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.records import Call, Client, User
from connector.store.crm import refusals
from connector.store.crm.refusals import REFUSED
from connector.store.upsert import among, table

INBOX = table("inbox")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_IDS = frozenset({"id", "ids"})
_HIS = frozenset({"client", "contact", "contacts", "company", "companies", "customer", "entity", "owner"})


def about(conn: Connection, account: int, whom: Client | User, calls: Collection[str]) -> sa.ColumnElement[bool]:
    """The refused rows that are his: his own, those of his calls, and of a client each that names him."""
    number = whom.id.rpartition(":")[2]
    found = {(whom.kind, whom.id), (whom.kind, number), *((Call.kind, id) for id in calls)}
    if isinstance(whom, Client):
        found |= {(row.kind, row.id) for row in refusals.all(conn, account) if names(row.raw, number)}
    ids = {kind: [id for of, id in found if of == kind] for kind, _ in found}
    his = (sa.and_(REFUSED.c.kind == kind, among(conn, REFUSED.c.id, some)) for kind, some in ids.items())
    return sa.and_(REFUSED.c.account == account, sa.or_(*his))


def forget(conn: Connection, account: int, whom: Client | User, calls: Collection[str]) -> int:
    """These go, and every hook that waits: reading finds what it would have told. How many went."""
    count = conn.execute(REFUSED.delete().where(about(conn, account, whom, calls))).rowcount
    return count + conn.execute(INBOX.delete().where(INBOX.c.account == account)).rowcount


def names(raw: str, number: str) -> bool:
    """Whether a row may speak of the client with this number."""
    try:
        row = msgspec.json.decode(raw)
    except msgspec.DecodeError:  # it was cut
        return re.search(rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9A-Za-z])", raw) is not None
    lettered = re.compile(rf"[A-Za-z]+[_:]{re.escape(number)}")
    return any(
        lettered.fullmatch(text) or (text == number and bool(words & _IDS and words & _HIS) and "type" not in words)
        for words, text in _scalars(row, frozenset())
    )


def _scalars(value: Any, words: frozenset[str]) -> Iterator[tuple[frozenset[str], str]]:
    """Every value as text, with the words of all names above it."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _scalars(one, words.union(word.lower() for word in _WORD.findall(name)))
    elif isinstance(value, list):
        for one in value:
            yield from _scalars(one, words)
    else:
        yield words, str(value)
