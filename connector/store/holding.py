"""What a backup holds: whose accounts, and until when. Read from the file itself, whatever it is called by now."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

_ACCOUNTS = """
    select a.name, a.provider, a.host, max(coalesce(r.ended_at, r.started_at)), max(r.id)
    from account a left join run r on r.account = a.id group by a.id order by a.name
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """An account in a backup. `host`: where its CRM was; None before it was met. `last_run`: when (epoch ms) something
    was done on it last, and `number` of its last run; None where nothing was.
    """

    name: str
    provider: str
    host: str | None
    last_run: int | None = None
    number: int | None = None


def accounts_in(conn: sqlite3.Connection) -> tuple[Kept, ...]:
    """All of them, by name."""
    return tuple(Kept(*row) for row in conn.execute(_ACCOUNTS))
