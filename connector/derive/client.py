"""What the client said and took back: ratings and refunds, from custom fields of the deal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from connector.derive.deals import Close, uncounted
from connector.derive.fields import dated, money, score, single
from connector.derive.history import History, worst
from connector.derive.rules import Sales
from connector.fact import Confidence, Fact
from connector.money import Money
from connector.records import Deal, filled


class Back(NamedTuple):
    """What was taken back, None where it cannot be read, when and how surely, and the win it is of, if one stands.

    `excused`: for a reason that is no fault of whoever sold it.
    """

    deal: Deal
    money: Money | None
    made: datetime
    how: Confidence
    win: Close | None
    excused: bool

    @property
    def user(self) -> str | None:
        """Who is charged with it: the owner at the win."""
        return self.win.owner.user if self.win else self.deal.owner_id

    @property
    def confidence(self) -> Confidence:
        """As sure as its date and, where there is one, its win."""
        return worst(self.how, self.win.entered.confidence, self.win.owner.confidence) if self.win else self.how


def rating_facts(deals: Iterable[Deal], closed: Iterable[Close], history: History, sales: Sales) -> list[Fact]:
    """`rating`: `number` is the score, at the moment the deal closed, of whoever owned it then: so a period's ratings
    are those of its closed deals, whenever they came in. While it is open, when rated. `due_at`: when it was rated,
    where a field tells.
    """
    field = sales.rules.csat_field
    if field is None:
        return []
    standing = {close.deal.id: close for close in closed}
    rated = [deal for deal in deals if filled(deal.fields.get(field))]
    return [_rating(deal, field, standing.get(deal.id), history, sales) for deal in rated]


def refund_facts(deals: Iterable[Deal], closed: Iterable[Close], history: History, sales: Sales) -> list[Fact]:
    """`refund`: at the moment of the win it takes back (the cohort of the sale), `due_at` when it was made, or
    `refund_excused` for a reason that is not the seller's; and `refund_booked`: the same when it was made, at the rate
    of that day, however late and whatever for.
    """
    field = sales.rules.refund_amount_field
    if field is None:
        return []
    won, facts = {close.deal.id: close for close in closed if close.deal.outcome == "won"}, []
    for deal in (deal for deal in deals if filled(deal.fields.get(field))):
        amount = money(deal.fields.get(field), deal.currency or sales.currency)
        if amount is None or amount.minor:
            made, how = dated(deal, sales.rules.refund_date_field, sales)
            back = Back(deal, amount, made, how, won.get(deal.id), _excused(deal, sales))
            facts += [_refund(back, history, sales), _booked(back, history, sales)]
    return facts


def _excused(deal: Deal, sales: Sales) -> bool:
    field = sales.rules.refund_reason_field
    return field is not None and sales.excuses(single(deal.fields.get(field)))


def _rating(deal: Deal, field: str, close: Close | None, history: History, sales: Sales) -> Fact:
    rated, how = dated(deal, sales.rules.csat_date_field, sales)
    at, sure = (close.entered.at, close.entered.confidence) if close else (rated, how)
    owner = close.owner if close else history.owner(deal, at)
    number = score(deal.fields.get(field))
    return Fact(
        key=f"rating|{deal.ref}",
        kind="rating",
        at=at,
        day=sales.day(at),
        user=owner.user,
        client=history.client(deal.company, deal.contacts),
        deal=deal.id,
        pipeline=deal.pipeline_id,
        source=deal.source,
        number=number,
        due_at=rated if how == "exact" else None,
        confidence=worst(sure, owner.confidence),
        omitted=uncounted(deal, history, sales) or ("unreadable" if number is None else None),
    )


def _refund(back: Back, history: History, sales: Sales) -> Fact:
    at = back.win.entered.at if back.win else back.made
    day = sales.day(at)
    late = (sales.day(back.made) - day).days
    omitted = uncounted(back.deal, history, sales) or (None if back.win else "not_won") or _unreadable(back)
    if omitted is None and late > sales.rules.refund_window_days:
        omitted = "late_refund"
    kind = "refund_excused" if back.excused else "refund"
    return _back(kind, back, at, day, history, sales, number=late, due_at=back.made, omitted=omitted)


def _booked(back: Back, history: History, sales: Sales) -> Fact:
    omitted = uncounted(back.deal, history, sales) or _unreadable(back)
    return _back("refund_booked", back, back.made, sales.day(back.made), history, sales, omitted=omitted)


def _unreadable(back: Back) -> str | None:
    return "unreadable" if back.money is None else None


def _back(kind: str, back: Back, at: datetime, day: date, history: History, sales: Sales, **more: Any) -> Fact:
    deal, given = back.deal, back.money
    amount = sales.rates.convert(given.minor, given.currency, day, sales.currency) if given else None
    return Fact(
        key=f"{kind}|{deal.ref}",
        kind=kind,
        at=at,
        day=day,
        user=back.user,
        client=history.client(deal.company, deal.contacts),
        deal=deal.id,
        pipeline=deal.pipeline_id,
        source=deal.source,
        amount=amount,
        confidence=back.confidence,
        note=f"no_rate:{given.currency}" if given and amount is None else None,
        **more,
    )
