"""Dossiers: which are dirty, and all that is stored of each, for `derive`.

A dirty dossier is taken, loaded, derived and cleared in one write transaction, so that a page saved meanwhile either
comes before it or makes it dirty again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.contest.values import Ruling
from connector.fact import Dossier
from connector.moment import from_ms
from connector.records import Record, Ref
from connector.store.agreed import contests
from connector.store.crm import removals
from connector.store.encoding import Key, decode, refs
from connector.store.upsert import among, insert, insert_on, many, table

RECORD, DIRTY, FACT = table("record"), table("dirty"), table("fact")
_SHELF = {
    "client": "clients", "lead": "leads", "deal": "deals", "move": "moves", "owner": "owners", "price": "prices",
    "call": "calls", "message": "messages", "meeting": "meetings", "task": "tasks", "done": "dones",
    "deadline": "deadlines", "filling": "fillings", "external": "externals",
}  # fmt: skip
"""The field of Dossier that holds each kind."""
_WATCHED = frozenset({"deal", "lead", "meeting", "task"})
"""Kinds of which it matters since when we have seen them."""


def soil(conn: Connection, account: int, keys: Iterable[Ref]) -> None:
    """These are to be derived again."""
    many(conn, _soil_one, [(account, key) for key in sorted(keys)])


def _soil_one(dialect: str) -> Any:
    return insert_on(dialect, DIRTY, ("account", "dossier")).on_conflict_do_nothing()


def soil_all(conn: Connection, account: int) -> None:
    """All are: the rules changed."""
    every = sa.select(RECORD.c.account, RECORD.c.dossier).distinct()
    every = every.where(RECORD.c.account == account, RECORD.c.dossier.is_not(None))
    conn.execute(insert(conn, DIRTY).from_select(["account", "dossier"], every).on_conflict_do_nothing())


def soil_foreign(conn: Connection, account: int, since: Mapping[str, int]) -> None:
    """Those are to whose facts rates speak that became known: `since` tells of each currency the first day (yyyymmdd).

    A rate holds from its day on, so older facts keep theirs; what was told in no such currency is left alone. A dossier
    without facts was never derived and is dirty anyway.
    """
    for currency, day in sorted(since.items()):
        told = RECORD.c.body.like(f'%"{currency}"%') | RECORD.c.body.like(
            f"%|{currency}%"
        )  # "100|USD" stands in fields
        theirs = sa.exists().where(
            RECORD.c.account == FACT.c.account,
            RECORD.c.dossier == FACT.c.dossier,
            RECORD.c.kind.in_(("deal", "price", "external")),
            told,
        )
        foreign = sa.select(FACT.c.account, FACT.c.dossier).distinct()
        foreign = foreign.where(FACT.c.account == account, FACT.c.day >= day, FACT.c.known_to.is_(None), theirs)
        conn.execute(insert(conn, DIRTY).from_select(["account", "dossier"], foreign).on_conflict_do_nothing())


def take_dirty(conn: Connection, account: int, limit: int) -> list[Ref]:
    """Some dirty dossiers, at most `limit`; they stay dirty until cleared."""
    ours = sa.select(DIRTY.c.dossier).where(DIRTY.c.account == account).order_by(DIRTY.c.dossier).limit(limit)
    return list(conn.execute(ours).scalars())


def more_dirty_than(conn: Connection, account: int, limit: int) -> bool:
    """Whether more dossiers than that are to be derived."""
    beyond = sa.select(DIRTY.c.dossier).where(DIRTY.c.account == account).offset(limit).limit(1)
    return conn.execute(beyond).one_or_none() is not None


def clear_dirty(conn: Connection, account: int, keys: Collection[Ref]) -> None:
    """Their facts are up to date."""
    conn.execute(DIRTY.delete().where(DIRTY.c.account == account, among(conn, DIRTY.c.dossier, keys)))


def load(conn: Connection, account: int, keys: Sequence[Ref]) -> list[Dossier]:
    """All that is stored of each, in the order of `keys`; an empty dossier where nothing is (any more)."""
    rows: dict[Ref, list[Any]] = defaultdict(list)
    picked = (RECORD.c.dossier, RECORD.c.kind, RECORD.c.id, RECORD.c.body, RECORD.c.first_seen, RECORD.c.gone_at)
    query = sa.select(*picked).where(RECORD.c.account == account, among(conn, RECORD.c.dossier, keys))
    for row in conn.execute(query):
        rows[row.dossier].append(row)
    told = contests.in_force(conn, account)
    return [_bind(key, sorted(rows[key], key=lambda row: (row.kind, row.id)), told) for key in keys]


def _bind(key: Ref, rows: Sequence[Any], told: Mapping[Key, Sequence[Ruling]]) -> Dossier:
    """The rows of one dossier, ordered by kind and id, as values; `told`: rulings by the record that they are about."""
    records: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        records[row.kind].append(decode(row.kind, row.body))
    gone = {refs(row.kind, row.id)[0]: from_ms(row.gone_at) for row in rows if row.gone_at is not None}
    since = {f"{row.kind}:{row.id}": from_ms(row.first_seen) for row in rows if row.kind in _WATCHED}
    ends = removals.last(records.pop("removal", []))  # type: ignore[arg-type]
    merged = {ref: end.into for ref, end in ends.items() if end.what == "merged" and end.into and ref in gone}
    shelves: dict[str, Any] = {_SHELF[kind]: tuple(several) for kind, several in records.items() if kind in _SHELF}
    rulings = tuple(ruling for row in rows for ruling in told.get((row.kind, row.id), ())) if told else ()
    return Dossier(key=key, rulings=rulings, gone=gone, merged=merged, since=since, **shelves)
