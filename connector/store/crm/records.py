"""Pages of records into the store: only forwards in time, with cursor, links and dirty dossiers in one transaction.

    page | newest of each | compare with what is stored | resolve dossiers | upsert | cascade | settle removals | soil

Nothing here commits: the caller's transaction holds the rows and the cursor, so a crash re-reads at most one page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.moment import day_number, from_ms, to_ms
from connector.provider import Page
from connector.records import Rate, Record, Ref, Removal
from connector.store import cursors, notices
from connector.store.crm import dossiers, links, observed, refusals, removals, versions
from connector.store.encoding import Key, Row, decode, newest, older, refs, row
from connector.store.upsert import among, insert_on, many, table

if TYPE_CHECKING:
    from connector.store.leases import Fence

R = TypeVar("R", bound=Record)
RECORD = table("record")
_COLUMNS = ("hash", "updated_at", "first_seen", "changed_at", "gone_at", "link", "dossier")


class Saved(NamedTuple):
    """What a page brought: records never seen, changed, known already, newly gone; and how many had to be mended."""

    new: int
    changed: int
    same: int
    gone: int
    mended: int = 0


@dataclass(slots=True)
class Batch:
    """A page compared with the store: rows to write, those of them that are new, and what else it brings about."""

    write: dict[Key, Row] = field(default_factory=dict)
    new: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    was: dict[Key, Ref | None] = field(default_factory=dict)
    """The dossiers of rows that were stored before."""
    stay: dict[Key, Row] = field(default_factory=dict)
    """Rows to write that are stored and hang where they hung."""
    doubtful: set[Ref] = field(default_factory=set)
    """Refs of records that were gone and may be back."""


def save_page(  # noqa: PLR0913 - what to store, where, what to observe, under which lease
    conn: Connection,
    account: int,
    kind: type[Record],
    page: Page,
    *,
    now: int,
    shown_at: datetime | None = None,
    observe_owner: bool = False,
    observe_price: bool = False,
    observe_deadline: bool = False,
    fence: Fence | None = None,
) -> Saved:
    """Store a page of the stream `kind` and its cursor. Older versions of a record never replace newer ones.

    `observe_*` where the CRM does not tell such changes: comparing makes records of them, as it always does of fields
    that were filled. `shown_at`: when its first row was shown, where that is before `told_at`. Raises Busy where the
    fence has fallen.
    """
    if fence is not None:
        fence.check(conn)
    told = newest(account, page.records, now)
    incoming, mended = told.rows, told.mended
    watched = {"deal", "lead"} if observe_owner or observe_price else {"deal"}
    watched |= {"meeting", "task"} if observe_deadline else set()
    bodies = () if watched.isdisjoint([key[0] for key in incoming]) else ("body",)
    stored = links.fetch(conn, account, incoming, (*_COLUMNS, *bodies))
    batch = _compare(stored, incoming)
    saved = Saved(len(batch.new), len(batch.changed), len(incoming) - len(batch.new) - len(batch.changed), 0, mended)
    look = partial(observed.changes, owner=observe_owner, price=observe_price, deadline=observe_deadline)
    whole = observe_owner or observe_price or observe_deadline
    for made in [made for made in batch.changed if made.kind in watched]:
        before = stored[key := (made.kind, made.id)].body
        if whole or not observed.same_fields(made.body, before):
            _add(account, batch, look(decode(made.kind, before), told.records[key], page.told_at), now)
    _add(account, batch, _back(stored, shown_at or page.told_at), now)
    gone = _write(conn, account, batch)
    if kind is Rate and (rates := [*batch.new, *batch.changed]):  # what an older rate converted is converted anew
        dossiers.soil_foreign(conn, account, _first_days(decode("rate", made.body) for made in rates))
    _note(conn, account, kind.kind, page, incoming, mended, now)
    return saved._replace(gone=gone)


def _first_days(rates: Iterable[Record]) -> dict[str, int]:
    """Of each currency the first day told."""
    first: dict[str, int] = {}
    for one in rates:
        assert isinstance(one, Rate)
        first[one.currency] = min(first.get(one.currency, day_number(one.day)), day_number(one.day))
    return first


def keep(conn: Connection, account: int, told: Iterable[Record], *, now: int) -> None:
    """Records that no stream brought: as a page's, without a cursor."""
    incoming = newest(account, told, now).rows
    _write(conn, account, _compare(links.fetch(conn, account, incoming, _COLUMNS), incoming))


