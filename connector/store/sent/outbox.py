"""Wishes on their way into the CRM. Every step is a row's state, and only the steps of MOVES exist.

planned, approved, retry ──claim──▶ sending ──settle──▶ done, noop, conflict, rejected, retry, unknown, dead
                                       └─crash─▶ unknown ─look─▶ done, or planned again
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store import clean
from connector.store.upsert import chunks, table
from connector.wishes import Wish

State = Literal["planned", "approved", "sending", "done", "noop", "conflict", "rejected", "retry", "unknown", "dead"]
WAITING: tuple[State, ...] = ("planned", "approved", "retry")
"""Not sent, or known not to have run: may be replaced and withdrawn."""
FLYING: tuple[State, ...] = ("sending", "unknown")
"""May have happened: must be looked up or repeated as it is before anything newer goes out."""
LOST: tuple[State, ...] = ("unknown",)
OVER: tuple[State, ...] = ("done", "noop", "conflict", "rejected", "dead")
GIVEN_UP: tuple[State, ...] = ("rejected", "dead")
MOVES: dict[State, tuple[State, ...]] = {
    "planned": ("sending", "planned"),
    "approved": ("sending", "approved"),
    "retry": ("sending", "retry", "dead"),
    "sending": (*OVER, "retry", "unknown", "planned"),
    "unknown": (*OVER, "sending", "unknown", "planned"),
    **{state: ("planned",) for state in OVER},
}
_OUTBOX = table("outbox")
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Wish).decode


@dataclass(frozen=True, slots=True)
class Queued:
    """A row. Instants are epoch milliseconds."""

    wish: Wish
    level: str
    state: State = "planned"
    tries: int = 0
    not_before: int | None = None
    sent_at: int | None = None
    run: int | None = None
    reason: str = ""
    crm_id: str | None = None
    message: str = ""
    created_at: int = 0

    @property
    def key(self) -> str:
        return self.wish.key


@dataclass(slots=True)
class Put:
    """What became of wishes that were put in: keys, each in one list."""

    new: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Waiting or flying already."""
    refused: list[str] = field(default_factory=list)
    """Rejected or dead before with the very same values: not asked again unless forced."""
    replaced: list[str] = field(default_factory=list)
    """Waiting rows that gave way to a newer wish for their target."""
    withdrawn: list[str] = field(default_factory=list)
    """Waiting rows whose target needs nothing any more."""


def subject_of(key: str) -> str:
    """The part of a key before the fingerprint: one waiting row at most for each."""
    return key.rpartition("#")[0]


def put(
    conn: Connection,
    account: int,
    wishes: Sequence[tuple[Wish, str, str]],
    *,
    run: int,
    now: int,
    whole: Collection[str] = (),
    force: bool = False,
) -> Put:
    """Queue (wish, level, reason). `whole`: levels of which these are all the wishes there are, so that others of them
    that still wait are withdrawn. A task's key is good for one task: it is never queued again once it was sent.
    """
    result, queue = Put(), _Queue(conn, account, run, now)
    for wish, level, reason in wishes:
        row = queue.rows.get(wish.key)
        if row is None:
            result.replaced += queue.add(wish, level, reason)
            result.new.append(wish.key)
        elif row.state in WAITING or row.state in FLYING:
            result.kept.append(wish.key)
        elif _again(row, force):
            queue.revive(wish, reason)
            result.new.append(wish.key)
        else:
            result.refused.append(wish.key)
    wanted = {subject_of(wish.key) for wish, _, _ in wishes}
    result.withdrawn = queue.withdraw(whole, wanted)
    return result


class _Queue:
    """The rows there were, by key and by subject, and the changes to them."""

    def __init__(self, conn: Connection, account: int, run: int, now: int) -> None:
        self.conn, self.account, self.run, self.now = conn, account, run, now
        self.rows = {row.key: row for row in _select(conn, account)}
        self.subjects: dict[str, list[Queued]] = {}
        for row in self.rows.values():
            self.subjects.setdefault(subject_of(row.key), []).append(row)

    def add(self, wish: Wish, level: str, reason: str) -> list[str]:
        """Insert; keys of the waiting rows it replaces. It inherits their place in the queue."""
        rivals = [row for row in self.subjects.get(subject_of(wish.key), []) if row.state in WAITING]
        over = [r.key for r in self.subjects.get(subject_of(wish.key), []) if r.state in OVER and r.level != "tasks"]
        _delete(self.conn, self.account, [*(row.key for row in rivals), *over])
        created_at = min([self.now, *(row.created_at for row in rivals)])
        values = {"key": wish.key, "wish": _encode(wish).decode(), "level": level, "reason": reason, "run": self.run}
        times = {"created_at": created_at, "updated_at": self.now}
        row = {"account": self.account, "state": "planned", "tries": 0, "message": "", **values, **times}
        self.conn.execute(sa.insert(_OUTBOX), row)
        return [row.key for row in rivals]

    def revive(self, wish: Wish, reason: str) -> None:
        """A row that was over is planned once more."""
        values = {"state": "planned", "tries": 0, "not_before": None, "sent_at": None, "message": ""}
        values |= {"wish": _encode(wish).decode(), "reason": reason, "run": self.run}
        values |= {"created_at": self.now, "updated_at": self.now}
        self.conn.execute(sa.update(_OUTBOX).where(*_one(self.account, wish.key)).values(values))

    def withdraw(self, levels: Collection[str], wanted: Collection[str]) -> list[str]:
        """Delete what waits at these levels for a subject that is not wanted any more."""
        gone = [
            row.key
            for subject, rows in self.subjects.items()
            for row in rows
            if row.state in WAITING and row.level in levels and subject not in wanted
        ]
        _delete(self.conn, self.account, gone)
        return gone


