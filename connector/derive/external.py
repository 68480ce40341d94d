"""What was imported -> facts, for what CRMs lack: payments, refunds, ratings, scores, invoices, use of techniques.

An import is the word on its deal: where a field of the deal says the same kind of thing, the field counts no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec.structs import replace

from connector.derive.calls import Phoned, hung_on
from connector.derive.deals import Close, uncounted
from connector.derive.history import History, Owned, worst
from connector.derive.rules import Sales
from connector.fact import STANDS, Confidence, Dossier, Fact
from connector.records import Deal, External, Ref, What

FACTS_OF: dict[What, tuple[str, ...]] = {
    "payment": ("payment",),
    "refund": ("refund", "refund_excused", "refund_booked"),
    "rating": ("rating",),
    "objection": ("objection",),
    "script": ("script_passed", "script_items"),
    "technique": ("technique",),
    "invoice": ("invoice", "billed"),
    "training": (),
}
"""The kinds of facts that imported rows make. A training makes none: uses of its technique are held against it."""
TOLD_BY: dict[What, tuple[str, ...]] = {"payment": ("quote_paid",)}
"""Kinds of facts about something else that imported rows decide: whether a quote was paid."""
Trained = Mapping[tuple[str, str], datetime]
"""When each person was first trained in each technique (by `technique_key`)."""


class Told(NamedTuple):
    """A row, with the deal it is of, its close and its win if it has them, whose it is and why it counts nowhere."""

    row: External
    deal: Deal | None
    close: Close | None
    owner: Owned
    client: Ref | None
    omitted: str | None

    @property
    def win(self) -> Close | None:
        """The sale it belongs to."""
        return self.close if self.close is not None and self.close.deal.outcome == "won" else None


def external_facts(
    dossier: Dossier, closed: Iterable[Close], calls: Iterable[Phoned], history: History, sales: Sales
) -> list[Fact]:
    """A fact or two for every row; those of an undone import are left out as such, and scores of calls that count
    nowhere as their calls are.
    """
    standing = {close.deal.id: close for close in closed}
    deals = {deal.ref: deal for deal in dossier.deals}
    spoken = {one.call.id: one for one in calls}
    rows = (_of_call(row, spoken) for row in dossier.externals)
    told = (_told(row, why, deals, standing, history, sales) for row, why in rows)
    return [fact for one in told for fact in _MAKERS[one.row.what](one, sales)]


def instead_of_fields(facts: Iterable[Fact], told: Sequence[Fact]) -> list[Fact]:
    """Both, and nothing twice: of one deal and kind an import is the word, and the deal's field is left out."""
    said = {(_sort(fact), fact.deal) for fact in told if fact.deal is not None and fact.omitted != "undone"}
    kept = [
        replace(fact, omitted="imported") if fact.omitted is None and (_sort(fact), fact.deal) in said else fact
        for fact in facts
    ]
    return kept + list(told)


def _sort(fact: Fact) -> str:
    """A refund is one, whatever it was for."""
    return "refund" if fact.kind == "refund_excused" else fact.kind


def trainings(rows: Iterable[External]) -> Trained:
    """The first training of each person in each technique."""
    first: dict[tuple[str, str], datetime] = {}
    for row in rows:
        if row.what == "training" and row.user_id is not None and row.technique is not None:
            key = row.user_id, technique_key(row.technique)
            first[key] = min(row.at, first.get(key, row.at))
    return first


def technique_key(name: str) -> str:
    """How names of techniques are compared: without regard to case and spaces."""
    return " ".join(name.casefold().split())


def _of_call(row: External, spoken: Mapping[str, Phoned]) -> tuple[External, str | None]:
    """A score is of its call's person, deal and moment, and counts nowhere where the call does not."""
    if row.call is None:
        return row, None
    if row.call not in spoken:
        return row, "no_call"
    call, why = spoken[row.call]
    deal, client = hung_on(call.on, "deal:"), next((ref for ref in call.on if ref.startswith(_CLIENTS)), None)
    return replace(row, at=call.at, user_id=call.user_id, deal=deal and f"deal:{deal}", client=client), why


_CLIENTS = ("company:", "contact:")


def _told(
    row: External,
    why: str | None,
    deals: Mapping[Ref, Deal],
    standing: Mapping[str, Close],
    history: History,
    sales: Sales,
) -> Told:
    deal = deals.get(history.survivor(row.deal)) if row.deal is not None else None
    close = standing.get(deal.id) if deal is not None else None
    undone = "undone" if history.gone(row.ref) else None
    omitted = undone or why or (uncounted(deal, history, sales) if deal is not None else None)
    return Told(row, deal, close, _whose(row, deal, close, history), _client(row, deal, history), omitted)