def _compare(stored: Mapping[Key, Any], incoming: Mapping[Key, Row]) -> Batch:
    """Decide for each row: new, changed, merely stated again later, or nothing new. Pure."""
    if not stored:  # a first read
        return Batch(write=dict(incoming), new=list(incoming.values()))
    batch = Batch()
    for key, made in incoming.items():
        old = stored.get(key)
        if old is None:
            batch.new.append(made)
        elif older(made, old) or (made.hash == old.hash and made.updated_at in (old.updated_at, None)):
            continue
        else:
            made.first_seen, made.gone_at = old.first_seen, old.gone_at
            batch.was[key] = old.dossier
            if made.link == old.link:  # where it hangs is known: whatever moves above it takes it along
                made.dossier, batch.stay[key] = old.dossier, made
            if made.hash != old.hash:
                batch.changed.append(made)
            else:
                made.changed_at = old.changed_at
            if old.gone_at is not None:
                batch.doubtful.add(refs(*key)[0])
        batch.write[key] = made
    return batch


def _back(stored: Mapping[Key, Any], shown_at: datetime) -> Iterator[Removal]:
    """The CRM shows what was thought gone, and gives no moments by which to tell which is later."""
    for key, old in stored.items():
        if old.gone_at is not None and old.updated_at is None and to_ms(shown_at) > old.gone_at:
            yield observed.back(refs(*key)[0], shown_at)


def _note(
    conn: Connection, account: int, kind: str, page: Page, incoming: Iterable[Key], mended: int, now: int
) -> None:
    """Beside the records: where the stream stands, what could not be read, what had to be mended."""
    told_at = to_ms(page.told_at)
    cursors.advance(conn, account, kind, cursor=page.cursor, told_at=told_at, rows=len(page.records))
    refusals.heal(conn, account, incoming)
    refusals.keep(conn, account, page.refused, now=now)
    if mended:
        text = f"{mended} records held text or numbers that no database keeps; they were mended"
        notices.add(conn, account, "mended", kind, text, now=now)


def _add(account: int, batch: Batch, extra: Iterable[Record], now: int) -> None:
    """Records of our own beside the page's."""
    for record in extra:
        made, _, _ = row(account, record, now)
        batch.write[made.key] = made
        batch.new.append(made)


def _write(conn: Connection, account: int, batch: Batch) -> int:
    """Upsert, let everything that hangs on it follow, and make the dossiers dirty; returns how many are newly gone."""
    links.resolve(conn, account, batch.write)
    placed = (
        [made for key, made in batch.write.items() if key not in batch.stay] if batch.stay else batch.write.values()
    )
    many(conn, _upsert, list(map(msgspec.structs.astuple, placed)))
    many(conn, _amend, [_amended(made) for made in batch.stay.values()])
    versions.keep(conn, account, (*batch.new, *batch.changed))
    came = [made for made in placed if made.dossier != batch.was.get(made.key)] if batch.was else list(placed)
    moved = links.cascade(conn, account, came)
    dirty = {made.dossier for made in (*batch.new, *batch.changed, *came)}
    if batch.was:
        dirty |= {batch.was.get(made.key) for made in came}
    told = {made.link for made in (*batch.new, *batch.changed) if made.kind == "removal" and made.link is not None}
    settled = removals.settle(conn, account, moved.removed | told | batch.doubtful)
    followed = links.cascade(conn, account, settled.moved)
    dirty |= moved.dossiers | settled.dossiers | followed.dossiers
    dossiers.soil(conn, account, (key for key in dirty if key is not None))
    return settled.gone


