"""personal: everything that is kept about one person, as it is kept, for whoever asks what we know of him."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.errors import BadConfig
from connector.pipeline.bench import Workbench
from connector.records import Client, Ref, User
from connector.store.crm.records import RECORD
from connector.store.private import erasing
from connector.store.tables import Base
from connector.store.upsert import among

_NOT_HIS = frozenset({"cell", "fact", "record", "sheet", "token"})
"""Sums of many facts, and what is told apart below."""


def personal(bench: Workbench, ref: Ref) -> dict[str, list[dict[str, Any]]]:
    """Rows by table. Facts are told without what is a number of ours alone. Raises BadConfig for nobody."""
    with bench.store.read() as conn:
        whom = whom_of(bench, conn, ref)
        if isinstance(whom, Client):
            found = _of_client(conn, bench.account, whom)
        else:
            found = _of_user(conn, bench.account, whom.id)
    return {name: rows for name, rows in found.items() if rows}


def whom_of(bench: Workbench, conn: Connection, ref: Ref) -> Client | User:
    """Whom a command means by `contact:701`, `company:801`, `user:501`. Raises BadConfig for nobody."""
    whom = erasing.find(conn, bench.account, ref)
    if whom is None:
        raise BadConfig([f"{bench.settings.name}: there is no {ref!r} here (contact:…, company:… or user:…)"])
    return whom


def _of_client(conn: Connection, account: int, whom: Client) -> dict[str, list[dict[str, Any]]]:
    """His own record, his calls and what was said in them, the facts that rest on him."""
    calls = [call.id for call in erasing.calls_of(conn, account, whom.id, whom.phones)]
    ours = RECORD.c.account == account
    mine = sa.or_(
        sa.and_(RECORD.c.kind == Client.kind, RECORD.c.id == whom.id),
        sa.and_(RECORD.c.kind == "call", among(conn, RECORD.c.id, calls)),
        RECORD.c.link == whom.id,
    )
    found = {"record": _rows(conn, RECORD, ours, mine), "fact": _facts(conn, account, "client", whom.id)}
    for name in ("transcript", "call_score"):
        target = Base.metadata.tables[name]
        found[name] = _rows(conn, target, target.c.account == account, among(conn, target.c.call_id, calls))
    return found


def _of_user(conn: Connection, account: int, user: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table that name him in a column of their own."""
    found = {
        "record": _rows(conn, RECORD, RECORD.c.account == account, RECORD.c.kind == "user", RECORD.c.id == user),
        "fact": _facts(conn, account, "user_id", user),
    }
    for target in Base.metadata.sorted_tables:
        if target.name in _NOT_HIS or "account" not in target.c:
            continue
        named = [target.c[name] == user for name in ("user_id", "rater") if name in target.c]
        named += [target.c["subject"] == f"user:{user}"] if "subject" in target.c else []
        named += [target.c["target"].like(f"card:{user}:%")] if "target" in target.c else []
        if target.name == "version":
            named = [sa.and_(target.c.kind == "user", target.c.id == user)]
        if named:
            found[target.name] = _rows(conn, target, target.c.account == account, sa.or_(*named))
    return found


def _facts(conn: Connection, account: int, column: str, value: str) -> list[dict[str, Any]]:
    target = Base.metadata.tables["fact"]
    return _rows(conn, target, target.c.account == account, target.c[column] == value, target.c.known_to.is_(None))


def _rows(conn: Connection, target: sa.Table, *where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    """Without hashes of secrets; JSON in a text is shown as what it is."""
    query = sa.select(*(one for one in target.columns if one.name not in ("hash", "account"))).where(*where)
    query = query.order_by(*target.primary_key.columns)
    return [{name: _read(value) for name, value in row.items()} for row in conn.execute(query).mappings()]


def _read(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError:
            return value
    return value
