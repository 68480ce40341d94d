"""What a look into the data's quality needs: a period's facts, records as they stand, what is planned, who shares what.

Each reads once and hands over plain values; what they mean is decided elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.fact import STANDS
from connector.moment import day_number
from connector.records import Client, Meeting, Record, Ref, Task
from connector.store.crm.records import RECORD
from connector.store.encoding import decode
from connector.store.facts import FACT, known_at
from connector.store.upsert import among

R = TypeVar("R", bound=Record)
_TOLD = (
    "key", "dossier", "kind", "at", "day", "user_id", "client", "deal_id", "lead_id", "call_id", "pipeline_id",
    "source", "amount", "number", "due_at", "confidence", "omitted", "note",
)  # fmt: skip
_LATER = tuple(name for name in ("other", "stage") if name in FACT.c)


def facts(
    conn: Connection, account: int, first: int, end: int, kinds: Collection[str] | None = None
) -> Sequence[sa.Row[Any]]:
    """Facts of the days [first, end) as known now, those that count nowhere included, in the order of time and key."""
    query = sa.select(*(FACT.c[name] for name in (*_TOLD, *_LATER))).where(
        FACT.c.account == account, FACT.c.day >= first, FACT.c.day < end, FACT.c.known_to.is_(None)
    )
    if kinds is not None:
        query = query.where(FACT.c.kind.in_(sorted(kinds)))
    return sorted(conn.execute(query).all(), key=lambda row: (row.at, row.key))


def standing(conn: Connection, account: int, kinds: Collection[str], as_of: int | None) -> Sequence[sa.Row[Any]]:
    """Facts of these kinds that stand, as known now or at a past moment, in the order of time and key."""
    query = sa.select(*(FACT.c[name] for name in (*_TOLD, *_LATER))).where(
        FACT.c.account == account, FACT.c.day == day_number(STANDS), FACT.c.kind.in_(sorted(kinds)), known_at(as_of)
    )
    return sorted(conn.execute(query).all(), key=lambda row: (row.at, row.key))


def live(conn: Connection, account: int, kind: type[R]) -> Iterator[R]:
    """Every record of the kind that is not gone, in no order, streamed."""
    for _, record in housed(conn, account, kind):
        yield record


def housed(conn: Connection, account: int, kind: type[R]) -> Iterator[tuple[Ref, R]]:
    """The same, each with its dossier."""
    query = sa.select(RECORD.c.dossier, RECORD.c.body).where(
        RECORD.c.account == account, RECORD.c.kind == kind.kind, RECORD.c.gone_at.is_(None)
    )
    for dossier, body in conn.execute(query.execution_options(yield_per=5000)):
        yield dossier, decode(kind.kind, body)


def since(conn: Connection, account: int, kind: type[R], first: int) -> Iterator[R]:
    """Records of a kind stated at or after a moment (epoch ms), or at none: what happened later was stated later."""
    query = sa.select(RECORD.c.body).where(
        RECORD.c.account == account,
        RECORD.c.kind == kind.kind,
        sa.or_(RECORD.c.updated_at.is_(None), RECORD.c.updated_at >= first),
    )
    for body in conn.execute(query.execution_options(yield_per=5000)).scalars():
        yield decode(kind.kind, body)


def planned(conn: Connection, account: int, now: datetime) -> set[Ref]:
    """What has a next step: refs on which an open task or meeting of people hangs that is not overdue (rule C13)."""
    refs: set[Ref] = set()
    kinds: tuple[type[Task] | type[Meeting], ...] = (Task, Meeting)
    for kind in kinds:
        for one in live(conn, account, kind):
            ours = isinstance(one, Task) and one.ours
            if one.done_at is None and not ours and (one.due_at is None or one.due_at > now):
                refs.update(one.on)
    return refs


def shared_phones(conn: Connection, account: int) -> tuple[list[list[Ref]], int]:
    """Dossiers of clients that share a phone, in groups joined by it, and how many clients there are.

    A company and its own contacts are one dossier and share what they like.
    """
    holders: dict[str, set[Ref]] = defaultdict(set)
    dossiers: set[Ref] = set()
    for dossier, client in housed(conn, account, Client):
        dossiers.add(dossier)
        for phone in client.phones:
            holders[phone].add(dossier)
    return _joined(some for some in holders.values() if len(some) > 1), len(dossiers)


def _joined(sets: Iterable[set[Ref]]) -> list[list[Ref]]:
    """Sets that overlap as one, each in order: whoever shares a phone with a group's member belongs to it."""
    home: dict[Ref, set[Ref]] = {}
    for some in sets:
        whole = set(some).union(*(home[ref] for ref in some if ref in home))
        home |= dict.fromkeys(whole, whole)
    return sorted(sorted(group) for group in {id(group): group for group in home.values()}.values())


def first_wins(conn: Connection, account: int, clients: Collection[Ref]) -> dict[Ref, int]:
    """When each of these clients bought first, as known now, epoch ms."""
    query = (
        sa.select(FACT.c.client, sa.func.min(FACT.c.at))
        .where(FACT.c.account == account, FACT.c.kind == "win", FACT.c.known_to.is_(None), FACT.c.omitted.is_(None))
        .where(among(conn, FACT.c.dossier, clients), FACT.c.client.is_not(None))
        .group_by(FACT.c.client)
    )
    return {client: at for client, at in conn.execute(query)}


def counts(conn: Connection, account: int) -> dict[str, int]:
    """How many records of each kind there are."""
    query = sa.select(RECORD.c.kind, sa.func.count()).where(RECORD.c.account == account, RECORD.c.gone_at.is_(None))
    return {kind: count for kind, count in conn.execute(query.group_by(RECORD.c.kind))}


def wins(conn: Connection, account: int, first: int, end: int, deals: Collection[str]) -> Sequence[sa.Row[Any]]:
    """The live facts of wins of these days, and those of these deals whatever their day; each deal once."""
    columns = [FACT.c[name] for name in _TOLD]
    ours = (FACT.c.account == account, FACT.c.kind == "win", FACT.c.known_to.is_(None))
    in_days = sa.select(*columns).where(*ours, FACT.c.day >= first, FACT.c.day < end)
    of_deals = sa.select(*columns).where(*ours, among(conn, FACT.c.deal_id, deals))
    found = {row.deal_id: row for query in (in_days, of_deals) for row in conn.execute(query)}
    return list(found.values())