def _upsert(dialect: str) -> Any:
    """Only forwards: comparing already left older rows out; this holds even if two writers met."""
    statement = insert_on(dialect, RECORD, Row.__struct_fields__)
    new, old = statement.excluded, RECORD.c
    unordered = sa.or_(new.updated_at == old.updated_at, new.updated_at.is_(None), old.updated_at.is_(None))
    dated = sa.and_(old.updated_at.is_(None), new.updated_at.is_not(None))
    return statement.on_conflict_do_update(
        index_elements=["account", "kind", "id"],
        set_={name: new[name] for name in ("body", "hash", "updated_at", "changed_at", "gone_at", "link", "dossier")},
        where=sa.or_(new.updated_at > old.updated_at, dated, sa.and_(unordered, new.hash != old.hash)),
    )


def _amend(_dialect: str) -> sa.Update:
    """The same of rows that hang where they hung: two indexes less to touch, and the row is found once."""
    ours = [RECORD.c[name] == sa.bindparam(f"of_{name}") for name in ("account", "kind", "id")]
    new = {name: sa.bindparam(name, type_=RECORD.c[name].type) for name in ("body", "hash", "updated_at", "changed_at")}
    later = sa.func.coalesce(RECORD.c.updated_at > sa.bindparam("made_at"), sa.false())
    return RECORD.update().values(new).where(*ours, later.is_(sa.false()))


def _amended(made: Row) -> tuple[Any, ...]:
    at = made.updated_at
    return made.body, made.hash, at, made.changed_at, made.account, made.kind, made.id, at


def directory(conn: Connection, account: int, kind: type[R]) -> dict[str, R]:
    """Every record of a kind by id, those gone included: what happened long ago still names them."""
    query = sa.select(RECORD.c.id, RECORD.c.body).where(RECORD.c.account == account, RECORD.c.kind == kind.kind)
    return {id: decode(kind.kind, body) for id, body in sorted(tuple(found) for found in conn.execute(query))}


def get(conn: Connection, account: int, kind: type[R], ids: Iterable[str]) -> dict[str, R]:
    """These, as far as they are stored, gone or not."""
    found = links.fetch(conn, account, [(kind.kind, id) for id in ids], ("body",))
    return {id: decode(name, row.body) for (name, id), row in found.items()}


def live_ids(conn: Connection, account: int, kind: type[Record]) -> set[str]:
    """Ids of those that are not gone."""
    ours = (RECORD.c.account == account, RECORD.c.kind == kind.kind, RECORD.c.gone_at.is_(None))
    return set(conn.execute(sa.select(RECORD.c.id).where(*ours)).scalars())


def live_under(conn: Connection, account: int, kind: type[Record], on: Sequence[Ref]) -> set[str]:
    """Ids of those that hang on any of these and are not gone."""
    ours = (RECORD.c.account == account, RECORD.c.kind == kind.kind, RECORD.c.gone_at.is_(None))
    return set(conn.execute(sa.select(RECORD.c.id).where(*ours, among(conn, RECORD.c.link, on))).scalars())


def mark_gone(conn: Connection, account: int, kind: type[Record], ids: Iterable[str], *, now: int) -> int:
    """The CRM confirmed, one by one, that these are not there; returns how many were thought to be.

    Kept as removals at `now`, so that a later change brings a record back and an older one does not.
    """
    return _tell(conn, account, kind, ids, "deleted", now)


def mark_back(conn: Connection, account: int, kind: type[Record], ids: Iterable[str], *, now: int) -> int:
    """The CRM confirmed that these are there after all; returns how many were thought gone."""
    return _tell(conn, account, kind, ids, "restored", now)


def _tell(conn: Connection, account: int, kind: type[Record], ids: Iterable[str], what: Any, now: int) -> int:
    known = links.fetch(conn, account, [(kind.kind, id) for id in ids], ("gone_at",))
    named = [refs(*key)[0] for key, old in known.items() if (old.gone_at is None) == (what == "deleted")]
    batch = Batch()
    swept = (Removal(id=f"swept:{ref}:{now}", of=ref, at=from_ms(now), what=what) for ref in named)
    _add(account, batch, swept, now)
    _write(conn, account, batch)
    return len(named)