def _again(row: Queued, force: bool) -> bool:
    """Whether a row that is over may be queued anew."""
    return force if row.state in GIVEN_UP else row.level != "tasks"


def ready(
    conn: Connection, account: int, *, states: Collection[State], levels: Collection[str], now: int
) -> list[Queued]:
    """Rows in these states and levels whose time has come: undo first, what may have happened before what did not,
    then first come first served.
    """
    due = sa.or_(_OUTBOX.c.not_before.is_(None), _OUTBOX.c.not_before <= now)
    rows = _select(conn, account, _OUTBOX.c.state.in_(states), _OUTBOX.c.level.in_(levels), due)
    return sorted(rows, key=lambda row: (row.level != "undo", row.state not in FLYING, row.created_at, row.key))


def counts(conn: Connection, account: int) -> dict[tuple[str, State], int]:
    """How many rows there are by level and state."""
    grouped = sa.select(_OUTBOX.c.level, _OUTBOX.c.state, sa.func.count()).where(_OUTBOX.c.account == account)
    return {(level, state): n for level, state, n in conn.execute(grouped.group_by(_OUTBOX.c.level, _OUTBOX.c.state))}


def get(conn: Connection, account: int, keys: Collection[str]) -> dict[str, Queued]:
    """These rows, as far as they exist."""
    return {row.key: row for part in chunks(list(keys)) for row in _select(conn, account, _OUTBOX.c.key.in_(part))}


def unsettled(conn: Connection, account: int, limit: int) -> list[Queued]:
    """What waits, and what ended badly, the oldest first."""
    states = ("planned", "approved", *FLYING, "conflict", "rejected", "retry", "dead")
    rows = _select(conn, account, _OUTBOX.c.state.in_(dict.fromkeys(states)))
    return sorted(rows, key=lambda row: (row.created_at, row.key))[:limit]


def tasks(conn: Connection, account: int) -> list[Queued]:
    """Every task that was or may have been created."""
    states = (*FLYING, "done", "noop")
    return list(_select(conn, account, _OUTBOX.c.level == "tasks", _OUTBOX.c.state.in_(states)))


def recover(conn: Connection, account: int, *, now: int) -> int:
    """What a crash left in `sending` may or may not have happened: unknown. Returns how many there were."""
    mine = sa.update(_OUTBOX).where(_OUTBOX.c.account == account, _OUTBOX.c.state == "sending")
    told = "the program stopped between sending and the answer"
    return conn.execute(mine.values(state="unknown", message=told, updated_at=now)).rowcount


def claim(conn: Connection, account: int, row: Queued, *, run: int, now: int) -> None:
    """About to send: committed before the call, with the wish exactly as it goes out."""
    _move(
        conn, account, row.key, "sending", now,
        wish=_encode(row.wish).decode(), run=run, sent_at=now, tries=row.tries + 1, not_before=None,
    )  # fmt: skip


def settle(conn: Connection, account: int, key: str, state: State, *, now: int, **values: Any) -> None:
    """What became of it: message, crm_id, not_before, tries. Raises ValueError for a step that does not exist."""
    _move(conn, account, key, state, now, **values)


def _move(conn: Connection, account: int, key: str, state: State, now: int, **values: Any) -> None:
    values |= {name: clean.text(text) for name, text in values.items() if name == "message"}
    sources = [before for before, afters in MOVES.items() if state in afters]
    step = sa.update(_OUTBOX).where(*_one(account, key), _OUTBOX.c.state.in_(sources))
    if conn.execute(step.values(state=state, updated_at=now, **values)).rowcount != 1:
        raise ValueError(f"outbox row {key!r} cannot become {state!r} from where it stands")


def _one(account: int, key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _OUTBOX.c.account == account, _OUTBOX.c.key == key


def _delete(conn: Connection, account: int, keys: Sequence[str]) -> None:
    for part in chunks(keys):
        conn.execute(sa.delete(_OUTBOX).where(_OUTBOX.c.account == account, _OUTBOX.c.key.in_(part)))


def _select(conn: Connection, account: int, *where: sa.ColumnElement[bool]) -> Iterator[Queued]:
    chosen = sa.select(_OUTBOX).where(_OUTBOX.c.account == account, *where)
    for row in conn.execute(chosen).mappings():
        values = {name: row[name] for name in Queued.__slots__ if name != "wish"}
        yield Queued(wish=_decode(row["wish"]), **values)
