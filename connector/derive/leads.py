"""Enquiries: one for each обращение (rule C15), whose it was, and how long the client waited for us."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from connector.derive.calls import Contact, answered_calls
from connector.derive.deals import is_junk
from connector.derive.excluded import is_robots, is_test
from connector.derive.history import SOON, History, Owned, id_order
from connector.derive.rules import Sales
from connector.fact import Dossier, Fact
from connector.records import Deal, Lead, Ref

RINGING, WRITTEN_DOWN = timedelta(minutes=1), timedelta(minutes=15)
"""Telephony makes a card while it rings; after a talk it takes so long, at most, until it is written down."""
Rung = Sequence[tuple[Contact, timedelta]]
"""Calls of the client that were answered, each with its length: at the calendar's ends a moment has no sum."""


class Enquiry(NamedTuple):
    """A lead with the deals it became, earliest first, or a deal that came without one.

    `unsorted`: the lead is nothing but its deal's beginning.
    """

    lead: Lead | None
    deals: tuple[Deal, ...]
    unsorted: bool = False

    @property
    def first(self) -> Lead | Deal:
        """The record that names it."""
        return self.deals[0] if self.lead is None or self.unsorted else self.lead

    @property
    def at(self) -> datetime:
        """When it came: for an unsorted lead and its deal whichever was first."""
        start = self.first.created_at
        return min(start, self.lead.created_at) if self.lead else start


class Arrival(NamedTuple):
    """An enquiry, its fact, and when it was answered, None where it is not."""

    enquiry: Enquiry
    fact: Fact
    answered: datetime | None


def enquiries(leads: Sequence[Lead], deals: Sequence[Deal]) -> list[Enquiry]:
    """Pairs leads with their deals: by `Deal.lead_id` (Bitrix24) or `Lead.deal` (amoCRM's unsorted)."""
    deals = sorted(deals, key=lambda deal: (deal.created_at, *id_order(deal.id)))
    by_ref = {deal.ref: deal for deal in deals}
    of_lead: dict[str, list[Deal]] = {}
    for deal in deals:
        if deal.lead_id is not None:
            of_lead.setdefault(deal.lead_id, []).append(deal)
    found = dict[Ref, Enquiry]()
    for lead in sorted(leads, key=lambda lead: (lead.created_at, lead.id), reverse=True):
        if lead.deal in by_ref:
            found[lead.deal] = Enquiry(lead, (by_ref[lead.deal],), unsorted=True)
        else:
            found[lead.ref] = Enquiry(lead, tuple(of_lead.get(lead.id, ())))
    for deal in deals:
        if deal.ref not in found and (deal.lead_id is None or f"lead:{deal.lead_id}" not in found):
            found[deal.ref] = Enquiry(None, (deal,))
    return list(found.values())


def arrivals(dossier: Dossier, reached: Sequence[Contact], history: History, sales: Sales) -> list[Arrival]:
    """`enquiry`: `number` is working seconds of its owner to the first contact with its client by anyone, None if there
    is none yet; `due_at` is when the norm is over. What came by a call that we answered was answered at once.
    """
    found, rung = enquiries(dossier.leads, dossier.deals), answered_calls(dossier, history, sales)
    return [_arrival(enquiry, dossier.key, reached, rung, history, sales) for enquiry in found]


def _arrival(
    enquiry: Enquiry, top: Ref, reached: Sequence[Contact], rung: Rung, history: History, sales: Sales
) -> Arrival:
    first, at = enquiry.first, enquiry.at
    owner = _owner(enquiry, history)
    client = _client(enquiry, history)
    by_call = _came_by_call(enquiry, top, client, rung)
    answered = at if by_call else _answered(enquiry, top, client, reached)
    calendar = sales.calendar_of(owner.user, at)
    fact = Fact(
        key=f"enquiry|{first.ref}",
        kind="enquiry",
        at=at,
        day=sales.day(at),
        user=owner.user,
        client=client,
        deal=enquiry.deals[0].id if enquiry.deals else None,
        lead=enquiry.lead.id if enquiry.lead else None,
        pipeline=first.pipeline_id,
        source=first.source,
        number=None if answered is None else calendar.seconds(at, answered),
        due_at=calendar.after(at, sales.rules.lead_norm_minutes * 60),
        confidence=owner.confidence,
        omitted=_omitted(enquiry, owner.user, history, sales),
        note="came_by_call" if by_call else None,
    )
    return Arrival(enquiry, fact, answered)


