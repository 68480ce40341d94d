"""What became of our tasks: one row for the answer, one for the effect. Rows are never changed."""

from __future__ import annotations

from typing import Any, Literal, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.decoding import decoded
from connector.store import clean
from connector.store.upsert import insert, table

FEEDBACK = table("feedback")
Step = Literal["reply", "effect"]
T = TypeVar("T", bound=msgspec.Struct)


def note(conn: Connection, account: int, task: str, step: Step, told: msgspec.Struct, *, now: int) -> bool:
    """Keep it; False where this step of the task was told before, which stays as it is."""
    row = {"account": account, "task": task, "step": step, "at": now}
    row |= {"body": clean.text(msgspec.json.encode(told).decode())}
    return bool(conn.execute(insert(conn, FEEDBACK).on_conflict_do_nothing(), row).rowcount)


def all(conn: Connection, account: int, step: Step, kind: type[T]) -> dict[str, tuple[int, T]]:
    """By task: when it was told (epoch ms), and what."""
    query = sa.select(FEEDBACK.c.task, FEEDBACK.c.at, FEEDBACK.c.body)
    rows: Any = conn.execute(query.where(FEEDBACK.c.account == account, FEEDBACK.c.step == step))
    return {task: (at, decoded(body, kind)) for task, at, body in rows}
