"""Imports: who brought which rows, every version of each, and how an import is undone without deleting anything.

The rule: a key holds the newest version that some import brought and nobody has undone; with none left it is gone. So
undoing one import brings back what it replaced, and leaves alone what a later one said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.errors import BadConfig
from connector.moment import from_ms
from connector.records import External, What
from connector.store import clean
from connector.store.crm import dossiers, links, records
from connector.store.encoding import decode
from connector.store.tables import ImportRow
from connector.store.upsert import among, table

IMPORT, IMPORTED, RECORD = table("import"), table("imported"), table("record")


class Compared(NamedTuple):
    """Rows never seen (or gone), rows that say something else now, and how many say nothing new."""

    new: tuple[External, ...]
    changed: tuple[External, ...]
    same: int


class Taken(NamedTuple):
    """The import's number, None where nothing was new; and how many rows were new, changed, and known already."""

    id: int | None
    new: int
    changed: int
    same: int


class Undone(NamedTuple):
    """How many keys are gone, how many went back to what an earlier import said, how many a later one holds."""

    gone: int
    restored: int
    kept: int


def live(conn: Connection, account: int, keys: Collection[str]) -> dict[str, External]:
    """What these keys hold now."""
    found = links.fetch(conn, account, [(External.kind, key) for key in keys], ("body", "gone_at"))
    return {id: decode(kind, row.body) for (kind, id), row in found.items() if row.gone_at is None}


def compare(conn: Connection, account: int, rows: Collection[External]) -> Compared:
    """What taking these would do. No key twice in `rows`."""
    known = live(conn, account, [row.id for row in rows])
    new = tuple(row for row in rows if row.id not in known)
    changed = tuple(row for row in rows if row.id in known and _said(row) != _said(known[row.id]))
    return Compared(new, changed, len(rows) - len(new) - len(changed))


def take(
    conn: Connection, account: int, rows: Collection[External], *, author: str, source: str, digest: str, now: int
) -> Taken:
    """Keep what is new in these; the same again changes nothing and is no import."""
    found = compare(conn, account, rows)
    fresh = [*found.new, *found.changed]
    if not fresh:
        return Taken(None, 0, 0, found.same)
    at = _moment(conn, account, now)
    by, of = clean.text(author, clean.LONGEST_ID), clean.text(source, clean.LONGEST_ID)
    stated = [msgspec.structs.replace(row, updated_at=from_ms(at), by=by, source=of) for row in fresh]
    told = {"account": account, "at": at, "author": by, "source": of, "digest": digest, "same": found.same}
    told |= {"new": len(found.new), "changed": len(found.changed), "whats": _counts(stated)}
    number = conn.execute(IMPORT.insert().values(told)).inserted_primary_key[0]  # type: ignore[index]  # it has one
    bodies = [
        {"account": account, "import_id": number, "key": row.id, "body": msgspec.json.encode(row).decode()}
        for row in stated
    ]
    conn.execute(IMPORTED.insert(), bodies)
    _put(conn, account, stated, at)
    return Taken(number, len(found.new), len(found.changed), found.same)


def undo(conn: Connection, account: int, number: int, *, author: str, now: int) -> Undone:
    """Take an import back: its rows are gone, or again what they were before it. Raises BadConfig."""
    _undoable(conn, account, number)
    at = _moment(conn, account, now)
    who = clean.text(author, clean.LONGEST_ID)
    conn.execute(IMPORT.update().where(IMPORT.c.id == number).values(undone_at=at, undone_by=who))
    ours = sa.select(IMPORTED.c.key).where(IMPORTED.c.account == account, IMPORTED.c.import_id == number)
    keys = list(conn.execute(ours).scalars())
    held = _newest(conn, account, keys)
    back = [row for by, row in held.values() if by < number]
    gone = [key for key in keys if key not in held]
    _soil_techniques(conn, account, live(conn, account, gone).values())
    records.mark_gone(conn, account, External, gone, now=at)
    _put(conn, account, [msgspec.structs.replace(row, updated_at=from_ms(at)) for row in back], at)
    return Undone(len(gone), len(back), len(keys) - len(gone) - len(back))


def all(conn: Connection, account: int) -> list[ImportRow]:
    """Every import, the newest first, those undone included."""
    query = sa.select(IMPORT).where(IMPORT.c.account == account).order_by(IMPORT.c.id.desc())
    return [ImportRow(**row._mapping) for row in conn.execute(query)]


