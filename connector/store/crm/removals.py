"""Gone or there: decided by what the CRM told last, by the moment of the event, whichever order the news came in.

Every deletion, merge and restoration is a removal record, those that our own sweep confirmed included. A record is
gone where the last of its removals does not say "restored" and the record itself was not changed later than that.
What was merged into another hangs on that one, with all its history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.moment import to_ms
from connector.records import Ref, Removal
from connector.store.crm import links
from connector.store.encoding import Row, decode
from connector.store.upsert import among, many, table

RECORD = table("record")
_COLUMNS = ("body", "updated_at", "gone_at", "link", "dossier")


@dataclass(slots=True)
class Settled:
    """Dossiers touched, how many records are gone that were not, and rows whose dossier moved."""

    dossiers: set[Ref] = field(default_factory=set)
    gone: int = 0
    moved: list[Row] = field(default_factory=list)


def last(removals: Iterable[Removal]) -> dict[Ref, Removal]:
    """The latest of each record's removals; of two at one moment the one with the greater id."""
    latest: dict[Ref, Removal] = {}
    for removal in removals:
        rival = latest.get(removal.of)
        if rival is None or (rival.at, rival.id) < (removal.at, removal.id):
            latest[removal.of] = removal
    return latest


def settle(conn: Connection, account: int, refs: Collection[Ref]) -> Settled:
    """Decide anew for the records that these refs name."""
    settled = Settled()
    if not refs:
        return settled
    latest, stays = last(of(conn, account, refs)), []
    for ref, row in links.at(conn, account, refs, _COLUMNS).items():
        removal = latest.get(ref)
        gone_at = _gone_at(row.updated_at, removal)
        link = _link(row, removal if gone_at is not None else None)
        if (gone_at, link) != (row.gone_at, row.link):
            new = _note(conn, account, row, gone_at, link, settled)
            if link == row.link:
                stays.append((gone_at, account, row.kind, row.id))
            else:  # what hangs on it looks here for its dossier
                _move(conn, new)
    many(conn, _mark_one, stays)
    return settled


def of(conn: Connection, account: int, refs: Collection[Ref]) -> list[Removal]:
    """Every removal told of these records."""
    picked = sa.select(RECORD.c.body).where(RECORD.c.account == account, RECORD.c.kind == "removal")
    return [decode("removal", body) for (body,) in conn.execute(picked.where(among(conn, RECORD.c.link, refs)))]


def _gone_at(updated_at: int | None, removal: Removal | None) -> int | None:
    if removal is None or removal.what == "restored":
        return None
    at = to_ms(removal.at)
    return None if updated_at is not None and updated_at > at else at


def _link(row: Any, removal: Removal | None) -> Ref | None:
    if removal is not None and removal.what == "merged" and removal.into not in (None, removal.of):
        return removal.into
    own: Ref | None = decode(row.kind, row.body).link()
    return own


def _note(conn: Connection, account: int, row: Any, gone_at: int | None, link: Ref | None, settled: Settled) -> Row:
    new = Row(account, row.kind, row.id, "", "", row.updated_at, 0, 0, gone_at, link, row.dossier)
    if link != row.link:
        new.dossier = None
        links.resolve(conn, account, {new.key: new})
        settled.moved.append(new)
    settled.dossiers |= {dossier for dossier in (row.dossier, new.dossier) if dossier is not None}
    settled.gone += gone_at is not None and row.gone_at is None
    return new


def _move(conn: Connection, new: Row) -> None:
    ours = (RECORD.c.account == new.account, RECORD.c.kind == new.kind, RECORD.c.id == new.id)
    conn.execute(RECORD.update().where(*ours).values(gone_at=new.gone_at, link=new.link, dossier=new.dossier))


def _mark_one(_dialect: str) -> sa.Update:
    ours = [RECORD.c[name] == sa.bindparam(f"of_{name}") for name in ("account", "kind", "id")]
    return RECORD.update().values(gone_at=sa.bindparam("at")).where(*ours)
