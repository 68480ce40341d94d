"""Tasks that heads got earlier, and since when each is closed: as the CRM told us, or as we withdrew it ourselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.decoding import decoded
from connector.moment import from_ms
from connector.records import Done, Task
from connector.store.sent import ledger, outbox
from connector.store.upsert import chunks, table
from connector.wishes import AddTask, Raised

UNSEEN = timedelta(days=14)
"""A task that the CRM never shows us counts as closed so long after it was due, so as not to block for ever."""
_RECORD = table("record")


class Given(NamedTuple):
    """A task that was or may have been created, by which rule, and what the CRM tells of it.

    `closed_at`: when it was completed or deleted (`gone`), None as far as we were told it is open. `seen`: we read it.
    `withdrawn`: an undo completed it; the CRM need not have told us for it to be closed.
    """

    wish: AddTask
    rule: str
    subject: str
    kpi: str
    at: datetime
    crm_id: str | None
    closed_at: datetime | None
    gone: bool
    seen: bool
    withdrawn: bool = False


def given(conn: Connection, account: int) -> list[Given]:
    """Every one, the oldest first."""
    rows = [(row, row.wish) for row in outbox.tasks(conn, account) if isinstance(row.wish, AddTask)]
    ids = [row.crm_id for row, _ in rows if row.crm_id]
    seen, closed = _closings(conn, account, ids)
    withdrawn = ledger.withdrawn(conn, account, ids)
    found = []
    for row, wish in rows:
        id = row.crm_id or ""
        ended, gone = closed.get(id, (withdrawn.get(id), False))
        found.append(
            meant(wish, from_ms(row.sent_at or row.created_at))._replace(
                crm_id=row.crm_id,
                closed_at=from_ms(ended) if ended is not None else None,
                gone=gone,
                seen=id in seen,
                withdrawn=id in withdrawn,
            )
        )
    return sorted(found, key=lambda one: (one.at, one.wish.key))


def meant(wish: AddTask, at: datetime) -> Given:
    """A task as it is once it was created at that moment."""
    subject, _, kpi = outbox.subject_of(wish.key).removeprefix("task:").rpartition(":")
    rule = wish.key.rpartition("#")[2].partition("@")[0]
    return Given(wish, rule, subject, kpi, at, crm_id=None, closed_at=None, gone=False, seen=False)


def raised(conn: Connection, account: int) -> list[Raised]:
    """The same as the caps see it. `closed_at` may lie ahead: until then it counts as open."""
    return [
        Raised(
            subject=one.subject,
            kpi=one.kpi,
            head=one.wish.user_id,
            at=one.at,
            closed_at=one.closed_at if one.seen or one.closed_at else one.wish.due_at + UNSEEN,
            withdrawn=one.withdrawn,
        )
        for one in given(conn, account)
    ]


def _closings(conn: Connection, account: int, ids: Sequence[str]) -> tuple[set[str], dict[str, tuple[int, bool]]]:
    """Which of the tasks were ever read, and when those that are closed were: completed, told so, or deleted (True)."""
    seen: set[str] = set()
    closed: dict[str, tuple[int, bool]] = {}
    columns = _RECORD.c.kind, _RECORD.c.id, _RECORD.c.body, _RECORD.c.gone_at
    for part in chunks(ids):
        tasks = sa.and_(_RECORD.c.kind == Task.kind, _RECORD.c.id.in_(part))
        dones = sa.and_(_RECORD.c.kind == Done.kind, _RECORD.c.link.in_([f"{Task.kind}:{id}" for id in part]))
        for row in conn.execute(sa.select(*columns).where(_RECORD.c.account == account, sa.or_(tasks, dones))):
            task, ended, gone = _ended(row.kind, row.id, row.body, row.gone_at)
            seen.add(task)
            if ended is not None:
                closed[task] = min((ended, gone), closed.get(task, (ended, gone)))
    return seen, closed


def _ended(kind: str, id: str, body: str, gone_at: int | None) -> tuple[str, int | None, bool]:
    if kind == Done.kind:
        done = decoded(body, Done)
        return done.of.partition(":")[2], _ms(done.at.timestamp()), False
    task = decoded(body, Task)
    if task.done_at is None:
        return id, gone_at, gone_at is not None
    return id, _ms(task.done_at.timestamp()), False


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
