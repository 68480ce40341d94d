"""What a deal was worth beyond its amount: margin, list price and discount, payments; from custom fields.

Such a field is in the deal's currency unless it names one itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from msgspec.structs import replace

from connector.derive.deals import Close, closed_fact, deal_fact, won_price, worth
from connector.derive.fields import instant, money
from connector.derive.history import History, Priced, worst
from connector.derive.lives import Life
from connector.derive.rules import Sales
from connector.fact import Confidence, Fact
from connector.money import Money
from connector.records import filled


class Read(NamedTuple):
    """An amount in the account's currency, None where it is not told: then `omitted` or `note` say why."""

    amount: int | None
    omitted: str | None
    note: str | None


def margin_facts(closed: Iterable[Close], history: History, sales: Sales) -> list[Fact]:
    """`margin` of a won deal, at the rate of the win, and `margin_base`, the win's amount of which it is a part."""
    field = sales.rules.margin_field
    if field is None:
        return []
    return [fact for close in closed if _told(close, field) for fact in _margin(close, field, history, sales)]


def price_facts(closed: Iterable[Close], history: History, sales: Sales) -> list[Fact]:
    """`listed`, the list price of a won deal, and `discount`, what the win was below it (above it: less than 0).

    A deal won without an amount was not given away: of it neither counts.
    """
    field = sales.rules.list_price_field
    if field is None:
        return []
    return [fact for close in closed if _told(close, field) for fact in _prices(close, field, history, sales)]


def payment_facts(known: Iterable[Life], history: History, sales: Sales) -> list[Fact]:
    """`payment` on the day of its field, else assumed at the win; of the owner at the win, else of whoever had the deal
    then. Nothing paid is no payment.
    """
    field = sales.rules.payment_amount_field
    if field is None:
        return []
    facts = []
    for life in (life for life in known if filled(life.deal.fields.get(field))):
        paid = money(life.deal.fields.get(field), life.deal.currency or sales.currency)
        if paid is None or paid.minor:
            facts.append(_payment(life, paid, history, sales))
    return facts


def _told(close: Close, field: str) -> bool:
    return close.deal.outcome == "won" and filled(close.deal.fields.get(field))


def _margin(close: Close, field: str, history: History, sales: Sales) -> list[Fact]:
    priced = won_price(close, history, sales)
    revenue, _ = worth(priced.amount, priced.currency, close.day, sales)
    read = _read(money(close.deal.fields.get(field), priced.currency or sales.currency), close.day, sales)
    sure = _sure(close, priced)
    both = (
        closed_fact("margin", close, confidence=sure, amount=read.amount, note=read.note),
        closed_fact("margin_base", close, confidence=sure, amount=revenue if read.amount is not None else None),
    )
    return [_left_out(fact, read.omitted) for fact in both]


def _prices(close: Close, field: str, history: History, sales: Sales) -> list[Fact]:
    priced = won_price(close, history, sales)
    won, note = worth(priced.amount, priced.currency, close.day, sales)
    read = _read(money(close.deal.fields.get(field), priced.currency or sales.currency), close.day, sales)
    omitted = read.omitted or (note if won == 0 else None)
    below = None if read.amount is None or won is None else read.amount - won
    listed = closed_fact("listed", close, confidence=_sure(close, priced), amount=read.amount, note=read.note)
    discount = closed_fact("discount", close, confidence=_sure(close, priced), amount=below, note=read.note or note)
    return [_left_out(fact, omitted) for fact in (listed, discount)]


def _payment(life: Life, paid: Money | None, history: History, sales: Sales) -> Fact:
    win = life.close if life.close is not None and life.close.deal.outcome == "won" else None
    at, how = _paid_at(life, win, sales)
    owner = win.owner if win else history.owner(life.deal, at)
    read = _read(paid, sales.day(at), sales)
    fact = deal_fact(
        "payment",
        life,
        at,
        owner.user,
        day=sales.day(at),
        amount=read.amount,
        confidence=worst(how, owner.confidence, win.entered.confidence) if win else worst(how, owner.confidence),
        note=read.note,
    )
    return _left_out(fact, read.omitted)


def _paid_at(life: Life, win: Close | None, sales: Sales) -> tuple[datetime, Confidence]:
    field, deal = sales.rules.payment_date_field, life.deal
    told = instant(deal.fields.get(field), sales) if field else None
    if told is not None:
        return told, "exact"
    return (win.entered.at if win else deal.updated_at or deal.created_at), "assumed"


def _read(given: Money | None, day: date, sales: Sales) -> Read:
    if given is None:
        return Read(None, "unreadable", None)
    amount = sales.rates.convert(given.minor, given.currency, day, sales.currency)
    return Read(amount, None, f"no_rate:{given.currency}" if amount is None else None)


def _sure(close: Close, priced: Priced) -> Confidence:
    return worst(close.entered.confidence, close.owner.confidence, priced.confidence)


def _left_out(fact: Fact, why: str | None) -> Fact:
    """Left out for this reason unless the deal itself is for another one."""
    return fact if why is None or fact.omitted is not None else replace(fact, omitted=why)