def _owner(enquiry: Enquiry, history: History) -> Owned:
    """Whoever had it at the start; an unsorted lead is nobody's, so its deal's first owner."""
    at = enquiry.at
    owner = history.owner(enquiry.first, at, grace=SOON)
    if owner.user is not None:
        return owner
    owned = (history.owner(deal, at, grace=SOON) for deal in enquiry.deals)
    return next((one for one in owned if one.user is not None), owner)


def _client(enquiry: Enquiry, history: History) -> Ref | None:
    lead, deal = enquiry.lead, enquiry.deals[0] if enquiry.deals else None
    client = history.client(deal.company, deal.contacts) if deal else None
    return client or (history.client(None, lead.clients) if lead else None)


def _answered(enquiry: Enquiry, top: Ref, client: Ref | None, reached: Sequence[Contact]) -> datetime | None:
    """The first contact at or after the start: any of the dossier where it is all about this client, else those that
    hang on the enquiry's own records.
    """
    own = _own(enquiry, top, client)
    for place in range(bisect_left(reached, enquiry.at, key=lambda contact: contact.at), len(reached)):
        if own is None or not own.isdisjoint(reached[place].on):
            return reached[place].at
    return None


def _came_by_call(enquiry: Enquiry, top: Ref, client: Ref | None, rung: Rung) -> bool:
    """Whether the client was on the line when it was made, or just had been."""
    own = _own(enquiry, top, client)
    return any(
        -RINGING <= enquiry.at - call.at <= length + WRITTEN_DOWN and (own is None or not own.isdisjoint(call.on))
        for call, length in rung
    )


def _own(enquiry: Enquiry, top: Ref, client: Ref | None) -> set[Ref] | None:
    """The records on which a contact about it hangs, None: any of the dossier."""
    return None if top == client else _refs(enquiry)


def _refs(enquiry: Enquiry) -> set[Ref]:
    refs: set[Ref] = set(enquiry.lead.clients) | {enquiry.lead.ref} if enquiry.lead else set()
    for deal in enquiry.deals:
        refs.update((deal.ref, *deal.contacts), (deal.company,) if deal.company else ())
    return refs


def _omitted(enquiry: Enquiry, owner: str | None, history: History, sales: Sales) -> str | None:
    if gone := _gone(enquiry, history):
        return gone
    fine: dict[str, Callable[[Lead | Deal], bool]] = {
        "test": lambda record: not is_test(record, sales),
        "service_pipeline": lambda record: sales.sells(record.pipeline_id),
    }
    if why := next((why for why, true in fine.items() if not _holds(enquiry, true)), None):
        return why
    if _is_robots(enquiry, history, sales):
        return "robot"
    if enquiry.lead is None and enquiry.deals[0].lead_id is not None:
        return "lead_elsewhere"
    creator = enquiry.first.created_by
    if creator is not None and creator == owner and not sales.rules.own_leads:
        return "own_lead"
    real = _holds(enquiry, lambda record: not is_junk(record, sales))
    return None if real else "junk"  # the last: what is junk would count otherwise (`junked`)


def _holds(enquiry: Enquiry, true: Callable[[Lead | Deal], bool]) -> bool:
    """True of the lead, if there is one, and of any of the deals, if there are some."""
    of_deals = any(map(true, enquiry.deals)) or not enquiry.deals
    return of_deals and (enquiry.lead is None or true(enquiry.lead))


def _is_robots(enquiry: Enquiry, history: History, sales: Sales) -> bool:
    """By its deals, if there are some: a program that only converts a lead leaves the work to a seller."""
    records = enquiry.deals or ((enquiry.lead,) if enquiry.lead else ())
    return all(is_robots(record, history, sales) for record in records)


def _gone(enquiry: Enquiry, history: History) -> str | None:
    """An enquiry is gone with the record that names it, unless a lead's deal lives on as the proof of it."""
    gone = history.gone(enquiry.first.ref)
    lives_on = not enquiry.unsorted and any(not history.gone(deal.ref) for deal in enquiry.deals)
    return None if gone and lives_on else gone
