"""What grows old and goes: each sort after its own number of days. Numbers are made of none of it."""

from __future__ import annotations

from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.records import Client
from connector.store.crm.records import RECORD, keep
from connector.store.encoding import decode
from connector.store.private.erased import bare_client
from connector.store.told import inbox
from connector.store.upsert import table

DAY = 86_400_000
_REFUSED, _RUN, _SIGN_IN, _LEDGER = table("refused"), table("run"), table("sign_in"), table("ledger")
_AT_ONCE = 5_000


class Days(Protocol):
    """How many of each."""

    @property
    def hooks(self) -> int: ...
    @property
    def unreadable(self) -> int: ...
    @property
    def runs(self) -> int: ...
    @property
    def sign_ins(self) -> int: ...
    @property
    def audit(self) -> int: ...
    @property
    def gone_clients(self) -> int: ...


def purge(conn: Connection, account: int, days: Days, *, now: int) -> dict[str, int]:
    """Rows by sort that went. Of what was written into the CRM the newest of each field stays: it is compared with."""
    removed = {
        "hooks": inbox.purge(conn, account, now - days.hooks * DAY),
        "unreadable": _older(conn, _REFUSED, _REFUSED.c.at, account, now - days.unreadable * DAY),
        "runs": _older(conn, _RUN, _RUN.c.started_at, account, now - days.runs * DAY),
        "sign_ins": _older(conn, _SIGN_IN, _SIGN_IN.c.expires_at, account, now - days.sign_ins * DAY),
        "audit": _audit(conn, account, now - days.audit * DAY),
        "gone_clients": _gone(conn, account, now, now - days.gone_clients * DAY),
    }
    return {name: count for name, count in removed.items() if count}


def _older(conn: Connection, target: sa.Table, at: sa.Column[int], account: int, before: int) -> int:
    return conn.execute(target.delete().where(target.c.account == account, at < before)).rowcount


def _audit(conn: Connection, account: int, before: int) -> int:
    ours = _LEDGER.c.account == account
    newest = sa.select(sa.func.max(_LEDGER.c.id)).where(ours).group_by(
        _LEDGER.c.target, _LEDGER.c.field, _LEDGER.c.status
    )  # fmt: skip
    return conn.execute(_LEDGER.delete().where(ours, _LEDGER.c.at < before, _LEDGER.c.id.not_in(newest))).rowcount


def _gone(conn: Connection, account: int, now: int, before: int) -> int:
    """Clients whom the CRM deleted: their phones and names go, their deals stay what they were."""
    query = sa.select(RECORD.c.body).where(
        RECORD.c.account == account, RECORD.c.kind == Client.kind, RECORD.c.gone_at < before,
        sa.or_(RECORD.c.body.contains('"phones"'), RECORD.c.body.contains('"name"')),
    ).limit(_AT_ONCE)  # fmt: skip
    bare = [bare_client(decode(Client.kind, one)) for one in conn.execute(query).scalars()]
    keep(conn, account, bare, now=now)
    return len(bare)
