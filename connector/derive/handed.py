"""Enquiries that were given to somebody else before they were answered: both see it, each by his own clock (K-06a)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from connector.derive.history import History, worst
from connector.derive.leads import Arrival, Enquiry
from connector.derive.rules import Sales
from connector.fact import Fact
from connector.records import Deal, Lead, Owner


def handed_facts(came: Iterable[Arrival], history: History, sales: Sales) -> list[Fact]:
    """`handed`, once for everybody who got an enquiry while it was open and not answered: at that moment, `number` is
    his working seconds until it was answered by anyone, `due_at` when his norm is over. Whoever had it first has the
    `enquiry` itself.
    """
    return [
        _handed(arrival, change, record, history, sales)
        for arrival in came
        for change, record in _later_owners(arrival, history)
    ]


def _later_owners(arrival: Arrival, history: History) -> Iterator[tuple[Owner, Lead | Deal]]:
    """The change by which each of them first got it, and of what it was, in time order."""
    enquiry, answered, had = arrival.enquiry, arrival.answered, {arrival.fact.user, None}
    changes = [(change, record) for record in _records(enquiry) for change in history.owners(record.ref)]
    for change, record in sorted(changes, key=lambda pair: pair[0].at):
        if change.at <= enquiry.at or change.user_id in had:
            continue
        if answered is not None and change.at >= answered:
            return
        if record.outcome == "open" or change.at < history.entered(record).at:
            had.add(change.user_id)
            yield change, record


def _records(enquiry: Enquiry) -> Iterator[Lead | Deal]:
    if enquiry.lead is not None:
        yield enquiry.lead
    yield from enquiry.deals


def _handed(arrival: Arrival, change: Owner, of: Lead | Deal, history: History, sales: Sales) -> Fact:
    asked, answered, first = arrival.fact, arrival.answered, arrival.enquiry.first
    calendar, user = sales.calendar_of(change.user_id, change.at), change.user_id
    own = user == first.created_by and not sales.rules.own_leads
    return replace(
        asked,
        key=f"handed|{first.ref}|{user}",
        kind="handed",
        at=change.at,
        day=sales.day(change.at),
        user=user,
        number=None if answered is None else calendar.seconds(change.at, answered),
        due_at=calendar.after(change.at, sales.rules.lead_norm_minutes * 60),
        confidence=worst(asked.confidence, history.owner(of, change.at).confidence),
        omitted=asked.omitted or ("own_lead" if own else None),
        note=None,
    )
