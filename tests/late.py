"""Plans as no door takes them: what a release before the guard, or a hand in the database, may have left behind."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from connector.result import Plan
from connector.store.agreed import plans


def slip_in(conn: Connection, account: int, plan: Plan, *, at: int) -> None:
    """The next version of a plan, whatever the guard would say of it (epoch ms)."""
    known = plans.versions(conn, account, plan.subject, plan.kpi, plan.period, pipeline=plan.pipeline)
    row = {name: getattr(plan, name) for name in ("subject", "kpi", "period", "pipeline", "author", "reason")}
    told = {"account": account, "version": len(known) + 1, "value": f"{plan.value:f}", "at": at}
    conn.execute(plans.PLAN.insert(), row | told)
