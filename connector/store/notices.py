"""What a person should know of an account, said once: the same code and subject again is only counted."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store import clean
from connector.store.tables import NoticeRow
from connector.store.upsert import insert, table

NOTICE = table("notice")


def add(conn: Connection, account: int, code: str, subject: str, text: str, *, now: int) -> bool:
    """True where it is news; else it is counted, and its text is the latest one."""
    key = {"account": account, "code": clean.text(code, 200), "subject": clean.text(subject, 200)}
    row = key | {"text": clean.text(text), "first_at": now, "last_at": now, "count": 1}
    ours = [NOTICE.c[name] == value for name, value in key.items()]
    news = conn.execute(sa.select(NOTICE.c.count).where(*ours)).first() is None
    statement = insert(conn, NOTICE)
    again = {"text": statement.excluded.text, "last_at": statement.excluded.last_at, "count": NOTICE.c.count + 1}
    conn.execute(statement.on_conflict_do_update(index_elements=list(key), set_=again), row)
    return news


def clear(conn: Connection, account: int, code: str, subject: str | None = None) -> int:
    """The cause is gone: forget it, of one subject or of all, so that it is said again should it come back."""
    ours = [NOTICE.c.account == account, NOTICE.c.code == code]
    if subject is not None:
        ours.append(NOTICE.c.subject == subject)
    return conn.execute(NOTICE.delete().where(*ours)).rowcount


def all(conn: Connection, account: int) -> list[NoticeRow]:
    """Every notice, the newest cause first."""
    order = (NOTICE.c.first_at.desc(), NOTICE.c.code, NOTICE.c.subject)
    found = conn.execute(sa.select(NOTICE).where(NOTICE.c.account == account).order_by(*order))
    return [NoticeRow(**row._mapping) for row in found]
