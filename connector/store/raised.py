"""Tasks that heads got earlier, and since when each is closed, as far as the CRM has told us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.moment import from_ms
from connector.records import Done, Task
from connector.store import outbox
from connector.store.upsert import chunks, table
from connector.wishes import AddTask, Raised

UNSEEN = timedelta(days=14)
"""A task that the CRM never shows us counts as closed so long after it was due, so as not to block for ever."""
_RECORD = table("record")


def raised(conn: Connection, account: int) -> list[Raised]:
    """Every task that was or may have been created. `closed_at` may lie ahead: until then it counts as open."""
    rows = [(row, row.wish) for row in outbox.tasks(conn, account) if isinstance(row.wish, AddTask)]
    ids = [row.crm_id for row, _ in rows if row.crm_id]
    seen, closed = _closings(conn, account, ids)
    found = []
    for row, wish in rows:
        subject, _, kpi = outbox.subject_of(wish.key).removeprefix("task:").rpartition(":")
        ended = closed.get(row.crm_id or "")
        closed_at = from_ms(ended) if ended is not None else None
        if ended is None and row.crm_id not in seen:
            closed_at = wish.due_at + UNSEEN
        at = from_ms(row.sent_at or row.created_at)
        found.append(Raised(subject=subject, kpi=kpi, head=wish.user_id, at=at, closed_at=closed_at))
    return found


def _closings(conn: Connection, account: int, ids: Sequence[str]) -> tuple[set[str], dict[str, int]]:
    """Which of the tasks were ever read, and when those that are closed were: completed, told so, or deleted."""
    seen: set[str] = set()
    closed: dict[str, int] = {}
    columns = _RECORD.c.kind, _RECORD.c.id, _RECORD.c.body, _RECORD.c.gone_at
    for part in chunks(ids):
        tasks = sa.and_(_RECORD.c.kind == Task.kind, _RECORD.c.id.in_(part))
        dones = sa.and_(_RECORD.c.kind == Done.kind, _RECORD.c.link.in_([f"{Task.kind}:{id}" for id in part]))
        for row in conn.execute(sa.select(*columns).where(_RECORD.c.account == account, sa.or_(tasks, dones))):
            task, ended = _ended(row.kind, row.id, row.body, row.gone_at)
            seen.add(task)
            if ended is not None:
                closed[task] = min(ended, closed.get(task, ended))
    return seen, closed


def _ended(kind: str, id: str, body: str, gone_at: int | None) -> tuple[str, int | None]:
    if kind == Done.kind:
        done = msgspec.json.decode(body, type=Done)
        return done.of.partition(":")[2], _ms(done.at.timestamp())
    task = msgspec.json.decode(body, type=Task)
    ended = gone_at if task.done_at is None else _ms(task.done_at.timestamp())
    return id, ended


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
