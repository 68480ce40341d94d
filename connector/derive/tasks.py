"""Tasks: done by the deadline as it was first set, moved, still open (K-21, K-22, K-25). Meetings are tasks too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from connector.derive.calls import client_key, hung_on, meeting_uncounted
from connector.derive.dones import finished
from connector.derive.excluded import of_tests
from connector.derive.history import SOON, History, id_order, worst
from connector.derive.rules import Sales
from connector.fact import ACTIVITY, STANDS, TASK, Confidence, Dossier, Fact
from connector.moment import midnight
from connector.records import Deadline, Meeting, Ref, Task

Done = tuple[datetime, Confidence]


class Errand(NamedTuple):
    """A task or meeting, its deadline's changes in time order, when it was done, and why it counts nowhere."""

    record: Task | Meeting
    moved: Sequence[Deadline]
    done: Done | None
    omitted: str | None

    @property
    def first_due(self) -> datetime | None:
        """The deadline as it was first set: no rescheduling makes a late task punctual."""
        told = [self.moved[0].before, *(change.due_at for change in self.moved)] if self.moved else []
        return next((due for due in (*told, self.record.due_at) if due is not None), None)


def task_facts(dossier: Dossier, history: History, sales: Sales) -> list[Fact]:
    """`task_due` at the first deadline, `number` seconds late (negative: early, None: not done); `reschedule` for each
    time a known deadline was moved; `open_task` for what is not done, `due_at` its present deadline. `stage` of all: a
    task, or an activity where the CRM keeps those apart.

    What this program asked for is "ours" and counts nowhere (rule C13).
    """
    facts = []
    for errand in _errands(dossier, history, sales):
        facts += [_moved(errand, change, dossier, sales) for change in errand.moved if change.before is not None]
        if (due := errand.first_due) is not None:
            facts.append(_due(errand, due, dossier, sales))
        if errand.done is None and (since := _since(errand.record)) is not None:
            facts.append(_open(errand, since, dossier, sales))
    return facts


def _errands(dossier: Dossier, history: History, sales: Sales) -> list[Errand]:
    """amoCRM's `task:61` is the meeting 61 where there is no task 61."""
    moved: dict[Ref, list[Deadline]] = {}
    for change in sorted(dossier.deadlines, key=lambda change: (change.at, *id_order(change.id))):
        if change.due_at != change.before:
            moved.setdefault(change.of, []).append(change)
    tasks, meetings = finished(dossier.tasks, dossier.dones), finished(dossier.meetings, dossier.dones)
    found = [
        Errand(task, moved.pop(task.ref, ()), tasks.get(task.id), _omitted(task, history, sales))
        for task in dossier.tasks
    ]
    for meeting in dossier.meetings:
        changes = moved.get(meeting.ref) or moved.get(f"task:{meeting.id}") or ()
        found.append(Errand(meeting, changes, meetings.get(meeting.id), meeting_uncounted(meeting, history, sales)))
    return found


def _omitted(task: Task, history: History, sales: Sales) -> str | None:
    why = history.gone(task.ref) or ("ours" if task.ours else None)
    return why or of_tests(task.on, task.user_id, history, sales)


def _since(record: Task | Meeting) -> datetime | None:
    return record.created_at or record.updated_at or record.due_at


def _due(errand: Errand, due: datetime, dossier: Dossier, sales: Sales) -> Fact:
    last, sure = _last_moment(errand.record, due, sales), _sure(errand, dossier, sales)
    return replace(
        _fact("task_due", errand, due, dossier, sales),
        number=None if errand.done is None else (errand.done[0] - last).total_seconds(),
        due_at=last,
        confidence=sure if errand.done is None else worst(sure, errand.done[1]),
    )


def _moved(errand: Errand, change: Deadline, dossier: Dossier, sales: Sales) -> Fact:
    fact = _fact("reschedule", errand, change.at, dossier, sales)
    return replace(fact, key=f"reschedule|{change.ref}", user=change.by or fact.user, confidence=change.how)


def _open(errand: Errand, since: datetime, dossier: Dossier, sales: Sales) -> Fact:
    due = errand.record.due_at
    last = None if due is None else _last_moment(errand.record, due, sales)
    return replace(_fact("open_task", errand, since, dossier, sales), day=STANDS, due_at=last)


def _last_moment(record: Task | Meeting, due: datetime, sales: Sales) -> datetime:
    """A meeting only begins at its moment: it is in time if it is marked as held that day."""
    if isinstance(record, Task):
        return due
    try:
        return midnight(sales.day(due) + timedelta(days=1), sales.zone)
    except OverflowError:
        return due


def _sure(errand: Errand, dossier: Dossier, sales: Sales) -> Confidence:
    """How surely the first deadline is known: what happened before we first looked is not, unless the CRM tells it."""
    if sales.deadline_history == "exact":
        return "exact"
    first, since = errand.record.created_at, dossier.since.get(errand.record.ref)
    return "observed" if first is not None and since is not None and since - SOON <= first else "assumed"


def _fact(kind: str, errand: Errand, at: datetime, dossier: Dossier, sales: Sales) -> Fact:
    record = errand.record
    return Fact(
        key=f"{kind}|{record.ref}",
        kind=kind,
        at=at,
        day=sales.day(at),
        user=record.user_id,
        client=client_key(dossier),
        deal=hung_on(record.on, "deal:"),
        lead=hung_on(record.on, "lead:"),
        stage=ACTIVITY if record.activity else TASK,
        omitted=errand.omitted,
    )
