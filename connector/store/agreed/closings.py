"""Closed months: append-only. Closing and opening again are rows of their own, and what was frozen is never touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.decoding import decoded
from connector.errors import StoreTrouble
from connector.result import Result
from connector.store import clean
from connector.store.tables import ClosingRow
from connector.store.upsert import table

CLOSING = table("closing")
VALUE = table("closed_value")
_SEALED = ("place", "subject", "name", "kpi", "formula", "body", "digest")


class Frozen(msgspec.Struct, frozen=True, kw_only=True):
    """One number as it was closed: whose (by the name of then), by which formula, from which facts (their hash)."""

    result: Result
    name: str
    formula: str
    digest: str


def close(  # noqa: PLR0913 - what, of which month, when, by whom, how far the data reached
    conn: Connection,
    account: int,
    period: str,
    values: Sequence[Frozen],
    omitted: Mapping[str, int],
    *,
    now: int,
    author: str,
    reason: str = "",
    reached: int | None = None,
) -> int:
    """Freeze these, in this order, as known `now`, judged as far as the data `reached`; returns the version."""
    rows = [_row(account, period, place, value) for place, value in enumerate(values)]
    told = _event(conn, account, period, "closed", now, author, reason)
    told |= {"reached": now if reached is None else reached}
    told |= {"digest": _digest(rows), "omitted": msgspec.json.encode(dict(omitted)).decode()}
    conn.execute(CLOSING.insert(), told)
    if rows:
        conn.execute(VALUE.insert(), [row | {"closing": told["version"]} for row in rows])
    return int(told["version"])


def reopen(conn: Connection, account: int, period: str, *, now: int, author: str, reason: str) -> int:
    """From `now` on the month follows changes again; returns the version. What was frozen stays."""
    told = _event(conn, account, period, "reopened", now, author, reason) | {
        "digest": "",
        "omitted": "{}",
        "reached": None,
    }
    conn.execute(CLOSING.insert(), told)
    return int(told["version"])


def history(conn: Connection, account: int, period: str | None = None) -> list[ClosingRow]:
    """Everything that was closed and opened again, by month, the oldest first."""
    query = sa.select(CLOSING).where(CLOSING.c.account == account).order_by(CLOSING.c.period, CLOSING.c.version)
    if period is not None:
        query = query.where(CLOSING.c.period == period)
    return [ClosingRow(**row._mapping) for row in conn.execute(query)]


def current(conn: Connection, account: int, period: str) -> ClosingRow | None:
    """The closing in force, None while the month is open."""
    newest = history(conn, account, period)[-1:]
    return newest[0] if newest and newest[0].what == "closed" else None


def values(conn: Connection, closing: ClosingRow) -> list[Frozen]:
    """What a closing froze, in the order in which it was told. Raises StoreTrouble where another version wrote it."""
    ours = (VALUE.c.account == closing.account, VALUE.c.period == closing.period, VALUE.c.closing == closing.version)
    rows = conn.execute(sa.select(VALUE).where(*ours).order_by(VALUE.c.place)).all()
    try:
        return [
            Frozen(
                result=decoded(row.body, Result),
                name=row.name,
                formula=row.formula,
                digest=row.digest,
            )
            for row in rows
        ]
    except msgspec.MsgspecError as error:
        raise StoreTrouble(
            f"a closed value of {closing.period} cannot be read ({error})",
            todo="another version wrote it: use that one, or open the month again and close it",
        ) from error


def omitted(closing: ClosingRow) -> dict[str, int]:
    """What counted nowhere when it was closed, by reason."""
    return msgspec.json.decode(closing.omitted, type=dict[str, int])


def floor(conn: Connection, account: int) -> int:
    """The first moment that no closing has seen: what is learned later must not be dated before it."""
    newest = conn.execute(sa.select(sa.func.max(CLOSING.c.as_of)).where(CLOSING.c.account == account)).scalar()
    return 0 if newest is None else int(newest) + 1


def untouched(conn: Connection, closing: ClosingRow) -> bool:
    """Whether what was frozen is, letter by letter, what was frozen."""
    return _digest_of(conn, closing) == closing.digest


def sealed(conn: Connection, account: int) -> list[ClosingRow]:
    """Every closing that is untouched."""
    return [one for one in history(conn, account) if one.what == "closed" and untouched(conn, one)]


def seal_anew(conn: Connection, some: Iterable[ClosingRow]) -> None:
    """After a name was erased from what these froze: the only change that is none of a number."""
    for one in some:
        this = (CLOSING.c.account == one.account, CLOSING.c.period == one.period, CLOSING.c.version == one.version)
        conn.execute(CLOSING.update().where(*this).values(digest=_digest_of(conn, one)))


def _digest_of(conn: Connection, closing: ClosingRow) -> str:
    ours = (VALUE.c.account == closing.account, VALUE.c.period == closing.period, VALUE.c.closing == closing.version)
    rows = conn.execute(sa.select(VALUE).where(*ours).order_by(VALUE.c.place)).mappings()
    return _digest(dict(row) for row in rows)


def _digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """A hash of values, names, formulas and the hashes of their facts, as they are stored."""
    whole = blake2b(digest_size=16)
    for row in rows:
        whole.update(msgspec.json.encode([row[name] for name in _SEALED]) + b"\n")
    return whole.hexdigest()


def _event(
    conn: Connection, account: int, period: str, what: str, now: int, author: str, reason: str
) -> dict[str, Any]:
    version = len(history(conn, account, period)) + 1
    who, why = clean.text(author, clean.LONGEST_ID), clean.text(reason)
    base = {"account": account, "period": period, "version": version, "what": what}
    return base | {"at": now, "as_of": now, "author": who, "reason": why}


def _row(account: int, period: str, place: int, value: Frozen) -> dict[str, Any]:
    return {
        "account": account,
        "period": period,
        "place": place,
        "subject": value.result.subject,
        "name": value.name,
        "kpi": value.result.kpi,
        "formula": value.formula,
        "body": msgspec.json.encode(value.result).decode(),
        "digest": value.digest,
    }
