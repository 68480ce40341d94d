"""How people switched the levels of write-back: append-only, as who let us write into his CRM must stay known."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store import clean
from connector.store.tables import SwitchRow
from connector.store.upsert import table

SWITCH = table("switch")


def add(conn: Connection, account: int, row: SwitchRow) -> None:
    """One more switch; `row` says everything but the account."""
    told = {name: getattr(row, name) for name in ("level", "before", "setting", "configured", "at")}
    conn.execute(SWITCH.insert(), told | {"account": account, "author": clean.text(row.author, clean.LONGEST_ID)})


def newest(conn: Connection, account: int) -> dict[str, SwitchRow]:
    """The last one of each level."""
    last = sa.select(sa.func.max(SWITCH.c.id)).where(SWITCH.c.account == account).group_by(SWITCH.c.level)
    rows = conn.execute(sa.select(SWITCH).where(SWITCH.c.id.in_(last)))
    return {row.level: SwitchRow(**row._mapping) for row in rows}


def recent(conn: Connection, account: int, most: int) -> list[SwitchRow]:
    """The newest first."""
    query = sa.select(SWITCH).where(SWITCH.c.account == account).order_by(SWITCH.c.id.desc()).limit(most)
    return [SwitchRow(**row._mapping) for row in conn.execute(query)]
