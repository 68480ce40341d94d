"""The history of runs: what each did, in counts, and how it ended. One without an end goes on, or was cut off."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store import clean
from connector.store.tables import RunRow
from connector.store.upsert import table

RUN, ACCOUNT = table("run"), table("account")
CUT_OFF = "the process was ended in the middle of it"


def start(conn: Connection, account: int, what: str, *, now: int) -> int:
    """The run's number; `what` is sync, sweep, derive, push or undo."""
    zeros = {"requests": 0, "rows": 0, "changed": 0, "writes": 0}
    row = {"account": account, "what": what, "started_at": now} | zeros
    return int(conn.execute(RUN.insert().returning(RUN.c.id), row).scalar_one())


def highest(conn: Connection) -> int:
    """The highest number that was given to a run of any account; 0 before the first."""
    return int(conn.execute(sa.select(sa.func.coalesce(sa.func.max(RUN.c.id), 0))).scalar_one())


def began(conn: Connection, account: int, run: int) -> bool:
    """Whether this account has a run of that number."""
    return conn.execute(sa.select(RUN.c.id).where(RUN.c.account == account, RUN.c.id == run)).first() is not None


def restored(conn: Connection, given: int, *, now: int) -> int:
    """That a backup took the database's place: a run of each account, numbered above all that were `given` before.

    The next ones follow: a number that somebody noted for an undo never means another run. Returns how many it noted:
    without any account none, and then they do not follow.
    """
    taken = max(given, highest(conn))
    counts = {"requests": 0, "rows": 0, "changed": 0, "writes": 0}
    known = conn.execute(sa.select(ACCOUNT.c.id).order_by(ACCOUNT.c.id)).scalars().all()
    for number, account in enumerate(known, taken + 1):
        row = {"id": number, "account": account, "what": "restore", "started_at": now, "ended_at": now} | counts
        conn.execute(RUN.insert(), row)
    return len(known)


def cut_off(conn: Connection, account: int, *, now: int) -> None:
    """Of what needs the account for itself nothing goes on: whoever holds it now tells the end of who held it before.

    Letters need nothing of the CRM and are sent whoever holds it.
    """
    open_ones = (RUN.c.account == account, RUN.c.ended_at.is_(None), RUN.c.what.not_like("digest %"))
    conn.execute(RUN.update().where(*open_ones).values(ended_at=now, error=CUT_OFF))


def end(conn: Connection, run: int, *, now: int, error: str | None = None, **counts: int) -> None:
    """How it ended; `counts` are of requests, rows, changed, writes."""
    said = None if error is None else clean.text(error)
    conn.execute(RUN.update().where(RUN.c.id == run).values(ended_at=now, error=said, **counts))


def latest(conn: Connection, account: int, what: str | None = None) -> RunRow | None:
    """The last run that was started, of any sort or of one."""
    found = recent(conn, account, 1, what)
    return found[0] if found else None


def first_ended(conn: Connection, account: int, what: str) -> int | None:
    """When the first run of a sort was over that ended well (epoch ms): the first by number, as clocks are set back."""
    ours = (RUN.c.account == account, RUN.c.what == what, RUN.c.ended_at.is_not(None), RUN.c.error.is_(None))
    first = conn.execute(sa.select(RUN.c.ended_at).where(*ours).order_by(RUN.c.id).limit(1)).scalar()
    return None if first is None else int(first)


def recent(conn: Connection, account: int, limit: int, what: str | None = None) -> list[RunRow]:
    """The last runs, the newest first: by number, as clocks are set back and two may begin at one moment."""
    query = sa.select(RUN).where(RUN.c.account == account).order_by(RUN.c.id.desc())
    if what is not None:
        query = query.where(RUN.c.what == what)
    return [RunRow(**row._mapping) for row in conn.execute(query.limit(limit))]
