"""Under which terms numbers were told: rules, zone and currency, dated; the file they stand in has only a present."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.decoding import decoded
from connector.store.upsert import put, table

TERMS = table("terms")


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """`rules`, `kpis`: the configuration's sections as JSON text, read by whoever knows their models."""

    rules: str
    zone: str
    currency: str
    kpis: str = "[]"


def adopt(conn: Connection, account: int, terms: Terms, *, now: int) -> None:
    """From `now` on these hold; the same again is no change."""
    if at(conn, account, now) != terms:
        row = {"account": account, "since": now, "body": msgspec.json.encode(terms).decode()}
        put(conn, TERMS, [row])


def at(conn: Connection, account: int, moment: int) -> Terms | None:
    """Those that held at a moment, None before any did."""
    ours = (TERMS.c.account == account, TERMS.c.since <= moment)
    query = sa.select(TERMS.c.body).where(*ours).order_by(TERMS.c.since.desc()).limit(1)
    body = conn.execute(query).scalar()
    return None if body is None else decoded(body, Terms)
