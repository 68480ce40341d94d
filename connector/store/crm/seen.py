"""Who joined after the account was first read: the CRM tells no day of hiring, but we saw him come."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.records import User
from connector.store.crm.records import RECORD

A_DAY = 86_400_000


def newcomers(conn: Connection, account: int) -> dict[str, int]:
    """By user, when he was first seen (epoch ms): of those who came more than a day after the first of all."""
    ours = (RECORD.c.account == account, RECORD.c.kind == User.kind)
    first = conn.execute(sa.select(sa.func.min(RECORD.c.first_seen)).where(*ours)).scalar()
    if first is None:
        return {}
    rows = conn.execute(sa.select(RECORD.c.id, RECORD.c.first_seen).where(*ours, RECORD.c.first_seen > first + A_DAY))
    return {id: at for id, at in rows}
