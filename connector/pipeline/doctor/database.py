"""The database: whole, opened by this key, its accounts' clocks near ours, nothing piling up."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from connector.errors import KpiError, StoreTrouble, WrongKey
from connector.moment import skew
from connector.pipeline.doctor.check import Check
from connector.store.engine import Store
from connector.store.migrate import HEAD
from connector.store.secret import key_mark
from connector.store.secret.sealing import unseal
from connector.store.told import inbox
from connector.store.upsert import table

SKEW = 60.0
"""Seconds between a CRM's clock and ours; more is reckoned with, but somebody should set the clock."""
PILE = 1000


def everything(store: Store, key: bytes | KpiError | None, trouble: StoreTrouble | None = None) -> Iterator[Check]:
    """All of these, as far as the database lets itself be asked; that it does not is one thing among others."""
    if isinstance(key, KpiError):  # why there is none
        yield Check("key", "bad", _told(key), key.todo)
    found: list[Check] = []
    if trouble is None:
        try:
            for look in (whole, lambda store: opens(store, key), clocks, hooks_waiting):
                found += look(store)
        except StoreTrouble as refused:
            trouble = refused
    yield from found
    if trouble is not None and not any(one.state == "bad" and one.what == "database" for one in found):
        yield Check("database", "bad", _told(trouble), trouble.todo)


def whole(store: Store) -> Iterator[Check]:
    """SQLite looks itself through; of PostgreSQL that is its own administrator's affair."""
    if store.dialect != "sqlite":
        yield Check("database", "ok", f"PostgreSQL answers, schema {HEAD}")
        return
    with store.read() as conn:
        said = list(conn.exec_driver_sql("pragma quick_check(5)").scalars())
    if said != ["ok"]:
        yield Check("database", "bad", "; ".join(map(str, said)), "stop kpi, then: kpi restore BACKUP")
    else:
        yield Check("database", "ok", f"SQLite is whole, schema {HEAD}")


def opens(store: Store, key: bytes | KpiError | None) -> Iterator[Check]:
    """Whether the key at hand is the one that this database was begun with, and sealed what is stored."""
    if not isinstance(key, bytes):
        return
    target = table("token")
    try:
        with store.read() as conn:
            key_mark.check(conn, key, where=store.where)
            sealed = list(conn.execute(sa.select(target.c.sealed)).scalars())
        for one in sealed:
            unseal(key, one, where=store.where)
    except WrongKey as trouble:
        yield Check("key", "bad", _told(trouble), trouble.todo)
    else:
        yield Check("key", "ok", f"opens the {len(sealed)} stored token pairs")


def clocks(store: Store) -> Iterator[Check]:
    """As each CRM told when it was asked last."""
    target = table("account")
    with store.read() as conn:
        rows = conn.execute(sa.select(target.c.name, target.c.clock_offset)).all()
    off = [row for row in rows if abs(row.clock_offset) > SKEW]
    for row in off:  # a line each: units are told in the reader's language
        told = f"this machine's clock is not the CRM's of {row.name} ({skew(row.clock_offset)})"
        yield Check("clock", "warn", told, "switch NTP on")
    if not off:
        yield Check("clock", "ok", "within a minute of every CRM asked so far")


def hooks_waiting(store: Store) -> Iterator[Check]:
    """Hooks that nobody takes: `kpi run` does."""
    with store.read() as conn:
        waiting = int(conn.execute(sa.select(sa.func.count()).select_from(inbox.INBOX)).scalar_one())
    if waiting > PILE:
        yield Check("hooks", "warn", f"{waiting} wait", "is `kpi run` running?")
    else:
        yield Check("hooks", "ok", f"{waiting} wait")


def _told(error: KpiError) -> str:
    return f"{error.where}: {error.what}" if error.where else error.what
