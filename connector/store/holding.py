"""What a backup holds, or the database that it would replace: whose accounts, until when, up to which run.

Read from the SQLite file itself, whatever it is called by now, whichever schema it has, and without making one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from connector.store.place import log_alone

ASIDE = "before-restore-*.db"
"""How `store.backup` calls what stood where a backup stands now."""
_ACCOUNTS = """
    select a.name, a.provider, a.host, max(coalesce(r.ended_at, r.started_at)), max(r.id), a.remote_id
    from account a left join run r on r.account = a.id group by a.id order by a.name
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """An account in a backup. `host`: where its CRM was; None before it was met. `last_run`: when (epoch ms) something
    was done on it last, and `number` of its last run; None where nothing was. `remote_id`: what its CRM calls itself.
    """

    name: str
    provider: str
    host: str | None
    last_run: int | None = None
    number: int | None = None
    remote_id: str | None = None


def accounts_in(conn: sqlite3.Connection) -> tuple[Kept, ...]:
    """All of them, by name."""
    return tuple(Kept(*row) for row in conn.execute(_ACCOUNTS))


def accounts_at(path: Path) -> tuple[Kept, ...]:
    """All of a database that others may work on; none where it is damaged or not there."""
    try:
        with closing(_opened(path)) as conn:
            return accounts_in(conn)
    except sqlite3.Error:
        return ()


def highest_run(path: Path) -> int | None:
    """The highest number that was given to a run in it; None where it is damaged or not there."""
    try:
        with closing(_opened(path)) as conn:
            return int(conn.execute("select coalesce(max(id), 0) from run").fetchone()[0])
    except sqlite3.Error:
        return None


def replaced(path: Path) -> Iterable[Path]:
    """What stood in this database's place before and was put aside by a restore."""
    return path.absolute().parent.glob(ASIDE)


def _opened(path: Path) -> sqlite3.Connection:
    if log_alone(path):
        raise sqlite3.OperationalError("its log stands alone, and looking would delete that")
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=15)