def _whose(row: External, deal: Deal | None, close: Close | None, history: History) -> Owned:
    """The person named; else of what a client says of a sale (a rating, a refund, an open bill) whoever owned the deal
    when it closed; else whoever owned it at the moment.
    """
    if row.user_id is not None:
        return Owned(row.user_id, "exact")
    if deal is None:
        return Owned(None, "assumed")
    of_sale = row.what == "rating" or (row.what in ("refund", "invoice") and deal.outcome == "won")
    if close is not None and of_sale:
        return Owned(close.owner.user, worst(close.entered.confidence, close.owner.confidence))
    return history.owner(deal, row.at)


def _client(row: External, deal: Deal | None, history: History) -> Ref | None:
    if deal is not None:
        return history.client(deal.company, deal.contacts)
    if row.client is None:
        return None
    company = row.client.startswith("company:")
    return history.client(row.client if company else None, () if company else (row.client,))


def _payment(told: Told, sales: Sales) -> list[Fact]:
    return [_money("payment", told, told.row.amount, told.row.at, sales)]


def _refund(told: Told, sales: Sales) -> list[Fact]:
    """At the moment of the sale it takes back, `due_at` when it was made; and once more when it was made."""
    row, win = told.row, told.win
    at = win.entered.at if win else row.at
    late = (sales.day(row.at) - sales.day(at)).days
    why = told.omitted or _no_sale(told) or ("late_refund" if late > sales.rules.refund_window_days else None)
    sure = worst(told.owner.confidence, win.entered.confidence) if win else told.owner.confidence
    kind = "refund_excused" if sales.excuses(row.reason) else "refund"
    back = _money(kind, told, row.amount, at, sales, number=late, due_at=row.at, omitted=why, confidence=sure)
    return [back, _money("refund_booked", told, row.amount, row.at, sales)]


def _no_sale(told: Told) -> str | None:
    if told.row.deal is None:
        return "no_deal"
    return None if told.win else "not_won"


def _invoice(told: Told, sales: Sales) -> list[Fact]:
    """That it was sent, `number` the part of it that was paid, `due_at` when all of it should be (without a date at
    once); and what is still to be paid, as long as something is.
    """
    row = told.row
    asked, paid = row.amount or 0, row.paid or 0
    part = min(1.0, paid / asked) if asked > 0 else None
    sent = _money("billed", told, row.amount, row.at, sales, number=part, due_at=row.due_at or row.at)
    if asked <= paid:
        return [sent]
    return [sent, _money("invoice", told, asked - paid, row.at, sales, stands=True, due_at=row.due_at)]


def _rating(told: Told, sales: Sales) -> list[Fact]:
    """At the moment its deal closed, `due_at` when it was given; without a closed deal then."""
    row, close = told.row, told.close
    at = close.entered.at if close else row.at
    sure = worst(told.owner.confidence, close.entered.confidence) if close else told.owner.confidence
    return [_fact("rating", told, sales, number=row.number, at=at, day=sales.day(at), due_at=row.at, confidence=sure)]


def _score(told: Told, sales: Sales) -> list[Fact]:
    return [_fact(told.row.what, told, sales, number=told.row.number)]


def _script(told: Told, sales: Sales) -> list[Fact]:
    passed = _fact("script_passed", told, sales, number=told.row.number)
    return [passed, _fact("script_items", told, sales, number=told.row.items)]


def _technique(told: Told, sales: Sales) -> list[Fact]:
    """Counts from the person's training in it on."""
    name = technique_key(told.row.technique or "")
    trained = sales.trainings.get((told.owner.user or "", name))
    early = "before_training" if trained is None or told.row.at < trained else None
    return [_fact("technique", told, sales, number=told.row.number, omitted=told.omitted or early)]


def _training(_told: Told, _sales: Sales) -> list[Fact]:
    return []


_MAKERS: dict[What, Callable[[Told, Sales], list[Fact]]] = {
    "payment": _payment,
    "refund": _refund,
    "rating": _rating,
    "objection": _score,
    "script": _script,
    "technique": _technique,
    "invoice": _invoice,
    "training": _training,
}


def _money(
    kind: str, told: Told, amount: int | None, at: datetime, sales: Sales, *, stands: bool = False, **more: Any
) -> Fact:
    """At the rate of its own day."""
    day = sales.day(at)
    worth = None if amount is None else sales.rates.convert(amount, told.row.currency, day, sales.currency)
    note = f"no_rate:{told.row.currency}" if worth is None else None
    return _fact(kind, told, sales, at=at, day=STANDS if stands else day, amount=worth, note=note, **more)


def _fact(kind: str, told: Told, sales: Sales, **more: Any) -> Fact:
    row, deal = told.row, told.deal
    sure: Confidence = told.owner.confidence
    base: dict[str, Any] = {"at": row.at, "day": sales.day(row.at), "confidence": sure, "omitted": told.omitted}
    return Fact(
        key=f"{kind}|{row.ref}",
        kind=kind,
        user=told.owner.user,
        client=told.client,
        deal=deal.id if deal else row.deal and row.deal.partition(":")[2],
        call=row.call,
        pipeline=deal.pipeline_id if deal else None,
        source=deal.source if deal else None,
        **(base | more),
    )
