"""Rates that no CRM told: a central bank's table, by file or by address, dated."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.moment import day_number
from connector.store.crm import dossiers
from connector.store.upsert import put, table

QUOTE, FACT = table("quote"), table("fact")


class Quoted(NamedTuple):
    """What one unit of a currency cost on a day in the account's currency, and who said so."""

    currency: str
    day: date
    rate: str
    source: str


def add(conn: Connection, account: int, quotes: Collection[Quoted], *, now: int) -> int:
    """Store what is new of these or another rate than before; the clients it concerns are derived anew.

    Returns how many that were. Of one currency and day the last counts, and a file's word stands above an address's.
    """
    known = {(row.currency, row.day): row for row in _rows(conn, account)}
    fresh: dict[tuple[str, int], dict[str, Any]] = {}
    for one in quotes:
        key = (one.currency, day_number(one.day))
        there = known.get(key)
        if there is not None and (Decimal(there.rate) == Decimal(one.rate) or _above(there.source, one.source)):
            continue
        fresh[key] = {
            "account": account, "currency": key[0], "day": key[1], "rate": one.rate, "source": one.source, "at": now,
        }  # fmt: skip
    put(conn, QUOTE, list(fresh.values()))
    since: dict[str, int] = {}
    for currency, day in fresh:
        since[currency] = min(since.get(currency, day), day)
    dossiers.soil_foreign(conn, account, since)
    return len(fresh)


def all(conn: Connection, account: int) -> list[Quoted]:
    """Every quote, by currency and day."""
    return [Quoted(row.currency, _day(row.day), row.rate, row.source) for row in _rows(conn, account)]


def asked(conn: Connection, account: int, source: str) -> set[date]:
    """The days of which this source told anything."""
    ours = (QUOTE.c.account == account, QUOTE.c.source == source)
    return {_day(day) for day in conn.execute(sa.select(QUOTE.c.day).where(*ours).distinct()).scalars()}


def days_without(conn: Connection, account: int) -> list[tuple[date, str]]:
    """Days and currencies of facts whose amount counts nowhere as there is no rate, the latest day first."""
    ours = (FACT.c.account == account, FACT.c.known_to.is_(None), FACT.c.note.like("no_rate:%"))
    rows = conn.execute(sa.select(FACT.c.day, FACT.c.note).where(*ours).distinct()).all()
    return [(_day(day), note.removeprefix("no_rate:")) for day, note in sorted(map(tuple, rows), reverse=True)]


def _rows(conn: Connection, account: int) -> Sequence[Any]:
    query = sa.select(QUOTE).where(QUOTE.c.account == account).order_by(QUOTE.c.currency, QUOTE.c.day)
    return conn.execute(query).all()


def _above(stored: str, offered: str) -> bool:
    return stored == "csv" and offered != "csv"


def _day(number: int) -> date:
    return date(number // 10000, number // 100 % 100, number % 100)
