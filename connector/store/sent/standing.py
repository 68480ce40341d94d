"""How far wishes have come, for people: what an undo put back is told apart from what stands in the CRM, also again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store.sent import outbox, undo_key
from connector.store.upsert import table

_OUTBOX = table("outbox")


def counts(conn: Connection, account: int) -> Mapping[tuple[str, str], int]:
    """By level and state, as `outbox.counts`; the state `undone` is of what was written and put back since."""
    found = Counter[tuple[str, str]]()
    for (level, state), count in outbox.counts(conn, account).items():
        found[level, state] = count
    for level, count in _undone(conn, account).items():
        found[level, "done"] -= count
        found[level, "undone"] += count
    return +found


def _undone(conn: Connection, account: int) -> Counter[str]:
    """By level, how many writes of runs that were undone were put back, those of undoing included."""
    columns = _OUTBOX.c.level, _OUTBOX.c.run, _OUTBOX.c.key, _OUTBOX.c.crm_id
    done = sa.select(*columns).where(_OUTBOX.c.account == account, _OUTBOX.c.state == "done")
    gone = set[tuple[int, str]]()
    for row in conn.execute(done.where(_OUTBOX.c.level == undo_key.UNDO).order_by(_OUTBOX.c.run.desc())):
        put_back = undo_key.read(row.key)
        if put_back and (row.run, put_back[1]) not in gone:  # an undo that was undone took nothing back
            gone.add(put_back)
    if not gone:
        return Counter()
    rows = conn.execute(done.where(_OUTBOX.c.run.in_({run for run, _ in gone})))
    return Counter(row.level for row in rows if (row.run, _target(row.key, row.crm_id)) in gone)


def _target(key: str, crm_id: str | None) -> str:
    """What a write changed: of a task that was made, the task by its id in the CRM."""
    if put_back := undo_key.read(key):
        return put_back[1]
    target = key.partition("#")[0]
    return f"task:{crm_id}" if target.startswith("task:") and crm_id else target
