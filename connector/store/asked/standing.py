"""Deals as they stand now: open ones and those closed lately, with the moments and facts that go on their cards."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.decoding import decoder
from connector.fact import Fact
from connector.moment import from_ms
from connector.records import Deal
from connector.store import facts
from connector.store.crm.records import RECORD
from connector.store.facts import FACT
from connector.store.upsert import chunks

_decode = decoder(Deal).decode


class _At(msgspec.Struct):
    at: datetime


_moment = decoder(_At).decode


@dataclass(frozen=True, slots=True)
class Standing:
    """A live deal. `answer_seconds`: working seconds to the first contact; `due_at`: when the norm was over."""

    deal: Deal
    stage_since: datetime | None = None
    owner_since: datetime | None = None
    asked: bool = False
    """Its enquiry counts, so that a response is due."""
    answer_seconds: float | None = None
    due_at: datetime | None = None


def deals(conn: Connection, account: int, *, closed_since: datetime) -> list[Standing]:
    """Every open deal, and those closed since; by id."""
    live = [deal for deal in _live(conn, account) if _recent(deal, closed_since)]
    refs = [deal.ref for deal in live]
    moved, owned = _latest(conn, account, "move", refs), _latest(conn, account, "owner", refs)
    answers = _answers(conn, account, [deal.id for deal in live])
    return [
        Standing(
            deal,
            stage_since=moved.get(deal.ref, deal.created_at),
            owner_since=owned.get(deal.ref),
            asked=deal.id in answers,
            answer_seconds=answers.get(deal.id, (None, None))[0],
            due_at=answers.get(deal.id, (None, None))[1],
        )
        for deal in live
    ]


def _live(conn: Connection, account: int) -> Iterator[Deal]:
    query = sa.select(RECORD.c.body).where(
        RECORD.c.account == account, RECORD.c.kind == "deal", RECORD.c.gone_at.is_(None)
    )
    return (_decode(body) for body in conn.execute(query.order_by(RECORD.c.id)).scalars())


def _recent(deal: Deal, closed_since: datetime) -> bool:
    return deal.outcome == "open" or (deal.closed_at or deal.updated_at or closed_since) >= closed_since


def _latest(conn: Connection, account: int, kind: str, refs: Collection[str]) -> dict[str, datetime]:
    """The last move or change of owner of each."""
    found: dict[str, datetime] = {}
    for some in chunks(refs):
        query = sa.select(RECORD.c.link, RECORD.c.body).where(
            RECORD.c.account == account, RECORD.c.kind == kind, RECORD.c.link.in_(some)
        )
        for link, body in conn.execute(query):
            at = _moment(body).at
            found[link] = max(at, found.get(link, at))
    return found


def _answers(conn: Connection, account: int, ids: Collection[str]) -> dict[str, tuple[float | None, datetime | None]]:
    """The enquiry facts of these deals that count, as known now."""
    found: dict[str, tuple[float | None, datetime | None]] = {}
    for some in chunks(ids):
        query = sa.select(FACT.c.deal_id, FACT.c.number, FACT.c.due_at).where(
            FACT.c.account == account,
            FACT.c.kind == "enquiry",
            FACT.c.deal_id.in_(some),
            FACT.c.known_to.is_(None),
            FACT.c.omitted.is_(None),
        )
        for deal, number, due_at in conn.execute(query):
            found[deal] = (number, from_ms(due_at) if due_at is not None else None)
    return found


def revenue_between(conn: Connection, account: int, first_day: int, last_day: int) -> dict[str, int]:
    """Minor units won by each person on the days [first, last), as known now."""
    query = (
        sa.select(FACT.c.user_id, sa.func.sum(FACT.c.amount))
        .where(FACT.c.account == account, FACT.c.kind == "win", FACT.c.day >= first_day, FACT.c.day < last_day)
        .where(FACT.c.known_to.is_(None), FACT.c.omitted.is_(None), FACT.c.user_id.is_not(None))
        .group_by(FACT.c.user_id)
    )
    return {user: int(total or 0) for user, total in conn.execute(query)}


def left_out(conn: Connection, account: int, first_day: int, last_day: int) -> dict[str, list[tuple[str, str]]]:
    """By person: (deal id, why) of wins of the days [first, last) that count nowhere or without their amount."""
    query = (
        sa.select(FACT.c.user_id, FACT.c.deal_id, sa.func.coalesce(FACT.c.omitted, FACT.c.note))
        .where(FACT.c.account == account, FACT.c.kind == "win", FACT.c.day >= first_day, FACT.c.day < last_day)
        .where(FACT.c.known_to.is_(None), sa.or_(FACT.c.omitted.is_not(None), FACT.c.note.is_not(None)))
        .order_by(FACT.c.deal_id)
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for user, deal, why in conn.execute(query):
        if user is not None and deal is not None:
            found.setdefault(user, []).append((deal, why))
    return found


def facts_of(conn: Connection, account: int, ref: str) -> list[Fact]:
    """What is known now of one deal or lead, the newest first; empty for one that nobody has heard of."""
    kind, _, id = ref.partition(":")
    query = sa.select(RECORD.c.dossier).where(RECORD.c.account == account, RECORD.c.kind == kind, RECORD.c.id == id)
    dossier = conn.execute(query).scalar_one_or_none()
    if dossier is None:
        return []
    found = [one for one in facts.read(conn, account, [dossier]) if (one.deal if kind == "deal" else one.lead) == id]
    return sorted(found, key=lambda one: (one.at, one.key), reverse=True)
