"""One short text for an account that changes with its numbers: pages that hold an older one are stale."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store.upsert import table

_BOOK, _RUN, _PLAN, _CLOSING = table("cell_book"), table("run"), table("plan"), table("closing")
_CONTEST, _VERDICT, _SWITCH = table("contest"), table("contest_verdict"), table("switch")


def pulse(conn: Connection, account: int) -> str:
    """Up to when facts are in numbers, the last run and its end, the newest plan, closing, contest, switch: in one."""
    last = sa.select(sa.func.max(_RUN.c.id)).where(_RUN.c.account == account).scalar_subquery()
    told = conn.execute(
        sa.select(
            _newest(_BOOK.c.moment, _BOOK.c.account == account),
            last,
            _newest(_RUN.c.ended_at, _RUN.c.id == last),
            _newest(_PLAN.c.at, _PLAN.c.account == account),
            _newest(_CLOSING.c.at, _CLOSING.c.account == account),
            _newest(_CONTEST.c.at, _CONTEST.c.account == account),
            _newest(_VERDICT.c.at, _VERDICT.c.account == account),
            _newest(_SWITCH.c.id, _SWITCH.c.account == account),
        )
    ).one()
    return "-".join("" if one is None else str(one) for one in told)


def _newest(column: sa.ColumnElement[int], where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.max(column)).where(where).scalar_subquery()
