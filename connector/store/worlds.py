"""The account's world as accepted and as seen, and the drifts between them: rows only, what they mean is in health."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.errors import StoreTrouble
from connector.store import clean
from connector.store.tables import DriftRow
from connector.store.upsert import put, table

WORLD, DRIFT = table("world"), table("drift")


class Kept(NamedTuple):
    """Both worlds as they were handed in, and when (epoch ms)."""

    accepted: str
    seen: str
    at: int


class Opened(NamedTuple):
    """A drift that freezes KPIs: since when, and from when until when (None: still) it did."""

    id: int
    kpis: tuple[str, ...]
    since: int


def load(conn: Connection, account: int) -> Kept | None:
    """None before the first sync."""
    row = conn.execute(sa.select(WORLD.c.accepted, WORLD.c.seen, WORLD.c.at).where(WORLD.c.account == account)).first()
    return None if row is None else Kept(*row)


def keep(conn: Connection, account: int, kept: Kept) -> None:
    """Replaces what was kept."""
    put(conn, WORLD, [{"account": account, **kept._asdict()}])


def add(  # noqa: PLR0913 - a row's columns
    conn: Connection,
    account: int,
    code: str,
    subject: str,
    *,
    since: int,
    now: int,
    text: tuple[str, str],
    kpis: Sequence[str],
    accepted_by: str | None = None,
) -> int:
    """A drift found now; its number. `accepted_by`: it needs nobody's word."""
    row = {
        "account": account,
        "code": code,
        "subject": clean.text(subject, 200),
        "since": since,
        "found_at": now,
        "accepted_at": now if accepted_by else None,
        "accepted_by": accepted_by,
        "text": msgspec.json.encode([clean.text(one) for one in text]).decode(),
        "kpis": msgspec.json.encode(list(kpis)).decode(),
    }
    return int(conn.execute(DRIFT.insert().returning(DRIFT.c.id), row).scalar_one())


def accept(conn: Connection, account: int, ids: Collection[int], by: str, *, now: int) -> int:
    """These are known to a person, or over; returns how many were open."""
    open_ones = (DRIFT.c.account == account, DRIFT.c.id.in_(sorted(ids)), DRIFT.c.accepted_at.is_(None))
    return conn.execute(DRIFT.update().where(*open_ones).values(accepted_at=now, accepted_by=by)).rowcount


def all(conn: Connection, account: int, *, only_open: bool = False) -> list[DriftRow]:
    """Every drift, the newest last."""
    query = sa.select(DRIFT).where(DRIFT.c.account == account).order_by(DRIFT.c.id)
    if only_open:
        query = query.where(DRIFT.c.accepted_at.is_(None))
    return [DriftRow(**row._mapping) for row in conn.execute(query)]


def freezing(conn: Connection, account: int, *, as_of: int | None = None) -> list[Opened]:
    """The drifts that freeze something now, or that did at a past moment."""
    query = sa.select(DRIFT.c.id, DRIFT.c.kpis, DRIFT.c.since).where(DRIFT.c.account == account)
    if as_of is None:
        query = query.where(DRIFT.c.accepted_at.is_(None))
    else:
        later = sa.or_(DRIFT.c.accepted_at.is_(None), DRIFT.c.accepted_at > as_of)
        query = query.where(DRIFT.c.found_at <= as_of, later)
    rows = [(id, listed(kpis), since) for id, kpis, since in conn.execute(query.order_by(DRIFT.c.id))]
    return [Opened(id, kpis, since) for id, kpis, since in rows if kpis]


def listed(text: str) -> tuple[str, ...]:
    """A JSON list of texts as it stands in a row. Raises StoreTrouble."""
    try:
        return msgspec.json.decode(text, type=tuple[str, ...])
    except msgspec.MsgspecError as error:
        raise StoreTrouble(f"a stored drift cannot be read ({error})", todo="kpi drift accept all") from error
