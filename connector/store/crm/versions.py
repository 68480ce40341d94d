"""People and teams as they were called and stood at a past moment. CRMs tell only the present, so each version is kept.

A report of a past moment needs them: a name, a team or a leaver of today must not change what was told then.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.moment import to_ms
from connector.records import Record, User
from connector.store.crm import removals
from connector.store.encoding import Row, decode
from connector.store.upsert import insert_on, many, table

R = TypeVar("R", bound=Record)
VERSION = table("version")
Off = tuple[int, int | None]
"""From when until when (epoch ms, half-open, None: still) somebody was switched off."""
DATED = ("user", "team")
"""Kinds of which every version is kept: few and seldom changed."""


def keep(conn: Connection, account: int, changed: Iterable[Row]) -> None:
    """The versions among these new and changed rows of a page; two of one moment are one, the later."""
    many(conn, _insert, [(account, row.kind, row.id, row.changed_at, row.body) for row in changed if row.kind in DATED])


def directory(conn: Connection, account: int, kind: type[R], as_of: int) -> dict[str, R]:
    """Every record of a kind by id as it was known at a moment; who was not known then is not in it."""
    bodies = {id: body for id, _, body in _versions(conn, account, kind, as_of)}
    return {id: decode(kind.kind, body) for id, body in bodies.items()}


def standing(conn: Connection, account: int, kind: type[R], moment: int, as_of: int | None = None) -> dict[str, R]:
    """Every record of a kind by id as it was at a moment, of what was first seen later the first version of all.

    `as_of` (epoch ms): from the versions known then.
    """
    bodies: dict[str, str] = {}
    for id, since, body in _versions(conn, account, kind, as_of):
        if since <= moment or id not in bodies:
            bodies[id] = body
    return {id: decode(kind.kind, body) for id, body in bodies.items()}


def switched_off(conn: Connection, account: int, as_of: int | None = None) -> dict[str, list[Off]]:
    """When users were not active, in order of time; not of those who were never seen to be, nobody knows since when.

    Whom the CRM has no more is off from then on. `as_of` (epoch ms): as it was known then.
    """
    found: dict[str, list[Off]] = {}
    for id, since, active in switches(conn, account, as_of):
        some = found.get(id)
        if active:
            found[id] = some = some or []
            if some and some[-1][1] is None:
                some[-1] = (some[-1][0], since)
        elif some is not None and (not some or some[-1][1] is not None):
            some.append((since, None))
    return {id: some for id, some in found.items() if some}


def switches(conn: Connection, account: int, as_of: int | None) -> list[tuple[str, int, bool]]:
    """Id, since when, and whether active, of every word about a user, by id and time."""
    told = [(id, since, decode(User.kind, body).active) for id, since, body in _versions(conn, account, User, as_of)]
    return sorted([*told, *_removed(conn, account, {id for id, _, _ in told}, as_of)])


def _versions(conn: Connection, account: int, kind: type[Record], as_of: int | None) -> list[tuple[str, int, str]]:
    """Id, since when and body of each version known at a moment (None: now), by id and time."""
    ours = (VERSION.c.account == account, VERSION.c.kind == kind.kind)
    query = sa.select(VERSION.c.id, VERSION.c.since, VERSION.c.body).where(*ours)
    if as_of is not None:
        query = query.where(VERSION.c.since <= as_of)
    return sorted((id, since, body) for id, since, body in conn.execute(query))


def _removed(conn: Connection, account: int, users: set[str], as_of: int | None) -> list[tuple[str, int, bool]]:
    """When users were found to be gone, or there after all."""
    told = removals.of(conn, account, [f"{User.kind}:{id}" for id in sorted(users)]) if users else []
    dated = [(one.of.partition(":")[2], to_ms(one.at), one.what == "restored") for one in told]
    return [one for one in dated if as_of is None or one[1] <= as_of]


def seen_before(conn: Connection, account: int, kind: type[Record], moment: int) -> set[str]:
    """Ids of those that were known already before a moment."""
    ours = (VERSION.c.account == account, VERSION.c.kind == kind.kind, VERSION.c.since < moment)
    return set(conn.execute(sa.select(VERSION.c.id).where(*ours).distinct()).scalars())


def _insert(dialect: str) -> Any:
    statement = insert_on(dialect, VERSION, ("account", "kind", "id", "since", "body"))
    keys = ["account", "kind", "id", "since"]
    return statement.on_conflict_do_update(index_elements=keys, set_={"body": statement.excluded.body})
