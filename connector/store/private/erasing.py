"""Taking a person out of the tables: what tells who he was goes, what numbers are made of stays.

Ids stay: they are numbers of the CRM's own, and without them no KPI could be computed again. SQLite is told to
overwrite what it frees, and the file is packed afterwards.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import AutoString

from connector.errors import StoreTrouble
from connector.records import Call, Client, Record, Ref, User
from connector.store.crm import records
from connector.store.crm.records import RECORD
from connector.store.encoding import decode
from connector.store.engine import Store
from connector.store.private.erased import Shield
from connector.store.tables import Base
from connector.store.trouble import words_of_sqlite
from connector.store.upsert import among, table

SHORTEST = 4
"""Characters of a name: a shorter one would be cut out of other words too."""
_ABSENCE, _VERSION, _SIGN_IN = table("absence"), table("version"), table("sign_in")
_TRANSCRIPT, _SCORE, _DESTRUCTION = table("transcript"), table("call_score"), table("destruction")
_LEFT_ALONE = frozenset({"record", "fact", "version", "cursor", "token", "inbox", "erased", "destruction", "account"})
"""Tables in which no name stands in a text, or that are seen to by themselves."""


def secretly(conn: Connection) -> None:
    """From here on SQLite overwrites what it frees."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("pragma secure_delete = on")


def pack(store: Store) -> None:
    """No free page and no -wal holds what was there before. Raises StoreTrouble: it takes as much room as the file."""
    if store.dialect != "sqlite":
        return
    try:
        with closing(sqlite3.connect(store.where, timeout=15, isolation_level=None)) as conn:
            conn.execute("vacuum")
            conn.execute("pragma wal_checkpoint(truncate)")
    except sqlite3.Error as error:
        what, todo = words_of_sqlite(error) or ("the database refused", "run it again")
        raise StoreTrouble(
            f"{what} ({error})",
            where=store.where,
            done="it is erased, but the file could not be packed: its -wal may still hold what was there",
            todo=f"{todo}; erasing once more packs it",
        ) from error


def calls_of(conn: Connection, account: int, ref: Ref, phones: Collection[str]) -> list[Call]:
    """Calls with this client: those that hang on him, and those from or to his number, in whosever file they lie."""
    dossier = conn.execute(
        sa.select(RECORD.c.dossier).where(RECORD.c.account == account, RECORD.c.kind == "client", RECORD.c.id == ref)
    ).scalar()
    his = (RECORD.c.dossier.in_([ref, dossier or ref]), *(RECORD.c.body.contains(phone) for phone in phones))
    query = sa.select(RECORD.c.body).where(RECORD.c.account == account, RECORD.c.kind == "call", sa.or_(*his))
    found = [decode("call", body) for body in conn.execute(query).scalars()]
    return [one for one in found if isinstance(one, Call) and (ref in one.on or one.phone in phones)]


def bare(conn: Connection, account: int, shield: Shield, some: Iterable[Record], *, now: int) -> int:
    """These records again, with nothing in them that tells who it was. How many told it until now."""
    fresh = [without for one in some if (without := shield.bare(one)) != one]
    records.keep(conn, account, fresh, now=now)
    return len(fresh)


def talks(conn: Connection, account: int, calls: Collection[str], *, now: int) -> int:
    """What was said in these calls: texts go, scores stay without the words they rest on."""
    ours = (_TRANSCRIPT.c.account == account, among(conn, _TRANSCRIPT.c.call_id, calls), _TRANSCRIPT.c.body != "")
    count = conn.execute(_TRANSCRIPT.update().where(*ours).values(body="", purged_at=now)).rowcount
    scored = sa.select(_SCORE.c.id, _SCORE.c.body).where(_SCORE.c.account == account)
    for row in conn.execute(scored.where(among(conn, _SCORE.c.call_id, calls))).all():
        told = [{name: value for name, value in one.items() if name != "evidence"} for one in json.loads(row.body)]
        body = msgspec.json.encode(told).decode()
        conn.execute(_SCORE.update().where(_SCORE.c.id == row.id).values(body=body))
    return count


