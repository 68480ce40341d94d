"""The results of the last run, for pages and write-back; computed from facts, never a source of anything."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.decoding import decoded
from connector.errors import StoreTrouble
from connector.result import Result
from connector.store.upsert import put, table

RESULT = table("result")


def save(conn: Connection, account: int, results: Sequence[Result], *, now: int) -> None:
    """Replace what was stored of the periods these are of: a subject that fell out falls out here too."""
    periods = sorted({result.period for result in results})
    conn.execute(RESULT.delete().where(RESULT.c.account == account, RESULT.c.period.in_(periods)))
    rows = {
        (result.subject, result.period, result.kpi): {
            "account": account,
            "subject": result.subject,
            "period": result.period,
            "kpi": result.kpi,
            "body": msgspec.json.encode(result).decode(),
            "computed_at": now,
        }
        for result in results
    }
    put(conn, RESULT, list(rows.values()))


def load(conn: Connection, account: int, period: str) -> list[Result]:
    """Those of a period, by subject and KPI. Raises StoreTrouble where another version wrote them."""
    ours = (RESULT.c.account == account, RESULT.c.period == period)
    bodies = conn.execute(sa.select(RESULT.c.body).where(*ours)).scalars()
    try:
        found = [decoded(body, Result) for body in bodies]
    except msgspec.MsgspecError as error:
        raise StoreTrouble(f"a stored result cannot be read ({error})", todo="compute the results anew") from error
    return sorted(found, key=lambda result: (result.subject, result.kpi))


def computed_at(conn: Connection, account: int, period: str) -> int | None:
    """When the period's results were computed, None where they never were."""
    ours = (RESULT.c.account == account, RESULT.c.period == period)
    at: int | None = conn.execute(sa.select(sa.func.max(RESULT.c.computed_at)).where(*ours)).scalar()
    return at
