"""Scores of calls: every one is kept; of each call one counts.

The rule: a person's word before a program's; of programs' the one written last; a call that nobody could score counts
nowhere. Its facts are told under terms (`told`): where these change they are told again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.records import What
from connector.store.tables import CallScoreRow
from connector.store.upsert import among, insert, table

SCORE = table("call_score")
PERSON = "person:"


class Quoted(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words of the call that an answer rests on: turn, from 0; its second."""

    turn: int
    quote: str
    at: float | None = None


class Answered(msgspec.Struct, frozen=True, omit_defaults=True):
    """One criterion; see connector/quality/score.py."""

    criterion: str
    answer: str
    counts: bool = True
    evidence: tuple[Quoted, ...] = ()
    sure: float | None = None
    why: str = ""


class Scored(NamedTuple):
    """A score. `at` in epoch milliseconds."""

    call: str
    checklist: str
    scorer: str
    found: tuple[Answered, ...]
    void: str = ""
    at: int = 0

    @property
    def by_person(self) -> bool:
        return self.scorer.startswith(PERSON)


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[Answered, ...]).decode


def keep(conn: Connection, account: int, some: Iterable[Scored], *, now: int) -> None:
    """Store these. The same scorer's newer word on a call by the same version takes the place of the older."""
    rows = [
        {
            "account": account, "call_id": one.call, "checklist": one.checklist, "scorer": one.scorer, "at": now,
            "void": one.void, "body": _encode(one.found).decode(), "told": "",
        }
        for one in some
    ]  # fmt: skip
    if rows:
        statement = insert(conn, SCORE)
        put = {name: statement.excluded[name] for name in ("at", "void", "body", "told")}
        keys = ["account", "call_id", "checklist", "scorer"]
        conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=put), rows)


def of_call(conn: Connection, account: int, call: str) -> list[Scored]:
    """Every score of a call, the one that counts first, then the latest."""
    found = _read(conn, SCORE.c.account == account, SCORE.c.call_id == call)
    return sorted(found, key=_rank, reverse=True)


def of_calls(conn: Connection, account: int, calls: Collection[str], *, as_of: int | None = None) -> dict[str, Scored]:
    """The score that counts of each of these calls that has one, by what was written until a moment (epoch ms)."""
    until = () if as_of is None else (SCORE.c.at <= as_of,)
    return counting(_read(conn, SCORE.c.account == account, among(conn, SCORE.c.call_id, calls), *until))


def counting(some: Iterable[Scored]) -> dict[str, Scored]:
    """Of each call the score that counts."""
    best: dict[str, Scored] = {}
    for one in some:
        if not one.void and (one.call not in best or _rank(one) > _rank(best[one.call])):
            best[one.call] = one
    return best


def untold(conn: Connection, account: int, terms: str, limit: int) -> list[str]:
    """Calls of which some score's facts were not told under these terms."""
    query = sa.select(SCORE.c.call_id).distinct().where(SCORE.c.account == account, SCORE.c.told != terms)
    return list(conn.execute(query.order_by(SCORE.c.call_id).limit(limit)).scalars())


def told(conn: Connection, account: int, calls: Collection[str], terms: str) -> None:
    """The facts of these calls are told under these terms."""
    ours = (SCORE.c.account == account, among(conn, SCORE.c.call_id, calls))
    conn.execute(SCORE.update().where(*ours).values(told=terms))


def rated_by_people(conn: Connection, account: int) -> list[Scored]:
    """Every score of calls that a person scored, programs' scores of these calls included."""
    people = sa.select(SCORE.c.call_id).where(SCORE.c.account == account, SCORE.c.scorer.like(f"{PERSON}%"))
    return _read(conn, SCORE.c.account == account, SCORE.c.call_id.in_(people))


def whats(conn: Connection, account: int, *, as_of: int | None = None) -> frozenset[What]:
    """The sorts of facts that scores make, where a call had been scored by then (epoch ms; None: by now)."""
    query = sa.select(SCORE.c.id).where(SCORE.c.account == account, SCORE.c.void == "")
    if as_of is not None:
        query = query.where(SCORE.c.at <= as_of)
    scored = conn.execute(query.limit(1)).one_or_none() is not None
    return frozenset(("objection", "script", "technique")) if scored else frozenset()


def summary(conn: Connection, account: int) -> Sequence[tuple[str, str, int, int]]:
    """How many calls each scorer has scored by which checklist, and how many of these are void."""
    void = sa.func.count().filter(SCORE.c.void != "")
    query = sa.select(SCORE.c.scorer, SCORE.c.checklist, sa.func.count(), void).where(SCORE.c.account == account)
    rows = conn.execute(query.group_by(SCORE.c.scorer, SCORE.c.checklist).order_by(SCORE.c.scorer, SCORE.c.checklist))
    return [(row[0], row[1], int(row[2]), int(row[3])) for row in rows]


def _rank(one: Scored) -> tuple[bool, bool, int, str]:
    """A person's first word counts, the second one is there to see whether people agree; of programs' the last."""
    return not one.void, one.by_person, -one.at if one.by_person else one.at, one.checklist


def _read(conn: Connection, *where: sa.ColumnElement[bool]) -> list[Scored]:
    found = [CallScoreRow(**row._mapping) for row in conn.execute(sa.select(SCORE).where(*where).order_by(SCORE.c.id))]
    return [Scored(one.call_id, one.checklist, one.scorer, _decode(one.body), one.void, one.at) for one in found]
