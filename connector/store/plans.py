"""Plans and their versions: a change is a new one and nothing is overwritten, so past numbers stay explainable."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.moment import from_ms
from connector.result import Plan
from connector.store import clean
from connector.store.upsert import table

PLAN = table("plan")
Key = tuple[str, str, str]


def add(conn: Connection, account: int, plans: Sequence[Plan], *, now: int) -> int:
    """Store what is new of these; returns how many new versions that made.

    The same value again is no new version. What the configuration says is compared with what it said last: repeating
    it at every run does not undo what a person changed since.
    """
    latest = _latest(conn, account)
    added = 0
    for plan in plans:
        key = (plan.subject, plan.kpi, plan.period)
        versions = latest.setdefault(key, [])
        said = [row for row in versions if plan.author != "config" or row["author"] == "config"]
        if said and Decimal(said[-1]["value"]) == plan.value:
            continue
        row = _row(account, plan, versions[-1]["version"] + 1 if versions else 1, now)
        conn.execute(PLAN.insert(), row)
        versions.append(row)
        added += 1
    return added


def current(conn: Connection, account: int, period: str, *, as_of: int | None = None) -> dict[tuple[str, str], Plan]:
    """The plans in force for a period, now or at a past moment, by subject and KPI."""
    query = sa.select(PLAN).where(PLAN.c.account == account, PLAN.c.period == period).order_by(PLAN.c.version)
    if as_of is not None:
        query = query.where(PLAN.c.at <= as_of)
    return {(row.subject, row.kpi): _plan(row) for row in conn.execute(query)}


def versions(conn: Connection, account: int, subject: str, kpi: str, period: str) -> list[Plan]:
    """Every version of one plan, the oldest first."""
    ours = (PLAN.c.account == account, PLAN.c.subject == subject, PLAN.c.kpi == kpi, PLAN.c.period == period)
    return [_plan(row) for row in conn.execute(sa.select(PLAN).where(*ours).order_by(PLAN.c.version))]


def _latest(conn: Connection, account: int) -> dict[Key, list[dict[str, Any]]]:
    found: dict[Key, list[dict[str, Any]]] = {}
    for row in conn.execute(sa.select(PLAN).where(PLAN.c.account == account).order_by(PLAN.c.version)):
        found.setdefault((row.subject, row.kpi, row.period), []).append(dict(row._mapping))
    return found


def _row(account: int, plan: Plan, version: int, now: int) -> dict[str, Any]:
    return {
        "account": account,
        "subject": plan.subject,
        "kpi": plan.kpi,
        "period": plan.period,
        "version": version,
        "value": format(plan.value, "f"),
        "author": clean.text(plan.author, clean.LONGEST_ID),
        "reason": clean.text(plan.reason),
        "at": now,
    }


def _plan(row: Any) -> Plan:
    return Plan(
        subject=row.subject,
        kpi=row.kpi,
        period=row.period,
        value=Decimal(row.value),
        version=row.version,
        author=row.author,
        reason=row.reason,
        at=from_ms(row.at),
    )
