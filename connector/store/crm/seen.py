"""When an account was first read, and who joined after that: the CRM tells no day of hiring, but we saw him come."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.records import User
from connector.store.crm.records import RECORD

A_DAY = 86_400_000


def first_read(conn: Connection, account: int) -> int | None:
    """When the first people of the account became known (epoch ms): no number is older than that. None: never yet."""
    ours = (RECORD.c.account == account, RECORD.c.kind == User.kind)
    first = conn.execute(sa.select(sa.func.min(RECORD.c.first_seen)).where(*ours)).scalar()
    return None if first is None else int(first)


def newcomers(conn: Connection, account: int) -> dict[str, int]:
    """By user, when he was first seen (epoch ms): of those who came more than a day after the first of all."""
    first = first_read(conn, account)
    if first is None:
        return {}
    ours = (RECORD.c.account == account, RECORD.c.kind == User.kind)
    rows = conn.execute(sa.select(RECORD.c.id, RECORD.c.first_seen).where(*ours, RECORD.c.first_seen > first + A_DAY))
    return {id: at for id, at in rows}
