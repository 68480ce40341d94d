"""What stands open: a deal with its next step, and how long no person has done anything about it (K-18, K-23, K-24)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from msgspec.structs import replace

from connector.derive.calls import Phoned, wrote
from connector.derive.deals import deal_fact, worth
from connector.derive.dones import finished
from connector.derive.fields import instant
from connector.derive.history import Entered, History, surer
from connector.derive.lives import Life
from connector.derive.rules import Sales
from connector.fact import STANDS, Confidence, Dossier, Fact
from connector.moment import to_ms
from connector.records import Deal, Meeting, Ref, Task, filled


class Touch(NamedTuple):
    """Something a person did: when, how surely, and on what records."""

    at: datetime
    confidence: Confidence
    on: tuple[Ref, ...]


def open_facts(
    dossier: Dossier, known: Iterable[Life], calls: Sequence[Phoned], history: History, sales: Sales
) -> list[Fact]:
    """`open_deal`: since when it is in its stage, `number` its age in seconds by then, `other` the moment it was made
    (epoch ms), `due_at` the deadline of its next step, None where it has none.
    `open_quiet`: since when no person has done anything, `due_at` when that is too long. `open_expected`, where the
    rules name a field for it and it says anything: `due_at` by when the deal is hoped to be won. Of deals that count.

    `calls` are in time order.
    """
    living = [life for life in known if life.close is None and life.omitted is None]
    if not living:
        return []
    steps, done, facts = _steps(dossier, history), list(_touches(dossier, history, sales)), list[Fact]()
    for life in living:
        told = list(_events(life.deal, done, history, sales))
        if spoke := _last_call(life, dossier.key, calls, sales):
            told.append(Entered(spoke, "exact"))
        facts.append(_open(life, history.staged(life.deal), steps, sales))
        facts.append(_quiet(life, max(told, key=_latest), sales))
        facts += _expected(life, facts[-2], sales)
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
        number=max(0.0, (staged.at - deal.created_at).total_seconds()),
        other=to_ms(deal.created_at),
        stage=deal.stage_id,
        due_at=max(deadlines, default=None),
        confidence=staged.confidence,
        note=note,
    )


def _expected(life: Life, standing: Fact, sales: Sales) -> Iterator[Fact]:
    """The open deal once more, by the moment its field names; what cannot be read is told and counts nowhere."""
    field, deal = sales.rules.expected_close_field, life.deal
    if field is None or not filled(deal.fields.get(field)):
        return
    hoped = instant(deal.fields[field], sales)
    key, why = f"open_expected|{deal.ref}", None if hoped else "unreadable"
    yield replace(standing, key=key, kind="open_expected", number=None, other=None, due_at=hoped, omitted=why)


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
    """Meetings held, tasks done and messages that a person wrote."""
    meetings, tasks = finished(dossier.meetings, dossier.dones), finished(dossier.tasks, dossier.dones)
    yield from (Touch(one.at, "exact", one.on) for one in dossier.messages if wrote(one, history, sales))
    for meeting in dossier.meetings:
        if meeting.id in meetings and not history.gone(meeting.ref):
            yield Touch(*meetings[meeting.id], meeting.on)
    for task in dossier.tasks:
        if task.id in tasks and not task.ours and not history.gone(task.ref):
            yield Touch(*tasks[task.id], task.on)


def _events(deal: Deal, done: Iterable[Touch], history: History, sales: Sales) -> Iterator[Entered]:
    """What persons did on the deal itself, which began with its creation."""
    yield Entered(deal.created_at, "exact", deal.created_by)
    for move in history.moves(deal.ref):
        if move.by not in sales.robots and (move.by is not None or not sales.movers_told):
            yield Entered(move.at, "exact" if sales.movers_told else "assumed", move.by)
    for touch in done:
        if _concerns(touch.on, deal):
            yield Entered(touch.at, touch.confidence)


def _concerns(on: Sequence[Ref], deal: Deal) -> bool:
    """Whether it hangs on the deal, or on its client and on no other deal or lead."""
    return deal.ref in on or (not _named(on) and any(client in on for client in _clients(deal)))


def _named(on: Iterable[Ref]) -> bool:
    return any(ref.startswith(("deal:", "lead:")) for ref in on)


def _clients(deal: Deal) -> tuple[Ref, ...]:
    return (deal.company, *deal.contacts) if deal.company else deal.contacts


def _last_call(life: Life, top: Ref, calls: Sequence[Phoned], sales: Sales) -> datetime | None:
    """The last call with the client that reached somebody, whoever called: where the dossier is all about this client
    any of it, else one that hangs on the deal or on its own people.
    """
    enough, refs = sales.rules.connected_call_seconds, (life.deal.ref, *_clients(life.deal))
    for call, omitted in reversed(calls):
        reached = call.answered and call.seconds >= enough and omitted is None
        if reached and (top == life.client or any(ref in call.on for ref in refs)):
            return call.at
    return None


def _latest(one: Entered) -> tuple[datetime, int]:
    """Orders by time, of one moment the surer last."""
    return one.at, surer(one.confidence)
