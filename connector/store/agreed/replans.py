"""Proposed corrections of plans, and what was decided over each, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.moment import from_ms
from connector.store import clean
from connector.store.upsert import table

ROW = table("plan_correction")
State = Literal["proposed", "approved", "declined", "overtaken"]


class Kept(NamedTuple):
    """A proposal as it is kept: `body` is its JSON. `by`, `reason`, `decided_at`: the decision, where there is one."""

    id: int
    subject: str
    kpi: str
    period: str
    body: str
    at: datetime
    state: State
    by: str | None
    reason: str
    decided_at: datetime | None

    @property
    def key(self) -> tuple[str, str, str]:
        """The plan it is about."""
        return self.subject, self.kpi, self.period


def add(conn: Connection, account: int, key: tuple[str, str, str], body: msgspec.Struct, *, now: int) -> int:
    """Keep a proposal; returns its number."""
    subject, kpi, period = key
    told = {"account": account, "subject": subject, "kpi": kpi, "period": period, "at": now, "state": "proposed"}
    told |= {"body": msgspec.json.encode(body).decode(), "reason": ""}
    return int(conn.execute(ROW.insert().values(told)).inserted_primary_key[0])  # type: ignore[index]  # it has one


def decide(conn: Connection, account: int, number: int, state: State, *, by: str | None, reason: str, now: int) -> None:
    """What waited is decided; what was decided stays as it is."""
    ours = (ROW.c.account == account, ROW.c.id == number, ROW.c.state == "proposed")
    told = {"state": state, "by": by, "reason": clean.text(reason), "decided_at": now}
    conn.execute(ROW.update().where(*ours).values(told))


def all(conn: Connection, account: int, *, period: str | None = None) -> list[Kept]:
    """Every proposal, the newest first."""
    query = sa.select(ROW).where(ROW.c.account == account).order_by(ROW.c.id.desc())
    if period is not None:
        query = query.where(ROW.c.period == period)
    return [_kept(row) for row in conn.execute(query)]


def _kept(row: Any) -> Kept:
    decided = None if row.decided_at is None else from_ms(row.decided_at)
    return Kept(
        row.id, row.subject, row.kpi, row.period, row.body, from_ms(row.at), row.state, row.by, row.reason, decided
    )
