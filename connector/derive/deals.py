"""Wins and losses: the one that stands now, credited as of its moment."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from connector.derive.history import Entered, History, Owned, id_order, worst
from connector.derive.rules import Sales
from connector.fact import Fact
from connector.records import Deal, Lead, Ref


class Close(NamedTuple):
    """A deal that stands won or lost: since when, whose it was then, to whom it was sold, why it counts nowhere."""

    deal: Deal
    entered: Entered
    owner: Owned
    client: Ref | None
    omitted: str | None


def closes(deals: tuple[Deal, ...], history: History, sales: Sales) -> list[Close]:
    """Every deal that is closed now, in the order in which they were."""
    found = [_close(deal, history, sales) for deal in deals if deal.outcome != "open"]
    return sorted(found, key=lambda close: (close.entered.at, *id_order(close.deal.id)))


def close_facts(closed: list[Close], history: History, sales: Sales) -> list[Fact]:
    """`win` with amount and the ordinal among its client's standing wins, `loss` without either."""
    facts, bought = [], dict[Ref, int]()
    for close in closed:
        if close.deal.outcome == "lost":
            facts.append(_fact("loss", close, sales))
            continue
        ordinal = None
        if close.client is not None and close.omitted is None:
            ordinal = bought[close.client] = bought.get(close.client, 0) + 1
        facts.append(_win(close, ordinal, history, sales))
    return facts


def is_junk(what: Deal | Lead, sales: Sales) -> bool:
    """Lost for a reason that makes it no enquiry at all."""
    return what.outcome == "lost" and (what.loss_reason_id in sales.junk or what.stage_id in sales.junk)


def uncounted(deal: Deal, history: History, sales: Sales) -> str | None:
    """Why a deal counts nowhere, whatever happened in it."""
    gone = history.gone(deal.ref)
    return gone or (None if sales.sells(deal.pipeline_id) else "service_pipeline")


def _close(deal: Deal, history: History, sales: Sales) -> Close:
    entered = history.entered(deal)
    omitted = uncounted(deal, history, sales) or ("junk" if is_junk(deal, sales) else None)
    client = history.client(deal.company, deal.contacts)
    return Close(deal, entered, history.owner(deal, entered.at), client, omitted)


def _win(close: Close, ordinal: int | None, history: History, sales: Sales) -> Fact:
    """The amount as of the win, in the account's currency at that day's rate: 0 where there was none, None without a
    rate.
    """
    priced = history.price(close.deal, close.entered.at)
    fact = _fact("win", close, sales)
    amount: int | None = 0
    note: str | None = "no_amount"
    if priced.amount:
        amount = sales.rates.convert(priced.amount, priced.currency, fact.day, sales.currency)
        note = f"no_rate:{priced.currency}" if amount is None else None
    confidence = worst(fact.confidence, priced.confidence)
    return replace(fact, amount=amount, number=ordinal, note=note, confidence=confidence)


def _fact(kind: str, close: Close, sales: Sales) -> Fact:
    deal = close.deal
    return Fact(
        key=f"{kind}|{deal.ref}",
        kind=kind,
        at=close.entered.at,
        day=sales.day(close.entered.at),
        user=close.owner.user,
        client=close.client,
        deal=deal.id,
        lead=deal.lead_id,
        pipeline=deal.pipeline_id,
        source=deal.source,
        confidence=worst(close.entered.confidence, close.owner.confidence),
        omitted=close.omitted,
    )