def person(conn: Connection, account: int, user: User, shield: Shield) -> dict[str, int]:
    """What is kept of one of our own people besides his record: why he was away, his names of before, his sign-ins."""
    away = (_ABSENCE.c.account == account, _ABSENCE.c.user_id == user.id, _ABSENCE.c.what.in_(("vacation", "sick")))
    reasons = conn.execute(_ABSENCE.update().where(*away).values(what="other")).rowcount
    old = (_VERSION.c.account == account, _VERSION.c.kind == User.kind, _VERSION.c.id == user.id)
    for row in conn.execute(sa.select(_VERSION.c.since, _VERSION.c.body).where(*old)).all():
        body = msgspec.json.encode(shield.bare(decode(User.kind, row.body))).decode()
        conn.execute(_VERSION.update().where(*old, _VERSION.c.since == row.since).values(body=body))
    ins = (_SIGN_IN.c.account == account, _SIGN_IN.c.user_id == user.id)
    return {"absence": reasons, "sign_in": conn.execute(_SIGN_IN.delete().where(*ins)).rowcount}


def names_before(conn: Connection, account: int, user: str) -> set[str]:
    """What somebody was ever called here."""
    old = sa.select(_VERSION.c.body).where(
        _VERSION.c.account == account, _VERSION.c.kind == User.kind, _VERSION.c.id == user
    )
    found = [decode(User.kind, body) for body in conn.execute(old).scalars()]
    return {one.name for one in found if isinstance(one, User)}


def scrub(conn: Connection, account: int, names: Iterable[str], instead: str) -> dict[str, int]:
    """A name out of every text of every table of the account: tasks, reasons, notices, reports. Rows by table."""
    counts: dict[str, int] = {}
    spelt = {spelling for one in names if len(one) >= SHORTEST for spelling in (one, _in_json(one))}
    for name in sorted(spelt, key=len, reverse=True):
        for target in Base.metadata.sorted_tables:
            if target.name in _LEFT_ALONE or "account" not in target.c:
                continue
            for column in _texts(target):
                holds = (target.c.account == account, column.contains(name, autoescape=True))
                changed = {column.name: sa.func.replace(column, name, instead)}
                if count := conn.execute(target.update().where(*holds).values(changed)).rowcount:
                    counts[target.name] = counts.get(target.name, 0) + count
    return counts


def destroyed(conn: Connection, account: int, row: dict[str, Any]) -> None:
    """The record of it: mark, at, author, reason, counts."""
    conn.execute(_DESTRUCTION.insert(), row | {"account": account, "counts": json.dumps(row["counts"])})


def destructions(conn: Connection, account: int) -> list[dict[str, Any]]:
    """Every one, the newest first."""
    query = sa.select(_DESTRUCTION).where(_DESTRUCTION.c.account == account).order_by(_DESTRUCTION.c.id.desc())
    return [dict(row) | {"counts": json.loads(row["counts"])} for row in conn.execute(query).mappings()]


def find(conn: Connection, account: int, ref: Ref) -> Client | User | None:
    """`contact:701`, `company:801` or `user:501`, as it is stored."""
    if ref.startswith("user:"):
        return records.get(conn, account, User, [ref.removeprefix("user:")]).get(ref.removeprefix("user:"))
    return records.get(conn, account, Client, [ref]).get(ref)


def refs(conn: Connection, account: int) -> list[Ref]:
    """Everybody there is."""
    query = sa.select(RECORD.c.kind, RECORD.c.id).where(
        RECORD.c.account == account, RECORD.c.kind.in_((Client.kind, User.kind))
    )
    return [row.id if row.kind == Client.kind else f"user:{row.id}" for row in conn.execute(query)]


def _in_json(name: str) -> str:
    """As it stands inside of a JSON text: quotes of a company's name are escaped there."""
    return msgspec.json.encode(name).decode()[1:-1]


def _texts(target: sa.Table) -> list[sa.Column[Any]]:
    """Columns of text, SQLModel's own sort of them too, which is no `String` to SQLAlchemy."""
    return [one for one in target.columns if isinstance(one.type, sa.String | AutoString) and not one.primary_key]
