"""What the facts tell of talks: whose they are, when, how long, and which were the first with their client."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store.facts import FACT
from connector.store.upsert import among, table

RECORD = table("record")
KINDS = ("call_out", "call_in")


class Talk(NamedTuple):
    """A talk that counts. `at` in epoch milliseconds; `seconds` of talk; `dossier`: with whom."""

    call: str
    user: str | None
    at: int
    seconds: float
    deal: str | None
    dossier: str


def first_talks(conn: Connection, account: int, calls: Collection[str], seconds: int) -> dict[str, bool]:
    """Of each of these calls whether no earlier talk of so many seconds with that client is known."""
    mine = of_calls(conn, account, calls)
    tops = {talk.dossier for talk in mine.values()}
    first = sa.select(FACT.c.dossier, sa.func.min(FACT.c.at)).where(
        *_live(account), FACT.c.number >= seconds, among(conn, FACT.c.dossier, sorted(tops))
    )
    began: dict[str, int] = {row[0]: row[1] for row in conn.execute(first.group_by(FACT.c.dossier))}
    return {call: talk.at <= began.get(talk.dossier, talk.at) for call, talk in mine.items()}


def of_calls(conn: Connection, account: int, calls: Collection[str]) -> dict[str, Talk]:
    """These, as far as they count. Facts are found by their clients: there is no index of them by call."""
    mine = (RECORD.c.account == account, RECORD.c.kind == "call", among(conn, RECORD.c.id, calls))
    tops = [top for top in conn.execute(sa.select(RECORD.c.dossier).distinct().where(*mine)).scalars() if top]
    wanted = set(calls)
    found = _talks(conn, account, among(conn, FACT.c.dossier, tops))
    return {talk.call: talk for talk in found if talk.call in wanted}


def between(conn: Connection, account: int, first: int, last: int, seconds: int) -> list[Talk]:
    """Every talk of so many seconds on these days (yyyymmdd), both included, in the order of time."""
    return _talks(conn, account, FACT.c.day >= first, FACT.c.day <= last, FACT.c.number >= seconds)


def endings(conn: Connection, account: int, deals: Collection[str]) -> dict[str, str]:
    """How each of these deals stands: win, loss or open_deal."""
    query = sa.select(FACT.c.deal_id, FACT.c.kind).where(
        FACT.c.account == account, FACT.c.known_to.is_(None), FACT.c.omitted.is_(None),
        FACT.c.kind.in_(("win", "loss", "open_deal")), among(conn, FACT.c.deal_id, deals),
    )  # fmt: skip
    return {row[0]: row[1] for row in conn.execute(query)}


def _talks(conn: Connection, account: int, *where: sa.ColumnElement[bool]) -> list[Talk]:
    named = ("call_id", "user_id", "at", "number", "deal_id", "dossier")
    query = sa.select(*(FACT.c[name] for name in named)).where(*_live(account), *where)
    return [Talk(*row) for row in conn.execute(query.order_by(FACT.c.at, FACT.c.call_id))]


def _live(account: int) -> tuple[sa.ColumnElement[bool], ...]:
    return FACT.c.account == account, FACT.c.known_to.is_(None), FACT.c.kind.in_(KINDS), FACT.c.omitted.is_(None)
