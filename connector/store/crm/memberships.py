"""Who was in which team when. CRMs tell only the present, so this is kept from the first sync on.

Before that the first membership seen is taken to have held: a report of last month made on the first day has teams.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.records import User
from connector.store.crm import versions
from connector.store.upsert import put, table

MEMBERSHIP = table("membership")
ALWAYS = 0
"""The beginning of a membership that was there when the user was first seen."""


def observe(conn: Connection, account: int, users: Sequence[User], *, now: int) -> None:
    """From `now` on these users are in these teams and in no others; users that are not named are not judged."""
    rows = _all(conn, account)
    known = {row.user_id for row in rows} | versions.seen_before(conn, account, User, now)
    still = {(row.user_id, row.team_id) for row in rows if row.until is None}
    wanted = {(user.id, team) for user in users for team in user.team_ids}
    judged = {user.id for user in users}
    _end(conn, account, sorted(pair for pair in still - wanted if pair[0] in judged), now)
    begun = [
        {"account": account, "user_id": user, "team_id": team, "since": now if user in known else ALWAYS, "until": None}
        for user, team in sorted(wanted - still)
    ]
    put(conn, MEMBERSHIP, begun)


def teams_of(conn: Connection, account: int, at: int) -> dict[str, set[str]]:
    """The teams of each user at a moment; users in no team are left out."""
    teams: dict[str, set[str]] = defaultdict(set)
    for row in _all(conn, account):
        if row.since <= at and (row.until is None or at < row.until):
            teams[row.user_id].add(row.team_id)
    return dict(teams)


def _all(conn: Connection, account: int) -> Sequence[Any]:
    columns = (MEMBERSHIP.c.user_id, MEMBERSHIP.c.team_id, MEMBERSHIP.c.since, MEMBERSHIP.c.until)
    return conn.execute(sa.select(*columns).where(MEMBERSHIP.c.account == account)).all()


def _end(conn: Connection, account: int, pairs: Sequence[tuple[str, str]], now: int) -> None:
    for user, team in pairs:
        conn.execute(
            MEMBERSHIP.update()
            .where(
                MEMBERSHIP.c.account == account,
                MEMBERSHIP.c.user_id == user,
                MEMBERSHIP.c.team_id == team,
                MEMBERSHIP.c.until.is_(None),
            )
            .values(until=now)
        )
