"""Facts, append-only, in two times: when it happened, and from when until when we knew it.

What a dossier's derivation no longer yields gets `known_to`, what is new gets `known_from`; nothing else is touched.
So a number of any past moment can be had again: `known_from <= moment and (known_to is null or known_to > moment)`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.fact import Fact
from connector.moment import day_number, from_ms, to_ms
from connector.records import Ref
from connector.store import cells, clean
from connector.store.upsert import among, insert_on, many, table

FACT = table("fact")
_CONTENT = (
    "dossier", "key", "kind", "at", "day", "user_id", "client", "deal_id", "lead_id", "call_id", "pipeline_id",
    "source", "amount", "number", "other", "stage", "owner_now", "actor", "creator", "due_at", "confidence",
    "omitted", "note",
)  # fmt: skip
"""The columns that make a fact what it is; the rest say when we knew it."""
_COLUMNS = [FACT.c[name] for name in _CONTENT]
_KIND, _DAY, _USER = (_CONTENT.index(name) for name in ("kind", "day", "user_id"))
Content = tuple[Any, ...]


class Delta(NamedTuple):
    """How many facts began and how many ended to be known."""

    added: int
    ended: int


class Touched(NamedTuple):
    """Facts of this kind, day and person changed."""

    kind: str
    day: int
    user: str | None


def replace(
    conn: Connection,
    account: int,
    facts: Mapping[Ref, Sequence[Fact]],
    *,
    known_at: int,
    touched: set[Touched] | None = None,
) -> Delta:
    """From `known_at` on these are the facts of these dossiers, and no others. The same again changes nothing.

    Of two facts with one key in one dossier the last counts. `touched` gets what changed, for whoever keeps the cells
    up to date in the same transaction; without it they are forgotten.
    """
    wanted = {(dossier, fact.key): _content(dossier, fact) for dossier, several in facts.items() for fact in several}
    ended, kept = {}, set()
    for id, content in _live(conn, account, facts):
        if wanted.get(content[:2]) == content and content[:2] not in kept:
            kept.add(content[:2])
        else:
            ended[id] = content
    added = [content for key, content in wanted.items() if key not in kept]
    _end(conn, list(ended), known_at)
    many(conn, _insert, [(account, *content, known_at) for content in added])
    if touched is not None:
        touched.update(_touched(content) for some in (ended.values(), added) for content in some)
    elif ended or added:
        cells.forget(conn, account)
    return Delta(len(added), len(ended))


def read(conn: Connection, account: int, dossiers: Collection[Ref], *, as_of: int | None = None) -> list[Fact]:
    """The facts of these dossiers as known now or at a past moment, by dossier and key."""
    asked = (FACT.c.account == account, among(conn, FACT.c.dossier, dossiers), known_at(as_of))
    rows = [tuple(row) for row in conn.execute(sa.select(*_COLUMNS).where(*asked))]
    return [_fact(row) for row in sorted(rows, key=lambda row: row[:2])]


def first_day(conn: Connection, account: int) -> int | None:
    """The earliest day (20260930) of which any fact is known now; None where none is."""
    ours = (FACT.c.account == account, FACT.c.known_to.is_(None))
    return conn.execute(sa.select(sa.func.min(FACT.c.day)).where(*ours)).scalar()


def of_anybody(conn: Connection, account: int, user: str) -> bool:
    """Whether any fact was ever of this person (by id): of somebody who left before the first reading the CRM may tell
    nothing else.
    """
    whose = sa.or_(*(FACT.c[name] == user for name in ("user_id", "owner_now", "actor", "creator")))
    return conn.execute(sa.select(FACT.c.id).where(FACT.c.account == account, whose).limit(1)).first() is not None


def known_at(as_of: int | None) -> sa.ColumnElement[bool]:
    """The condition "known now", or "known at that moment"."""
    if as_of is None:
        return FACT.c.known_to.is_(None)
    return sa.and_(FACT.c.known_from <= as_of, sa.or_(FACT.c.known_to.is_(None), FACT.c.known_to > as_of))


def won_in_window() -> sa.ColumnElement[bool]:
    """Of a cohort's fact: what it waited for came before its window was over; later is another matter (K-15)."""
    return FACT.c.number * 1000 <= FACT.c.due_at - FACT.c.at


def moments(as_of: int | None) -> list[tuple[sa.ColumnElement[bool], ...]]:
    """The same condition in parts that exclude one another: what is still known, and what ended to be.

    Each has an index of its own, which the two joined by "or" could not use.
    """
    if as_of is None:
        return [(FACT.c.known_to.is_(None),)]
    began = FACT.c.known_from <= as_of
    return [(FACT.c.known_to.is_(None), began), (FACT.c.known_to.is_not(None), FACT.c.known_to > as_of, began)]


def _content(dossier: Ref, fact: Fact) -> Content:
    """The fact as its columns hold it; an amount that cannot be one is left out, and the note says so."""
    amount, note = clean.amount(fact.amount), fact.note
    if amount != fact.amount:
        note = "amount out of range"
    return (
        dossier,
        fact.key,
        fact.kind,
        to_ms(fact.at),
        day_number(fact.day),
        fact.user,
        fact.client,
        fact.deal,
        fact.lead,
        fact.call,
        fact.pipeline,
        fact.source,
        amount,
        clean.number(None if fact.number is None else float(fact.number)),
        clean.number(None if fact.other is None else float(fact.other)),
        fact.stage,
        fact.owner_now,
        fact.actor,
        fact.creator,
        None if fact.due_at is None else to_ms(fact.due_at),
        fact.confidence,
        fact.omitted,
        note,
    )


def sources(conn: Connection, account: int) -> frozenset[str] | None:
    """The sources that deals and enquiries have come from so far; None while there are none."""
    live = (FACT.c.account == account, FACT.c.known_to.is_(None), FACT.c.source.is_not(None))
    return frozenset(conn.execute(sa.select(FACT.c.source).where(*live).distinct()).scalars()) or None


def _touched(content: Content) -> Touched:
    return Touched(content[_KIND], content[_DAY], content[_USER])


def _fact(content: Content) -> Fact:
    (_, key, kind, at, day, user, client, deal, lead, call, pipeline,
     source, amount, number, other, stage, owner_now, actor, creator, due_at, confidence, omitted,
     note) = content  # fmt: skip
    return Fact(
        key=key, kind=kind, at=from_ms(at), day=date(day // 10000, day // 100 % 100, day % 100), user=user,
        client=client, deal=deal, lead=lead, call=call, pipeline=pipeline, source=source, amount=amount, number=number,
        other=other, stage=stage, owner_now=owner_now, actor=actor, creator=creator,
        due_at=None if due_at is None else from_ms(due_at), confidence=confidence, omitted=omitted, note=note,
    )  # fmt: skip


def _live(conn: Connection, account: int, dossiers: Collection[Ref]) -> Iterable[tuple[int, Content]]:
    live = (FACT.c.account == account, among(conn, FACT.c.dossier, dossiers), FACT.c.known_to.is_(None))
    for row in conn.execute(sa.select(FACT.c.id, *_COLUMNS).where(*live).order_by(FACT.c.id)):
        yield row[0], tuple(row[1:])


def _end(conn: Connection, ids: Sequence[int], known_to: int) -> None:
    if ids:
        conn.execute(FACT.update().where(among(conn, FACT.c.id, ids)).values(known_to=known_to))


def _insert(dialect: str) -> Any:
    return insert_on(dialect, FACT, ("account", *_CONTENT, "known_from"))
