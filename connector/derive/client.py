"""What the client said and took back: ratings and refunds, from custom fields of the deal."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from connector.derive.deals import Close, uncounted
from connector.derive.history import History, worst
from connector.derive.rules import Sales
from connector.fact import Confidence, Fact
from connector.money import Money, read
from connector.records import Deal

_NUMBER = re.compile(r"\s*(-?\d+(?:[.,]\d+)?)")
_RUSSIAN = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})(.*)")


def rating_facts(deals: Iterable[Deal], closed: Iterable[Close], history: History, sales: Sales) -> list[Fact]:
    """`rating`: `number` is the score, credited to whoever owned the deal when it closed; while open, when rated."""
    field = sales.rules.csat_field
    if field is None:
        return []
    standing = {close.deal.id: close for close in closed}
    rated = [deal for deal in deals if _filled(deal.fields.get(field))]
    return [_rating(deal, field, standing.get(deal.id), history, sales) for deal in rated]


def refund_facts(deals: Iterable[Deal], closed: Iterable[Close], history: History, sales: Sales) -> list[Fact]:
    """`refund`: at the moment of the win it takes back (the cohort of the sale), `due_at` when it was made."""
    field = sales.rules.refund_amount_field
    if field is None:
        return []
    won = {close.deal.id: close for close in closed if close.deal.outcome == "won"}
    back = [(deal, _money(deal.fields.get(field), sales.currency)) for deal in deals if _filled(deal.fields.get(field))]
    return [
        _refund(deal, money, won.get(deal.id), history, sales) for deal, money in back if money is None or money.minor
    ]


def _rating(deal: Deal, field: str, close: Close | None, history: History, sales: Sales) -> Fact:
    at, how = _dated(deal, sales.rules.csat_date_field, sales)
    owner = close.owner if close else history.owner(deal, at)
    score = _score(deal.fields.get(field))
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
        number=score,
        confidence=worst(how, owner.confidence),
        omitted=uncounted(deal, history, sales) or ("unreadable" if score is None else None),
    )


def _refund(deal: Deal, money: Money | None, win: Close | None, history: History, sales: Sales) -> Fact:
    made, how = _dated(deal, sales.rules.refund_date_field, sales)
    at = win.entered.at if win else made
    day = sales.day(at)
    late = (sales.day(made) - day).days
    amount = sales.rates.convert(money.minor, money.currency, day, sales.currency) if money else None
    return Fact(
        key=f"refund|{deal.ref}",
        kind="refund",
        at=at,
        day=day,
        user=win.owner.user if win else deal.owner_id,
        client=history.client(deal.company, deal.contacts),
        deal=deal.id,
        pipeline=deal.pipeline_id,
        source=deal.source,
        amount=amount,
        number=late,
        due_at=made,
        confidence=worst(how, win.entered.confidence, win.owner.confidence) if win else how,
        omitted=_refund_omitted(deal, money, win, late, history, sales),
        note=f"no_rate:{money.currency}" if money and amount is None else None,
    )


def _refund_omitted(
    deal: Deal, money: Money | None, win: Close | None, late: int, history: History, sales: Sales
) -> str | None:
    if omitted := uncounted(deal, history, sales):
        return omitted
    if win is None:
        return "not_won"
    if money is None:
        return "unreadable"
    return "late_refund" if late > sales.rules.refund_window_days else None


def _dated(deal: Deal, field: str | None, sales: Sales) -> tuple[datetime, Confidence]:
    """When it was, by the date field, else assumed to be when the deal was last changed."""
    told = _instant(deal.fields.get(field), sales) if field else None
    if told is not None:
        return told, "exact"
    return deal.updated_at or deal.closed_at or deal.created_at, "assumed"


def _filled(value: Any) -> bool:
    return value is not None and value is not False and value not in ("", [], {})


def _money(value: Any, currency: str) -> Money | None:
    try:
        return read(_single(value), currency)
    except (ValueError, TypeError):
        return None


def _score(value: Any) -> float | None:
    """A number, or the number that a text begins with ("5 - excellent")."""
    found = _NUMBER.match(str(_single(value)))
    score = float(found[1].replace(",", ".")) if found else math.nan
    return score if math.isfinite(score) else None


def _single(value: Any) -> Any:
    """CRMs wrap single values in lists and `{"value": …}`."""
    while isinstance(value, list | tuple | dict) and value:
        value = next(iter(value.values())) if isinstance(value, dict) else value[0]
    return value


def _instant(value: Any, sales: Sales) -> datetime | None:
    """A moment written as epoch seconds, ISO or DD.MM.YYYY; without a zone it is the account's."""
    value = _single(value)
    try:
        if isinstance(value, datetime):
            told = value
        elif isinstance(value, int | float) or (isinstance(value, str) and value.isdigit()):
            told = datetime.fromtimestamp(float(value), UTC)
        else:
            told = datetime.fromisoformat(_RUSSIAN.sub(r"\3-\2-\1\4", str(value).strip()))
        return (told if told.tzinfo else told.replace(tzinfo=sales.zone)).astimezone(UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
