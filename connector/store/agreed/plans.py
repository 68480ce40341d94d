"""Plans and their versions: a change is a new one and nothing is overwritten, so past numbers stay explainable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from connector.moment import from_ms, to_ms
from connector.result import Plan
from connector.store import clean
from connector.store.agreed import closings
from connector.store.agreed.plan_guard import NotTaken, Refusal, guard
from connector.store.upsert import among, table

PLAN = table("plan")
Key = tuple[str, str, str, str]


def add(conn: Connection, account: int, plans: Sequence[Plan], *, now: int) -> int:
    """Store what is new of these; returns how many new versions that made. The only door for a plan of any origin.

    `plan.author` and `plan.reason` are kept with the version; its `version` and `at` are given here: the moment is
    `now` (epoch ms), never one that a closing has seen, never before the version it follows.

    The same value again is no new version. What the configuration says is compared with what it said last: repeating
    it at every run does not undo what a person changed since.

    Raises NotTaken, and stores nothing, where `refusals` says something: one line a plan.
    """
    refused, wanted = _sifted(conn, account, plans, now=now)
    if refused:
        raise NotTaken(refused)
    at = max(now, closings.floor(conn, account))
    rows = [_row(account, plan, last, at) for plan, last in wanted]
    for row in rows:
        conn.execute(PLAN.insert(), row)
    return len(rows)


def refusals(conn: Connection, account: int, plans: Sequence[Plan], *, now: int) -> list[Refusal]:
    """What `add` would not take of these, in their order (see `plan_guard`): a plan of a period that is closed or whose
    days of grace are over; a changed value, or any plan of a period that has ended, without a reason. What changes
    nothing is never refused.
    """
    return _sifted(conn, account, plans, now=now)[0]


def current(conn: Connection, account: int, period: str, *, as_of: int | None = None) -> dict[tuple[str, str], Plan]:
    """The plans in force for a period, now or at a past moment, by subject and KPI; none of single pipelines."""
    return {(plan.subject, plan.kpi): plan for plan in agreed(conn, account, period, as_of=as_of) if not plan.pipeline}


def agreed(conn: Connection, account: int, period: str, *, as_of: int | None = None) -> list[Plan]:
    """The same in order of subject, KPI and pipeline, those of single pipelines included."""
    return [some[-1] for some in histories(conn, account, period, as_of=as_of).values()]


def histories(conn: Connection, account: int, period: str, *, as_of: int | None = None) -> Mapping[Key, list[Plan]]:
    """Every plan of a period with all its versions, the oldest first; as known at a past moment."""
    query = sa.select(PLAN).where(PLAN.c.account == account, PLAN.c.period == period)
    if as_of is not None:
        query = query.where(PLAN.c.at <= as_of)
    found = _grouped(conn, query)
    return {key: found[key] for key in sorted(found)}


def versions(conn: Connection, account: int, subject: str, kpi: str, period: str, *, pipeline: str = "") -> list[Plan]:
    """Every version of one plan, the oldest first."""
    return histories(conn, account, period).get((subject, kpi, period, pipeline), [])


def key_of(plan: Plan) -> Key:
    """What makes two of them versions of one plan."""
    return plan.subject, plan.kpi, plan.period, plan.pipeline


Wanted = list[tuple[Plan, Plan | None]]


def _sifted(conn: Connection, account: int, plans: Sequence[Plan], *, now: int) -> tuple[list[Refusal], Wanted]:
    """What is refused, and what makes a new version, each with the one it follows; what changes nothing is neither."""
    known = _known(conn, account, {plan.period for plan in plans})
    watch = cache(lambda: guard(conn, account, now))  # a calendar that most syncs have no use for
    refused: list[Refusal] = []
    wanted: Wanted = []
    for plan in plans:
        before = known.setdefault(key_of(plan), [])
        said = [one for one in before if plan.author != "config" or one.author == "config"]
        if said and said[-1].value == plan.value:
            continue
        on = watch()
        refusal = on.refusal(conn, account, plan, changes=bool(before)) if on else None
        if refusal is not None:
            refused.append(refusal)
            continue
        last = before[-1] if before else None
        wanted.append((plan, last))
        before.append(_following(plan, last))
    return refused, wanted


def _following(plan: Plan, last: Plan | None) -> Plan:
    version, at = (last.version + 1, last.at) if last else (1, None)
    return replace(plan, version=version, at=at)


def _known(conn: Connection, account: int, periods: set[str]) -> dict[Key, list[Plan]]:
    query = sa.select(PLAN).where(PLAN.c.account == account, among(conn, PLAN.c.period, sorted(periods)))
    return _grouped(conn, query)


def _grouped(conn: Connection, query: sa.Select[Any]) -> dict[Key, list[Plan]]:
    """Plans with their versions, the oldest first."""
    found: dict[Key, list[Plan]] = {}
    for row in conn.execute(query.order_by(PLAN.c.version)):
        found.setdefault(key_of(plan := _plan(row)), []).append(plan)
    return found


def _row(account: int, plan: Plan, last: Plan | None, at: int) -> dict[str, Any]:
    before = 0 if last is None or last.at is None else to_ms(last.at)
    return {
        "account": account,
        "subject": plan.subject,
        "kpi": plan.kpi,
        "period": plan.period,
        "pipeline": plan.pipeline,
        "version": last.version + 1 if last else 1,
        "value": format(plan.value, "f"),
        "author": clean.text(plan.author, clean.LONGEST_ID),
        "reason": clean.text(plan.reason),
        "at": max(at, before),
    }


def _plan(row: Any) -> Plan:
    return Plan(
        subject=row.subject,
        kpi=row.kpi,
        period=row.period,
        pipeline=row.pipeline,
        value=Decimal(row.value),
        version=row.version,
        author=row.author,
        reason=row.reason,
        at=from_ms(row.at),
    )
