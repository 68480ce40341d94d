"""Whose working time the facts were derived with: where somebody's changed, only his dossiers are derived anew."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store.facts import FACT
from connector.store.upsert import among, insert, table

CLOCK, DIRTY = table("clock"), table("dirty")


def adopt(conn: Connection, account: int, marks: Mapping[str, str]) -> frozenset[str]:
    """Note everybody's marks (those of people with the account's working time left out); returns who has another one.

    Dossiers with facts of theirs become dirty.
    """
    ours = CLOCK.c.account == account
    stored = {row.user_id: row.mark for row in conn.execute(sa.select(CLOCK.c.user_id, CLOCK.c.mark).where(ours))}
    told = {user: blake2b(mark.encode(), digest_size=12).hexdigest() for user, mark in marks.items()}
    other = frozenset(user for user in stored.keys() | told.keys() if stored.get(user) != told.get(user))
    if not other:
        return other
    conn.execute(CLOCK.delete().where(ours, among(conn, CLOCK.c.user_id, other)))
    rows = [{"account": account, "user_id": user, "mark": told[user]} for user in sorted(other & told.keys())]
    if rows:
        conn.execute(CLOCK.insert(), rows)
    theirs = sa.select(FACT.c.account, FACT.c.dossier).distinct()
    theirs = theirs.where(FACT.c.account == account, FACT.c.known_to.is_(None), among(conn, FACT.c.user_id, other))
    conn.execute(insert(conn, DIRTY).from_select(["account", "dossier"], theirs).on_conflict_do_nothing())
    return other
