"""What hangs on what: every record's dossier is that of the record it links to, however late that one comes.

The rule: the dossier of the linked record where that is stored, else the link itself, else the record's own ref.
`resolve` applies it to rows about to be written, `cascade` to what already hangs on rows that came or moved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.records import Ref
from connector.store.encoding import Key, Row, keys, refs
from connector.store.upsert import among_listed, ask, ask_plainly, listed, many, table

T = TypeVar("T")
RECORD = table("record")
DIRECTORY = frozenset({"user", "team", "pipeline", "stage", "loss_reason", "rate"})
"""Kinds that belong to no client."""
PARENTS = frozenset({"client", "deal", "lead", "meeting", "task", "call", "external"})
"""Kinds on which others may hang."""
DEEPEST = 12
"""Levels below a client: a call on a lead of a deal of a contact of a company makes four. Only a circle goes deeper."""


@dataclass(slots=True)
class Moved:
    """What a cascade did: dossiers that lost something, and refs that turned out to have removals waiting for them."""

    dossiers: set[Ref] = field(default_factory=set)
    removed: set[Ref] = field(default_factory=set)


def fetch(conn: Connection, account: int, wanted: Iterable[Key], columns: Collection[str]) -> dict[Key, Any]:
    """The stored rows of these keys, with kind, id and the named columns."""
    found: dict[Key, Any] = {}
    ids: dict[str, list[str]] = defaultdict(list)
    for kind, id in wanted:
        ids[kind].append(id)
    for kind in sorted(ids):
        for row in ask(conn, _by_key, (account, kind, listed(conn, ids[kind])), *columns):
            found[row[0], row[1]] = row
    return found


def _by_key(dialect: str, *columns: str) -> Any:
    picked = sa.select(*(RECORD.c[name] for name in ("kind", "id", *columns)))
    ours = (RECORD.c.account == sa.bindparam("account"), RECORD.c.kind == sa.bindparam("kind"))
    return picked.where(*ours, among_listed(dialect, RECORD.c.id))


def at(conn: Connection, account: int, wanted: Iterable[Ref], columns: Collection[str]) -> dict[Ref, Any]:
    """The stored rows that these refs name."""
    meant = {ref: keys(ref) for ref in wanted}
    found = fetch(conn, account, [key for several in meant.values() for key in several], columns)
    named = {ref: _one_of(found, several) for ref, several in meant.items()} if found else {}
    return {ref: row for ref, row in named.items() if row is not None}


def resolve(conn: Connection, account: int, rows: Mapping[Key, Row]) -> None:
    """Set the dossier of rows about to be written that have none yet, by what is stored and by one another."""
    unknown = [row for row in rows.values() if row.dossier is None and not _in_directory(row)]
    links = {row.link for row in unknown if row.link is not None}
    meant = _by_kind(links)
    here: dict[Ref, Row] = {}
    if not meant.keys().isdisjoint([kind for kind, _ in rows]):
        here = {link: above for link in links if (above := _one_of(rows, keys(link))) is not None}
    stored = _dossiers(conn, account, _by_kind(links - here.keys()) if here else meant)
    if not here:  # as mostly: what is above is stored, or nowhere yet
        for row in unknown:
            row.dossier = refs(row.kind, row.id)[0] if row.link is None else stored.get(row.link) or row.link
        return
    for row, top in [(row, _top(row, here, stored)) for row in unknown]:
        row.dossier = top


def _by_kind(links: Iterable[Ref]) -> dict[str, list[str]]:
    """The ids of the rows that these refs may mean, by kind."""
    ids: dict[str, list[str]] = defaultdict(list)
    for link in links:
        for kind, id in keys(link):
            ids[kind].append(id)
    return ids


def _dossiers(conn: Connection, account: int, ids: Mapping[str, Collection[str]]) -> dict[Ref, Ref | None]:
    """Of stored rows, by every ref that names them; `task:61` is the meeting 61 only where there is no task 61."""
    found: dict[Ref, Ref | None] = {}
    for kind in sorted(ids):  # a meeting before a task
        for id, dossier in ask_plainly(conn, _dossier_of, (account, kind, listed(conn, ids[kind]))):
            for ref in refs(kind, id):
                found[ref] = dossier
    return found


def _dossier_of(dialect: str) -> Any:
    ours = (RECORD.c.account == sa.bindparam("account"), RECORD.c.kind == sa.bindparam("kind"))
    return sa.select(RECORD.c.id, RECORD.c.dossier).where(*ours, among_listed(dialect, RECORD.c.id))


def _in_directory(row: Row) -> bool:
    """A directory entry, or the removal of one."""
    if row.kind == "removal" and row.link:
        return keys(row.link)[0][0] in DIRECTORY
    return row.kind in DIRECTORY


def _one_of(rows: Mapping[Key, T], several: Sequence[Key]) -> T | None:
    """The likeliest of these that is there."""
    for key in several:
        if key in rows:
            return rows[key]
    return None


def _top(row: Row, here: Mapping[Ref, Row], stored: Mapping[Ref, Ref | None]) -> Ref:
    """Climb through the page to a row that is settled, or whose parent is not in it; a circle ends somewhere on it."""
    for _ in range(DEEPEST):
        if row.dossier is not None:
            return row.dossier
        if row.link is None:
            break
        above = here.get(row.link)
        if above is None:
            return stored.get(row.link) or row.link
        row = above
    return refs(row.kind, row.id)[0]


def cascade(conn: Connection, account: int, came: Iterable[Row]) -> Moved:
    """Give the dossiers of rows that came or moved to all that hangs on them, and on what hangs on that."""
    moved = Moved()
    level = {(row.kind, row.id): row.dossier for row in came if row.kind in PARENTS}
    for _ in range(DEEPEST):
        if not level:
            break
        tops = _named(conn, account, level)
        children = _children(conn, account, tops)
        moved.removed |= {child.link for child in children if child.kind == "removal"}
        astray = [child for child in children if child.dossier != tops[child.link]]
        moved.dossiers |= {child.dossier for child in astray}
        many(conn, _hang_one, [(tops[child.link], account, child.kind, child.id) for child in astray])
        level = {(child.kind, child.id): tops[child.link] for child in astray if child.kind in PARENTS}
    return moved


def _named(conn: Connection, account: int, level: Mapping[Key, Ref | None]) -> dict[Ref, Ref]:
    """Dossiers by every ref of these rows; `task:61` means the meeting 61 only where there is no task 61."""
    tops = {ref: top for (kind, id), top in level.items() if top is not None for ref in refs(kind, id)}
    shared = [("task", id) for kind, id in level if kind == "meeting"]
    for kind, id in fetch(conn, account, shared, ("dossier",)) if shared else ():
        if (kind, id) not in level:
            del tops[f"task:{id}"]
        else:
            tops[f"task:{id}"] = str(level[kind, id])
    return tops


def _children(conn: Connection, account: int, tops: Collection[Ref]) -> list[Any]:
    return list(ask(conn, _by_link, (account, listed(conn, tops)))) if tops else []


def _by_link(dialect: str) -> Any:
    picked = sa.select(RECORD.c.kind, RECORD.c.id, RECORD.c.link, RECORD.c.dossier)
    return picked.where(RECORD.c.account == sa.bindparam("account"), among_listed(dialect, RECORD.c.link))


def _hang_one(dialect: str) -> sa.Update:
    ours = [RECORD.c[name] == sa.bindparam(f"of_{name}") for name in ("account", "kind", "id")]
    return RECORD.update().values(dossier=sa.bindparam("top")).where(*ours)
