"""personal: everything that is kept about one person, as it is kept, for whoever asks what we know of him."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.errors import BadConfig
from connector.moment import from_ms
from connector.pipeline.bench import Workbench
from connector.records import Client, Ref, User
from connector.store.crm.records import RECORD
from connector.store.crm.refusals import REFUSED
from connector.store.private import erasing, unread
from connector.store.tables import Base
from connector.store.upsert import among

_NOT_HIS = frozenset({"cell", "fact", "record", "sheet", "token"})
"""Sums of many facts, and what is told apart below."""
_NAMED, _SIGNED = ("user_id", "rater", "by"), ("author", "undone_by", "accepted_by")
"""Columns that hold an id, and those that are signed with a name and an id: `Anna (501)`."""


_MOMENTS = frozenset(
    {"at", "as_of", "first_seen", "known_from", "known_to", "moment", "not_before", "reached", "since", "until"}
)
"""Columns that hold an instant, beside those whose name ends with `_at`."""


def personal(bench: Workbench, ref: Ref) -> dict[str, list[dict[str, Any]]]:
    """Rows by table; instants are ISO 8601 in UTC, all else as it is kept. Facts are told without what is a number of
    ours alone. Raises BadConfig for nobody.
    """
    with bench.store.read() as conn:
        whom = whom_of(bench, conn, ref)
        if isinstance(whom, Client):
            found = _of_client(conn, bench.account, whom)
        else:
            found = _of_user(conn, bench.account, whom)
    return {name: rows for name, rows in found.items() if rows}


def whom_of(bench: Workbench, conn: Connection, ref: Ref) -> Client | User:
    """Whom a command means by `contact:701`, `company:801`, `user:501`. Raises BadConfig for nobody."""
    whom = erasing.find(conn, bench.account, ref)
    if whom is None:
        raise BadConfig([f"{bench.settings.name}: there is no {ref!r} here (contact:…, company:… or user:…)"])
    return whom


def _of_client(conn: Connection, account: int, whom: Client) -> dict[str, list[dict[str, Any]]]:
    """His own record, his calls and what was said in them, the facts that rest on him, rows that nobody could read."""
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
    found["refused"] = _rows(conn, REFUSED, unread.about(conn, account, whom, calls))
    return found


def _of_user(conn: Connection, account: int, whom: User) -> dict[str, list[dict[str, Any]]]:
    """Rows that name him in a column of their own, what was written to or about him, verdicts on his contests."""
    user = whom.id
    found = {
        "refused": _rows(conn, REFUSED, unread.about(conn, account, whom, ())),
        "record": _rows(conn, RECORD, RECORD.c.account == account, RECORD.c.kind == "user", RECORD.c.id == user),
        "fact": _facts(conn, account, "user_id", user),
    }
    written = _written(conn, account, user)
    for target in Base.metadata.sorted_tables:
        if target.name in _NOT_HIS or "account" not in target.c:
            continue
        his = [*_naming(target, user), *_following(conn, target, account, user, written)]
        if his:
            found[target.name] = _rows(conn, target, target.c.account == account, sa.or_(*his))
    return found


def _naming(target: sa.Table, user: str) -> list[sa.ColumnElement[bool]]:
    """Conditions on columns that name somebody."""
    if target.name == "version":
        return [sa.and_(target.c.kind == "user", target.c.id == user)]
    named = [target.c[name] == user for name in _NAMED if name in target.c]
    named += [target.c[name].endswith(f" ({user})", autoescape=True) for name in _SIGNED if name in target.c]
    named += [target.c["subject"] == f"user:{user}"] if "subject" in target.c else []
    named += [target.c["target"].like(f"card:{user}:%")] if "target" in target.c else []
    return named


def _following(
    conn: Connection, target: sa.Table, account: int, user: str, written: list[str]
) -> list[sa.ColumnElement[bool]]:
    """Conditions on rows that hang on others of his: what became of a wish, what was decided over a contest."""
    if target.name in ("outbox", "ledger"):
        return [among(conn, target.c.key, written)]
    if target.name == "feedback":
        return [among(conn, target.c.task, written)]
    if target.name == "contest_verdict":
        contest = Base.metadata.tables["contest"]
        his = sa.select(contest.c.id).where(contest.c.account == account, contest.c.user_id == user)
        return [target.c.contest.in_(his)]
    return []


def _written(conn: Connection, account: int, user: str) -> list[str]:
    """Keys of cards and tasks of his, and of tasks about him."""
    outbox = Base.metadata.tables["outbox"]
    marks = (f'"user_id":"{user}"', f'"about":"user:{user}"')
    query = sa.select(outbox.c.key).where(outbox.c.account == account)
    return list(conn.execute(query.where(sa.or_(*(outbox.c.wish.contains(mark) for mark in marks)))).scalars())


def _facts(conn: Connection, account: int, column: str, value: str) -> list[dict[str, Any]]:
    target = Base.metadata.tables["fact"]
    return _rows(conn, target, target.c.account == account, target.c[column] == value, target.c.known_to.is_(None))


def is_moment(column: sa.Column[Any]) -> bool:
    """Whether it holds epoch milliseconds, which nobody reads."""
    return isinstance(column.type, sa.BigInteger) and (column.name in _MOMENTS or column.name.endswith("_at"))


def _rows(conn: Connection, target: sa.Table, *where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    """Without hashes of secrets; JSON in a text is shown as what it is."""
    columns = [one for one in target.columns if one.name not in ("hash", "account")]
    query = sa.select(*columns).where(*where).order_by(*target.primary_key.columns)
    moments = {one.name for one in columns if is_moment(one)}
    return [
        {name: _read(value, moment=name in moments) for name, value in row.items()}
        for row in conn.execute(query).mappings()
    ]


def _read(value: Any, *, moment: bool) -> Any:
    if moment and value is not None:
        return from_ms(value).isoformat()
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError:
            return value
    return value
