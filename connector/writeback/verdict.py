"""One wish and what the CRM made of it -> the outbox state and the ledger's entries. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from connector.store.sent.ledger import Entry, Status
from connector.store.sent.outbox import Queued, State
from connector.wishes import AddTask, CloseTask, Delivered, SetFields, UpsertCard
from connector.writeback.target import CARD_ID, target_of

TRIES = 5
"""Then a row is dead until a person drives it again."""
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
GRACE = 60_000
"""Milliseconds in which a lost request may still arrive: a task is not created anew before."""
Fields = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to store, in one transaction."""

    state: State
    entries: tuple[Entry, ...] = ()
    message: str = ""
    crm_id: str | None = None
    not_before: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A row that was sent, whether an answer to it was lost before, and what the ledger knew of its fields."""

    row: Queued
    run: int
    now: int
    was_unknown: bool = False
    known: Fields = field(default_factory=dict)

    @property
    def spent(self) -> bool:
        """Whether this was the last try."""
        return self.row.tries >= TRIES


def judge(case: Case, told: Delivered) -> Verdict:
    """Each outcome alone. `tries` of the row counts the one just made."""
    if told.status == "retry":
        return later(case, told.message)
    if told.status == "unknown":
        return lost(case, told.message)
    if told.status == "rejected":
        entry = _entry(case, "", None, None, None, "rejected", told.message or "the CRM gave no reason")
        return Verdict("rejected", (entry,), told.message, told.crm_id)
    verified = told.status == "noop" and case.was_unknown
    state: State = "done" if verified else told.status
    message = "the answer was lost; found done" if verified else told.message
    wish = case.row.wish
    if isinstance(wish, AddTask):
        entries = _task_entries(case, wish, told.crm_id)
    elif isinstance(wish, CloseTask):
        entries = (_entry(case, "closed", None, wish.text, wish.text, _status(case, state), message),)
    else:
        entries = _field_entries(case, wish, told, state, message)
    return Verdict(state, entries, message, told.crm_id)


def later(case: Case, message: str) -> Verdict:
    """It did not run and may pass later: 1, 4, 16, 64 minutes from now, then dead."""
    if case.spent:
        return Verdict("dead", message=f"gave up after {case.row.tries} tries: {message}")
    return Verdict("retry", message=message, not_before=case.now + 60_000 * 4 ** (case.row.tries - 1))


def lost(case: Case, message: str) -> Verdict:
    """It may have run. Fields are read before they are written again, tasks are looked for."""
    if case.spent and not isinstance(case.row.wish, AddTask):
        return Verdict("dead", message=f"sent {case.row.tries} times, each answer lost: {message}")
    return Verdict("unknown", message=message or "sent, answer lost")


def looked_up(case: Case, crm_id: str | None) -> Verdict:
    """A task whose answer was lost, after looking for its marker: there, or to be sent again, but not at once."""
    assert isinstance(case.row.wish, AddTask)
    if crm_id is not None:
        told = "the answer was lost; found by its marker"
        return Verdict("done", _task_entries(case, case.row.wish, crm_id, told), told, crm_id)
    if case.now - (case.row.sent_at or 0) < GRACE:
        return Verdict("unknown", message="not found yet; looked for again later")
    if case.spent:
        todo = f"search the CRM for {case.row.wish.marker}"
        return Verdict("dead", message=f"sent {case.row.tries} times, each answer lost, not found; {todo}")
    return Verdict("planned", message="the answer was lost; looked for and not found")


def _task_entries(case: Case, wish: AddTask, crm_id: str | None, reason: str = "") -> tuple[Entry, ...]:
    target = f"task:{crm_id}" if crm_id else target_of(wish)
    told = {"title": wish.title, "user": wish.user_id, "due": wish.due_at.isoformat(), "marker": wish.marker}
    why = reason or case.row.reason
    return tuple(_entry(case, name, None, text, text, "done", why, target) for name, text in told.items())


def _field_entries(
    case: Case, wish: SetFields | UpsertCard, told: Delivered, state: State, message: str
) -> tuple[Entry, ...]:
    entries = []
    for name, wanted in wish.values.items():
        if _is_theirs(name, wanted, wish, told, state):
            theirs = told.before.get(name)
            entries.append(_entry(case, name, theirs, theirs, wanted, "conflict", message))
        elif state != "conflict" or _was_written(name, told):
            before = told.before.get(name)
            if case.was_unknown and name in case.known:
                before = case.known[name].after
            entries.append(
                _entry(case, name, before, told.after.get(name, wanted), wanted, _status(case, state), message)
            )
    if isinstance(wish, UpsertCard) and told.crm_id and (CARD_ID not in case.known or wish.crm_id != told.crm_id):
        entries.append(_entry(case, CARD_ID, wish.crm_id, told.crm_id, told.crm_id, "noop", message))
    return tuple(entries)


def _is_theirs(name: str, wanted: str | None, wish: SetFields | UpsertCard, told: Delivered, state: State) -> bool:
    """Whether a person's value stands in the field. Where the provider told nothing of it, the whole wish's word."""
    if state == "noop" or _was_written(name, told):
        return False
    if name not in told.before:
        return state == "conflict" and not told.before
    left_alone = state == "conflict" or (bool(told.after) and name not in told.after)
    there = told.before[name]
    return left_alone and not same(there, wanted) and not same(there, wish.last.get(name))


def same(one: str | None, other: str | None) -> bool:
    """Whether two spellings say the same: `5.10` and `5.1`, `7 ` and `7`, `100.00|RUB` and `100`."""
    return one == other or (one is not None and other is not None and _bare(one) == _bare(other))


def _bare(text: str) -> str | Decimal:
    plain = text.partition("|")[0].strip()
    return Decimal(plain) if _NUMBER.fullmatch(plain) else plain


def _was_written(name: str, told: Delivered) -> bool:
    return name in told.after and told.after[name] != told.before.get(name)


def _status(case: Case, state: State) -> Status:
    """For the ledger: what undo wrote is told apart, so that it is not at once written over again."""
    if case.row.level == "undo":
        return "undone"
    return "noop" if state == "noop" else "done"


def _entry(
    case: Case, name: str, before: str | None, after: str | None, wanted: str | None, status: Status, reason: str,
    target: str | None = None,
) -> Entry:  # fmt: skip
    if status == "undone" and name in case.known:  # what was undone, not what was restored
        wanted = case.known[name].wanted
    return Entry(
        run=case.run, key=case.row.key, target=target or target_of(case.row.wish), field=name, before=before,
        after=after, wanted=wanted, status=status, reason=reason or case.row.reason, at=case.now,
    )  # fmt: skip
