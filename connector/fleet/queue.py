"""Procrastinate's tables, as far as we write them ourselves: jobs put in sets, and those that dead workers left behind.

Jobs are put in the transaction that moves the moment at which their turns are due next, so none is lost or put twice.
A job holds its account's lock while it runs (`lock`), and one of each sort may wait (`queueing_lock`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.engine import Connection

TASK = "kpi.turn"
STALLED = 30.0
"""Seconds without a heartbeat (three are due in it) after which a worker counts as dead: half of a lease."""
DEADLY = 3
"""A job whose workers died so often is not given to another one."""

_META = sa.MetaData()
_STATUS = sa.Enum("todo", "doing", "failed", name="procrastinate_job_status", create_type=False)
JOBS = sa.Table(
    "procrastinate_jobs",
    _META,
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("queue_name", sa.String),
    sa.Column("task_name", sa.String),
    sa.Column("priority", sa.Integer),
    sa.Column("lock", sa.Text),
    sa.Column("queueing_lock", sa.Text),
    sa.Column("args", JSONB),
    sa.Column("status", _STATUS),
    sa.Column("scheduled_at", sa.DateTime(timezone=True)),
    sa.Column("attempts", sa.Integer),
    sa.Column("worker_id", sa.BigInteger),
)
WORKERS = sa.Table(
    "procrastinate_workers",
    _META,
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("last_heartbeat", sa.DateTime(timezone=True)),
)


class Job(NamedTuple):
    """One turn of one account, in a lane; a higher urgency is taken first."""

    account: int
    what: str
    lane: str
    urgency: int


class Left(NamedTuple):
    """A job whose worker is dead, and what became of it: back, dropped for one that waits already, or deadly."""

    account: int
    what: str
    fate: str


def put(conn: Connection, jobs: Sequence[Job]) -> None:
    """Those of which none waits yet; the others are what waits already."""
    rows = [
        {
            "queue_name": job.lane, "task_name": TASK, "priority": job.urgency, "lock": f"kpi:{job.account}",
            "queueing_lock": f"kpi:{job.account}:{job.what}", "args": {"account": job.account, "what": job.what},
        }
        for job in jobs
    ]  # fmt: skip
    if rows:
        conn.execute(insert(JOBS).on_conflict_do_nothing(), rows)


def rescue(conn: Connection, stalled: float = STALLED) -> list[Left]:
    """Free what dead workers hold, or their accounts would stand still for ever.

    Procrastinate's own recipe puts the job back, which a job of the same account that waits already forbids
    (UniqueViolation, at every attempt): then the dead one's job goes, and the waiting one does its work.
    """
    return [_freed(conn, job) for job in conn.execute(_left_behind(stalled)).all()]


def _left_behind(stalled: float) -> sa.Select[tuple[int, str, dict[str, int | str], int]]:
    """Running jobs of workers that are gone or silent; another rescuer's are left to him."""
    silent = WORKERS.c.last_heartbeat < sa.func.now() - sa.func.make_interval(0, 0, 0, 0, 0, 0, stalled)
    orphaned = sa.or_(JOBS.c.worker_id.is_(None), silent)
    return (
        sa.select(JOBS.c.id, JOBS.c.queueing_lock, JOBS.c.args, JOBS.c.attempts)
        .select_from(JOBS.outerjoin(WORKERS, WORKERS.c.id == JOBS.c.worker_id))
        .where(JOBS.c.status == "doing", JOBS.c.task_name == TASK, orphaned)
        .with_for_update(of=JOBS, skip_locked=True)
    )


def _freed(conn: Connection, job: sa.Row[tuple[int, str, dict[str, int | str], int]]) -> Left:
    account, what = int(job.args["account"]), str(job.args["what"])
    died = job.attempts + 1
    mine, waits = JOBS.c.id == job.id, sa.and_(JOBS.c.queueing_lock == job.queueing_lock, JOBS.c.status == "todo")
    if died >= DEADLY:
        conn.execute(JOBS.delete().where(mine | waits))
        return Left(account, what, "deadly")
    heir = JOBS.update().where(waits).values(attempts=sa.func.greatest(JOBS.c.attempts, died))
    if conn.execute(heir).rowcount:  # the deaths go on with the one that waits
        conn.execute(JOBS.delete().where(mine))
        return Left(account, what, "dropped")
    conn.execute(JOBS.update().where(mine).values(status="todo", attempts=died, worker_id=None, scheduled_at=None))
    return Left(account, what, "back")
