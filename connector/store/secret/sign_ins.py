"""Links by which people sign in: a code is good once and for a while, and is kept only as a hash.

A session rests on the row of the code that began it: ended there, it is over everywhere.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store.tables import SignInRow
from connector.store.upsert import insert, table

SIGN_IN = table("sign_in")


def create(conn: Connection, account: int, user: str, code: str, *, now: int, expires: int) -> int:
    """Good once, until it expires (epoch ms). A code is 256 random bits: a plain SHA-256 of it cannot be searched."""
    row = {"account": account, "user_id": user, "hash": hashed(code), "created_at": now, "expires_at": expires}
    return int(conn.execute(SIGN_IN.insert().values(row).returning(SIGN_IN.c.id)).scalar_one())


def use(conn: Connection, code: str, *, now: int) -> SignInRow | None:
    """Take it: of two who come at once one gets it. None for a code that is unknown, used, ended or too old."""
    good = (SIGN_IN.c.used_at.is_(None), SIGN_IN.c.ended_at.is_(None), SIGN_IN.c.expires_at > now)
    mine = sa.update(SIGN_IN).where(SIGN_IN.c.hash == hashed(code), *good).values(used_at=now)
    if not conn.execute(mine).rowcount:
        return None
    row = conn.execute(sa.select(SIGN_IN).where(SIGN_IN.c.hash == hashed(code))).one()
    return SignInRow(**row._mapping)


def take(conn: Connection, account: int, user: str, code: str, *, now: int, expires: int) -> bool:
    """A code that somebody else made, a CRM's one-time token: whether it comes for the first time. Kept like ours."""
    row = {"account": account, "user_id": user, "hash": hashed(code), "created_at": now, "expires_at": expires}
    taken = insert(conn, SIGN_IN).values(row | {"used_at": now, "ended_at": now}).on_conflict_do_nothing()
    return bool(conn.execute(taken).rowcount)


def forget(conn: Connection, *, before: int) -> int:
    """Rows of long ago: no code among them works and no session rests on one. Returns how many there were."""
    return conn.execute(sa.delete(SIGN_IN).where(SIGN_IN.c.expires_at < before, SIGN_IN.c.created_at < before)).rowcount


def lasts(conn: Connection, id: int) -> bool:
    """Whether a session that began with it may go on."""
    query = sa.select(SIGN_IN.c.id).where(SIGN_IN.c.id == id, SIGN_IN.c.ended_at.is_(None))
    return conn.execute(query).first() is not None


def end(conn: Connection, id: int, *, now: int) -> None:
    """The session that began with it is over."""
    conn.execute(sa.update(SIGN_IN).where(SIGN_IN.c.id == id, SIGN_IN.c.ended_at.is_(None)).values(ended_at=now))


def end_all(conn: Connection, account: int, user: str, *, now: int) -> int:
    """Every session and unused link of a person is over. Returns how many there were."""
    theirs = (SIGN_IN.c.account == account, SIGN_IN.c.user_id == user, SIGN_IN.c.ended_at.is_(None))
    return conn.execute(sa.update(SIGN_IN).where(*theirs).values(ended_at=now)).rowcount


def hashed(code: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
