"""Everything ever written, append-only: field by field, before and after. Rows are never changed or deleted.

What we wanted and saw last (`written`) is read from here, so that planner, deliverer and undo agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.moment import from_ms
from connector.store import clean
from connector.store.sent import undo_key
from connector.store.upsert import chunks, table
from connector.wishes import Written

Status = Literal["done", "noop", "undone", "conflict", "rejected"]
KNOWN: tuple[Status, ...] = ("done", "noop", "undone", "conflict")
"""Statuses that tell what stands in a field."""
CLOSED = "closed"
"""The field of a task that was completed by an undo."""
_LEDGER, _RUN = table("ledger"), table("run")
_LONGEST_RUN = 3_600_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of one write. `before` and `after` as the CRM shows them; `at` epoch milliseconds."""

    run: int
    key: str
    target: str
    field: str
    before: str | None
    after: str | None
    wanted: str | None
    status: Status
    reason: str
    at: int
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Wrote:
    """One write to a target: when (epoch ms), and which value was wanted in which field."""

    at: int
    values: frozenset[tuple[str, str | None]]


def append(conn: Connection, account: int, entries: Sequence[Entry]) -> None:
    """Add them, in this order; text from the CRM is made fit for both databases."""
    rows = [
        {name: clean.text(value) if isinstance(value, str) else value for name, value in asdict(entry).items()}
        for entry in entries
    ]
    for row in rows:
        del row["id"]
    if rows:
        conn.execute(sa.insert(_LEDGER), [{"account": account, **row} for row in rows])


def latest(conn: Connection, account: int, targets: Collection[str] | None = None) -> dict[str, dict[str, Entry]]:
    """Target -> field -> its newest entry that tells what stands there; of these targets, or of all."""
    found: dict[str, dict[str, Entry]] = {}
    for chosen in _chunks(targets):
        newest = sa.select(sa.func.max(_LEDGER.c.id)).where(_LEDGER.c.account == account, _LEDGER.c.status.in_(KNOWN))
        if chosen is not None:
            newest = newest.where(_LEDGER.c.target.in_(chosen))
        newest = newest.group_by(_LEDGER.c.target, _LEDGER.c.field)
        for entry in _entries(conn, sa.select(_LEDGER).where(_LEDGER.c.id.in_(newest))):
            found.setdefault(entry.target, {})[entry.field] = entry
    return found


def written(conn: Connection, account: int, targets: Collection[str] | None = None) -> dict[str, dict[str, Written]]:
    """The same as the planner sees it."""
    return {
        target: {name: as_written(entry) for name, entry in fields.items()}
        for target, fields in latest(conn, account, targets).items()
    }


def as_written(entry: Entry) -> Written:
    """What the entry says of its field."""
    theirs = entry.status == "conflict"
    shown = entry.before if theirs else entry.after
    return Written(wanted=entry.wanted, shown=shown, at=from_ms(entry.at), theirs=theirs)


def of_run(conn: Connection, account: int, run: int) -> list[Entry]:
    """What a run wrote, in the order of writing."""
    chosen = sa.select(_LEDGER).where(_LEDGER.c.account == account, _LEDGER.c.run == run).order_by(_LEDGER.c.id)
    return list(_entries(conn, chosen))


def undoings(conn: Connection, account: int, run: int) -> list[int]:
    """The run that put back what this one wrote, the one that undid that, and so on; of several the last each time."""
    found: list[int] = []
    while (last := _last_undoing(conn, account, found[-1] if found else run)) is not None:
        found.append(last)
    return found


def _last_undoing(conn: Connection, account: int, run: int) -> int | None:
    theirs = (_LEDGER.c.run > run, _LEDGER.c.status == "undone", _LEDGER.c.key.startswith(undo_key.beginning(run)))
    last = conn.execute(sa.select(sa.func.max(_LEDGER.c.run)).where(_LEDGER.c.account == account, *theirs)).scalar()
    return None if last is None else int(last)


def withdrawn(conn: Connection, account: int, tasks: Collection[str]) -> dict[str, int]:
    """Those of these tasks (ids in the CRM) that an undo completed, and when first (epoch ms)."""
    found: dict[str, int] = {}
    for chosen in chunks(sorted({f"task:{id}" for id in tasks})):
        statement = (
            sa.select(_LEDGER.c.target, sa.func.min(_LEDGER.c.at))
            .where(_LEDGER.c.account == account, _LEDGER.c.target.in_(chosen), _LEDGER.c.field == CLOSED)
            .where(_LEDGER.c.status.in_(("undone", "noop")))
            .group_by(_LEDGER.c.target)
        )
        found |= {target.removeprefix("task:"): at for target, at in conn.execute(statement)}
    return found


def recent(conn: Connection, account: int, limit: int) -> list[Entry]:
    """The newest entries, the newest first."""
    newest = sa.select(_LEDGER.c.id).where(_LEDGER.c.account == account).order_by(_LEDGER.c.id.desc()).limit(limit)
    return list(_entries(conn, sa.select(_LEDGER).where(_LEDGER.c.id.in_(newest))))[::-1]


def writes(conn: Connection, account: int, targets: Collection[str], since: int) -> dict[str, list[Wrote]]:
    """What was written to each of these targets since then, oldest first: the loop breaker looks at it."""
    found: dict[str, dict[tuple[str, int], set[tuple[str, str | None]]]] = {}
    for chosen in _chunks(targets):
        statement = (
            sa.select(_LEDGER.c.target, _LEDGER.c.key, _LEDGER.c.at, _LEDGER.c.field, _LEDGER.c.wanted)
            .where(_LEDGER.c.account == account, _LEDGER.c.status == "done", _LEDGER.c.at > since)
            .where(_LEDGER.c.target.in_(chosen or ()))
            .order_by(_LEDGER.c.at, _LEDGER.c.id)
        )
        for target, key, at, name, wanted in conn.execute(statement):
            values = found.setdefault(target, {}).setdefault((key, at), set())
            values |= set() if name.startswith("@") else {(name, wanted)}
    return {
        target: [Wrote(at, frozenset(values)) for (_, at), values in each.items()] for target, each in found.items()
    }


def sums(conn: Connection, account: int, since: int) -> dict[str, int]:
    """How many writes changed something after `since` (epoch ms), by sort of target: deal, card, task.

    Undoing is not counted. Only runs that began within an hour before, or later, are looked through.
    """
    began = sa.select(sa.func.min(_RUN.c.id)).where(_RUN.c.account == account, _RUN.c.started_at > since - _LONGEST_RUN)
    writes = (
        sa.select(_LEDGER.c.target, _LEDGER.c.key, _LEDGER.c.at)
        .where(_LEDGER.c.account == account, _LEDGER.c.run >= sa.func.coalesce(began.scalar_subquery(), 0))
        .where(_LEDGER.c.at > since, _LEDGER.c.status == "done")
        .distinct()
    )
    return Counter(target.partition(":")[0] for target, _, _ in conn.execute(writes))


def _entries(conn: Connection, statement: sa.Select[Any]) -> Iterator[Entry]:
    for row in conn.execute(statement.order_by(_LEDGER.c.id)).mappings():
        yield Entry(**{name: value for name, value in row.items() if name != "account"})


def _chunks(targets: Collection[str] | None) -> Iterator[Sequence[str] | None]:
    return iter((None,)) if targets is None else chunks(sorted(set(targets)))
