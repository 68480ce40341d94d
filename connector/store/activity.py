"""What people did day by day: calls and meetings, counted where facts lie."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store.facts import FACT

CALLS = ("call_out", "call_in")
MEETINGS = ("meeting",)


def by_day(
    conn: Connection, account: int, kinds: Collection[str], first_day: int, last_day: int
) -> Mapping[str, Mapping[int, int]]:
    """By user and day (yyyymmdd): how many facts of these kinds count, on the days [first, last), as known now."""
    query = (
        sa.select(FACT.c.user_id, FACT.c.day, sa.func.count())
        .where(FACT.c.account == account, FACT.c.kind.in_(sorted(kinds)))
        .where(FACT.c.day >= first_day, FACT.c.day < last_day, FACT.c.user_id.is_not(None))
        .where(FACT.c.known_to.is_(None), FACT.c.omitted.is_(None))
        .group_by(FACT.c.user_id, FACT.c.day)
    )
    found: dict[str, dict[int, int]] = {}
    for user, day, count in conn.execute(query):
        found.setdefault(user, {})[int(day)] = int(count)
    return found
