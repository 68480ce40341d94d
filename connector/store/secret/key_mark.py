"""Whether the key at hand is the one that a database was begun with. Of the key only a mark lies there, a keyed hash.

Sealed tokens tell another key too, but most accounts have none (a long-lived token, an inbound webhook): there nobody
would notice that it was lost, while erased people come back and numbers of phones match nobody. The mark stands among
those of who was erased, made with the same key, under a number that no account has: databases of before have the table.
"""

from __future__ import annotations

import hashlib
import hmac

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.errors import WrongKey
from connector.store.secret.sealing import NEW_KEY, VARIABLE, unseal
from connector.store.upsert import table

_ERASED, _TOKEN = table("erased"), table("token")
_HOUSE = 0
"""The account's number under which the mark of the key stands."""


def mark_of(key: bytes) -> str:
    """Tells this key from every other one, and nothing of it."""
    return hmac.new(key, b"the key of this database", hashlib.sha256).hexdigest()[:32]


def begun(conn: Connection) -> bool:
    """Whether anything stored was made with a key: another one would be no use to this database."""
    made = (sa.select(one).limit(1) for one in (_ERASED.c.account, _TOKEN.c.account))
    return any(conn.execute(query).first() is not None for query in made)


def check(conn: Connection, key: bytes, *, where: str) -> bool:
    """Whether this is known to be the database's key; False: nobody noted one yet. Raises WrongKey."""
    held = conn.execute(sa.select(_ERASED.c.mark).where(_ERASED.c.account == _HOUSE)).scalar()
    if held not in (None, mark_of(key)):
        raise WrongKey(
            "this is the wrong key for this database: it was begun with another one",
            where=where,
            done="nothing was changed",
            todo=f"bring back the key it was made with ({VARIABLE}, store.key_file or kpi.key); if it is lost for "
            f"good, one command with {NEW_KEY}=1 goes on with this one: accounts connected by OAuth are then connected "
            "again, who was erased comes back with the next reading, and phones read before match nobody",
        )
    return held is not None


def hold(conn: Connection, key: bytes, *, where: str, now: int, anew: bool = False) -> None:
    """Note the key where none is noted; `anew`: instead of whichever is. Raises WrongKey."""
    if anew:
        conn.execute(_ERASED.delete().where(_ERASED.c.account == _HOUSE, _ERASED.c.mark != mark_of(key)))
    if check(conn, key, where=where):
        return
    if conn.dialect.name == "postgresql":  # two machines that begin with keys of their own: the second one sees it
        conn.execute(sa.text("lock table erased in share row exclusive mode"))
        if check(conn, key, where=where):
            return
    if not anew and (sealed := conn.execute(sa.select(_TOKEN.c.sealed).limit(1)).scalar()) is not None:
        unseal(key, sealed, where=where)  # a database of before: a wrong key must not be noted as the right one
    conn.execute(_ERASED.insert().values(account=_HOUSE, mark=mark_of(key), at=now))
