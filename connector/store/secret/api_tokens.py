"""Who may call in over HTTP: tokens by name, each for one scope. Only hashes are kept, so none can be read back.

A token is 256 random bits: a plain SHA-256 of it cannot be searched, so no slow hash is needed.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.errors import BadConfig
from connector.moment import from_ms
from connector.store import clean
from connector.store.tables import ApiTokenRow
from connector.store.upsert import table

TOKEN = table("api_token")
SCOPES = ("import", "read", "metrics")
"""What a token may be for. import: to bring facts; read: results, proofs and plans; metrics: how the program runs."""
PREFIX = "kpi_"
"""So that people and secret scanners see what it is."""


def create(conn: Connection, token: str, *, name: str, scope: str, account: int | None, now: int) -> None:
    """Admit this token from now on. Raises BadConfig for a name that is taken and a scope that is none."""
    name = clean.text(name.strip(), clean.LONGEST_ID)
    if scope not in SCOPES:
        raise BadConfig([f"--scope: {scope!r} is none; there are: {', '.join(SCOPES)}"])
    if not name or named(conn, name) is not None:
        raise BadConfig([f"token: the name {name!r} is taken or empty; names stay taken when a token is revoked"])
    row = {"name": name, "hash": hashed(token), "scope": scope, "account": account, "created_at": now}
    conn.execute(TOKEN.insert().values(row))


def find(conn: Connection, token: str) -> ApiTokenRow | None:
    """The row of a token that is admitted; None for unknown and revoked ones."""
    query = sa.select(TOKEN).where(TOKEN.c.hash == hashed(token), TOKEN.c.revoked_at.is_(None))
    row = conn.execute(query).one_or_none()
    return None if row is None else ApiTokenRow(**row._mapping)


def named(conn: Connection, name: str) -> ApiTokenRow | None:
    """The row of that name, revoked or not."""
    row = conn.execute(sa.select(TOKEN).where(TOKEN.c.name == name)).one_or_none()
    return None if row is None else ApiTokenRow(**row._mapping)


def all(conn: Connection) -> list[ApiTokenRow]:
    """Every token that ever was, the oldest first."""
    return [ApiTokenRow(**row._mapping) for row in conn.execute(sa.select(TOKEN).order_by(TOKEN.c.id))]


def revoke(conn: Connection, name: str, *, now: int) -> None:
    """From now on it opens nothing. Raises BadConfig where there is none of that name, or it is revoked."""
    row = named(conn, name)
    if row is None:
        raise BadConfig([f"token: there is none called {name!r}; `kpi token list` names them"])
    if row.revoked_at is not None:
        raise BadConfig([f"token: {name!r} was revoked already on {from_ms(row.revoked_at):%Y-%m-%d}"])
    conn.execute(TOKEN.update().where(TOKEN.c.id == row.id).values(revoked_at=now))


def hashed(token: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
