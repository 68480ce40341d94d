"""What stands open: a deal with its next step, and how long no person has done anything about it (K-18, K-23, K-24)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from connector.derive.calls import held
from connector.derive.deals import deal_fact, worth
from connector.derive.history import Entered, History, surer
from connector.derive.lives import Life
from connector.derive.rules import Sales
from connector.fact import STANDS, Confidence, Dossier, Fact
from connector.records import Deal, Meeting, Ref, Task


class Touch(NamedTuple):
    """Something a person did: when, how surely, on what records, and whether it is with the client as such."""

    at: datetime
    confidence: Confidence
    on: tuple[Ref, ...]
    with_client: bool


def open_facts(dossier: Dossier, known: Iterable[Life], history: History, sales: Sales) -> list[Fact]:
    """`open_deal`: since when it is in its stage, `due_at` the deadline of its next step, None where it has none.
    `open_quiet`: since when no person has done anything, `due_at` when that is too long. Of deals that count only.
    """
    living = [life for life in known if life.close is None and life.omitted is None]
    if not living:
        return []
    steps, done = _steps(dossier, history), list(_touches(dossier, history, sales))
    facts = []
    for life in living:
        staged = history.staged(life.deal)
        facts.append(_open(life, staged, steps, sales))
        facts.append(_quiet(life, _last(life, dossier.key, done, history, sales), sales))
    return facts


def _open(life: Life, staged: Entered, steps: Iterable[Task | Meeting], sales: Sales) -> Fact:
    deal = life.deal
    deadlines = [step.due_at for step in steps if step.due_at is not None and deal.ref in step.on]
    amount, note = worth(deal.amount, deal.currency, date.max, sales)
    return deal_fact(
        "open_deal",
        life,
        staged.at,
        deal.owner_id,
        day=STANDS,
        amount=amount,
        stage=deal.stage_id,
        due_at=max(deadlines, default=None),
        confidence=staged.confidence,
        note=note,
    )


def _quiet(life: Life, last: Entered, sales: Sales) -> Fact:
    deal = life.deal
    days = sales.ladder.stuck.get(deal.stage_id, sales.rules.stuck_after_days)
    calendar = sales.calendar_of(deal.owner_id, last.at)
    return deal_fact(
        "open_quiet",
        life,
        last.at,
        deal.owner_id,
        day=STANDS,
        stage=deal.stage_id,
        due_at=calendar.after(last.at, days * calendar.day_seconds),
        confidence=last.confidence,
    )


def _steps(dossier: Dossier, history: History) -> list[Task | Meeting]:
    """Tasks and meetings still to be done; what this program asked for cures nothing (rule C13)."""
    tasks = [task for task in dossier.tasks if task.done_at is None and not task.ours]
    meetings = [meeting for meeting in dossier.meetings if meeting.done_at is None]
    steps: list[Task | Meeting] = [*tasks, *meetings]
    return [step for step in steps if not history.gone(step.ref)]


def _touches(dossier: Dossier, history: History, sales: Sales) -> Iterator[Touch]:
    """Calls that reached somebody, whoever called; meetings held; tasks done."""
    enough = sales.rules.connected_call_seconds
    for call in dossier.calls:
        if call.answered and call.seconds >= enough and not history.gone(call.ref):
            yield Touch(call.at, "exact", call.on, True)
    met = held(dossier) if dossier.meetings else {}
    for meeting in dossier.meetings:
        if meeting.id in met and not history.gone(meeting.ref):
            yield Touch(*met[meeting.id], meeting.on, _about_nothing_else(meeting.on))
    told = {done.of: done.at for done in sorted(dossier.dones, key=lambda done: done.at)}
    for task in dossier.tasks:
        if task.done_at is not None and not task.ours and not history.gone(task.ref):
            sure: Confidence = "exact" if task.ref in told or task.done_at != task.updated_at else "assumed"
            yield Touch(told.get(task.ref, task.done_at), sure, task.on, _about_nothing_else(task.on))


def _about_nothing_else(on: Iterable[Ref]) -> bool:
    """Whether it hangs on the client alone and so is about each of its deals."""
    return not any(ref.startswith(("deal:", "lead:")) for ref in on)


def _last(life: Life, top: Ref, done: Sequence[Touch], history: History, sales: Sales) -> Entered:
    """The last thing a person did about the deal, which began with its creation."""
    deal, whole = life.deal, top == life.client
    told = [Entered(deal.created_at, "exact", deal.created_by)]
    told += [Entered(touch.at, touch.confidence) for touch in done if _concerns(touch, deal, whole=whole)]
    told += [
        Entered(move.at, "exact" if sales.movers_told else "assumed", move.by)
        for move in history.moves(deal.ref)
        if move.by is not None or not sales.movers_told
    ]
    return max(told, key=lambda one: (one.at, surer(one.confidence)))


def _concerns(touch: Touch, deal: Deal, *, whole: bool) -> bool:
    """Whether it is about the deal: by name, or as something with its client. `whole`: all of the dossier is his."""
    if deal.ref in touch.on:
        return True
    clients = (*deal.contacts, *((deal.company,) if deal.company else ()))
    return touch.with_client and (whole or any(client in touch.on for client in clients))