def versions(conn: Connection, account: int, key: str) -> list[tuple[ImportRow, External]]:
    """Every version of one row with the import that brought it, the newest first."""
    query = sa.select(IMPORT, IMPORTED.c.body).join(IMPORTED, IMPORT.c.id == IMPORTED.c.import_id)
    query = query.where(IMPORTED.c.account == account, IMPORTED.c.key == clean.text(key, clean.LONGEST_ID))
    found = [dict(row._mapping) for row in conn.execute(query.order_by(IMPORT.c.id.desc()))]
    return [(ImportRow(**row), decode(External.kind, body)) for row in found for body in (row.pop("body"),)]


def whats(conn: Connection, account: int, *, as_of: int | None = None) -> frozenset[What]:
    """The sorts of rows that stood imported, now or at a past moment (epoch ms)."""
    query = sa.select(IMPORT.c.whats).where(IMPORT.c.account == account)
    if as_of is None:
        query = query.where(IMPORT.c.undone_at.is_(None))
    else:
        then = sa.or_(IMPORT.c.undone_at.is_(None), IMPORT.c.undone_at > as_of)
        query = query.where(IMPORT.c.at <= as_of, then)
    return frozenset(what for told in conn.execute(query).scalars() for what in counts(told))


def counts(told: str) -> Mapping[What, int]:
    """How many rows of each sort an import wrote, from its column."""
    return msgspec.json.decode(told, type=dict[What, int])


def trainings(conn: Connection, account: int) -> list[External]:
    """Every training that stands."""
    query = sa.select(RECORD.c.body).where(*_ours(account, "training"), RECORD.c.gone_at.is_(None))
    return [decode(External.kind, body) for body in conn.execute(query).scalars()]


def _undoable(conn: Connection, account: int, number: int) -> None:
    query = sa.select(IMPORT).where(IMPORT.c.account == account, IMPORT.c.id == number)
    row = conn.execute(query).one_or_none()
    if row is None:
        raise BadConfig([f"import {number}: there is none of this account; `kpi import list` names them"])
    if row.undone_at is not None:
        raise BadConfig([f"import {number}: {row.undone_by} has undone it already ({from_ms(row.undone_at):%Y-%m-%d})"])


def _newest(conn: Connection, account: int, keys: Sequence[str]) -> dict[str, tuple[int, External]]:
    """The newest version of each key that is not undone, with the import that brought it."""
    query = (
        sa.select(IMPORTED.c.key, IMPORTED.c.import_id, IMPORTED.c.body)
        .join(IMPORT, IMPORT.c.id == IMPORTED.c.import_id)
        .where(IMPORTED.c.account == account, among(conn, IMPORTED.c.key, keys), IMPORT.c.undone_at.is_(None))
        .order_by(IMPORTED.c.import_id)
    )
    return {row.key: (row.import_id, decode(External.kind, row.body)) for row in conn.execute(query)}


def _put(conn: Connection, account: int, rows: Sequence[External], at: int) -> None:
    """These are what their keys hold from now on; what they replace is looked at first."""
    _soil_techniques(conn, account, [*rows, *live(conn, account, [row.id for row in rows]).values()])
    records.keep(conn, account, rows, now=at)


def _soil_techniques(conn: Connection, account: int, touched: Iterable[External]) -> None:
    """A training that comes, changes or goes decides over uses of techniques in other dossiers."""
    if any(row.what == "training" for row in touched):
        query = sa.select(RECORD.c.dossier).where(*_ours(account, "technique")).distinct()
        dossiers.soil(conn, account, [top for top in conn.execute(query).scalars() if top is not None])


def _ours(account: int, what: What) -> tuple[sa.ColumnElement[bool], ...]:
    """Imported rows of a sort: texts in a body have their quotes escaped, so no other can hold these letters."""
    return RECORD.c.account == account, RECORD.c.kind == External.kind, RECORD.c.body.like(f'%"what":"{what}"%')


def _moment(conn: Connection, account: int, now: int) -> int:
    """Later than all that was imported or undone before, whatever the clock says: the last word must be the last."""
    query = sa.select(sa.func.max(IMPORT.c.at), sa.func.max(IMPORT.c.undone_at)).where(IMPORT.c.account == account)
    last = max((at for at in conn.execute(query).one() if at is not None), default=0)
    return max(now, last + 1)


def _said(row: External) -> External:
    """What the row says, without who said it and when."""
    return msgspec.structs.replace(row, updated_at=None, source="", by="")


def _counts(rows: Iterable[External]) -> str:
    return msgspec.json.encode(dict(sorted(Counter(row.what for row in rows).items()))).decode()
