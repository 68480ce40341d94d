"""Memberships as spans, as they were known at a moment: what `memberships` observed, for whoever dates by team."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store.upsert import table

MEMBERSHIP = table("membership")
Stay = tuple[str, int, int | None]
"""A team, and from when until when (epoch ms, half-open; None: still) somebody was in it."""


def stays(conn: Connection, account: int, *, as_of: int | None = None) -> dict[str, list[Stay]]:
    """Every user's memberships in order of time; as of a past moment what began later is not there and nothing that
    ended later had ended.
    """
    columns = (MEMBERSHIP.c.user_id, MEMBERSHIP.c.team_id, MEMBERSHIP.c.since, MEMBERSHIP.c.until)
    found: dict[str, list[Stay]] = defaultdict(list)
    for user, team, since, until in conn.execute(sa.select(*columns).where(MEMBERSHIP.c.account == account)):
        if as_of is None or since <= as_of:
            still = until is None or (as_of is not None and until > as_of)
            found[user].append((team, since, None if still else until))
    return {user: sorted(several, key=lambda stay: (stay[1], stay[0])) for user, several in found.items()}
