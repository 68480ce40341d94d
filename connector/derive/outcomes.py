"""What enquiries led to: a win, a qualified one, a decision at all, junk (K-06b, K-14, K-15); credited like them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec.structs import replace

from connector.derive.deals import Close, is_junk, reason_given, uncounted, window
from connector.derive.history import Entered, History, worst
from connector.derive.leads import Arrival, Enquiry
from connector.derive.rules import Sales
from connector.fact import Fact
from connector.records import Deal, Lead


def won_facts(came: Iterable[Arrival], closed: Iterable[Close], sales: Sales) -> list[Fact]:
    """`lead_won`: `number` is calendar seconds to the first standing win of the enquiry's deals."""
    won = {close.deal.id: close.entered for close in closed if close.won}
    facts = []
    for enquiry, fact, _ in came:
        first = _earliest(won[deal.id] for deal in enquiry.deals if deal.id in won)
        facts.append(_cohort("lead_won", enquiry, fact, first, sales))
    return facts


def qualified_facts(came: Iterable[Arrival], history: History, sales: Sales) -> list[Fact]:
    """`lead_qualified`: `number` is calendar seconds to the first entry into a qualified stage, a later one or a win,
    of the lead or of any deal. `lead_processed`: working seconds to that, or to being lost for a reason given.
    """
    facts = []
    for enquiry, fact, _ in came if sales.ladder.qualified else ():
        records = list(_records(enquiry, history, sales))
        qualified = _earliest(entry for record in records for entry in _qualified(record, history, sales))
        lost = _earliest(history.entered(record) for record in records if _lost(record, sales))
        facts.append(_cohort("lead_qualified", enquiry, fact, qualified, sales))
        facts.append(_processed(enquiry, fact, _earliest(one for one in (qualified, lost) if one), sales))
    return facts


def junk_facts(came: Iterable[Arrival]) -> list[Fact]:
    """`junked`: an enquiry that would count if it had not been lost as junk; whose denominators it left, lost it."""
    return [
        replace(fact, key=f"junked|{enquiry.first.ref}", kind="junked", number=None, due_at=None, omitted=None)
        for enquiry, fact, _ in came
        if fact.omitted == "junk"
    ]


def _earliest(entries: Iterable[Entered]) -> Entered | None:
    return min(entries, key=lambda one: (one.at, one.confidence != "exact"), default=None)


def _records(enquiry: Enquiry, history: History, sales: Sales) -> Iterator[Lead | Deal]:
    """The lead, unless it is only its deal's beginning, and the deals that count."""
    if enquiry.lead is not None and not enquiry.unsorted and not history.gone(enquiry.lead.ref):
        yield enquiry.lead
    yield from (deal for deal in enquiry.deals if not uncounted(deal, history, sales))


def _qualified(record: Lead | Deal, history: History, sales: Sales) -> Iterator[Entered]:
    for entry in history.entries(record):
        if entry.outcome == "won" or entry.stage_id in sales.ladder.qualified:
            yield Entered(entry.at, entry.confidence)


def _lost(record: Lead | Deal, sales: Sales) -> bool:
    return record.outcome == "lost" and not is_junk(record, sales) and reason_given(record, sales) > 0


def _cohort(kind: str, enquiry: Enquiry, fact: Fact, end: Entered | None, sales: Sales) -> Fact:
    return replace(
        fact,
        key=f"{kind}|{enquiry.first.ref}",
        kind=kind,
        number=None if end is None else _seconds(fact.at, end.at),
        due_at=window(fact.at, sales.rules.conversion_window_days),
        confidence=fact.confidence if end is None else worst(fact.confidence, end.confidence),
    )


def _processed(enquiry: Enquiry, fact: Fact, end: Entered | None, sales: Sales) -> Fact:
    calendar = sales.calendar_of(fact.user, fact.at)
    return replace(
        fact,
        key=f"lead_processed|{enquiry.first.ref}",
        kind="lead_processed",
        number=None if end is None else calendar.seconds(fact.at, end.at),
        due_at=None,
        confidence=fact.confidence if end is None else worst(fact.confidence, end.confidence),
    )


def _seconds(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds())
