"""How far wishes have come, for people: what an undo put back is told apart from what stands in the CRM."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store.sent import outbox
from connector.store.upsert import table

UNDO = "undo"
"""The level of what puts back; the key of such a wish names the run and the target: `undo:3:deal:7001#1a2b`."""
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
    """By level, how many writes of runs that were undone were put back."""
    back = sa.select(_OUTBOX.c.key).where(_OUTBOX.c.account == account, _OUTBOX.c.state == "done")
    told = [key.split(":", 2) for key in conn.execute(back.where(_OUTBOX.c.level == UNDO)).scalars()]
    gone = {(int(run), target.partition("#")[0]) for _, run, target in told}
    if not gone:
        return Counter()
    columns = _OUTBOX.c.level, _OUTBOX.c.run, _OUTBOX.c.key, _OUTBOX.c.crm_id
    sent = sa.select(*columns).where(_OUTBOX.c.account == account, _OUTBOX.c.state == "done", _OUTBOX.c.level != UNDO)
    rows = conn.execute(sent.where(_OUTBOX.c.run.in_({run for run, _ in gone})))
    return Counter(row.level for row in rows if (row.run, _target(row.key, row.crm_id)) in gone)


def _target(key: str, crm_id: str | None) -> str:
    """What a write changed: of a task that was made, the task by its id in the CRM."""
    target = key.partition("#")[0]
    return f"task:{crm_id}" if target.startswith("task:") and crm_id else target
