"""Wins and losses: the one that stands now, credited as of its moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Protocol

from connector.derive.excluded import is_robots, is_test
from connector.derive.history import Entered, History, Owned, Priced, id_order, worst
from connector.derive.rules import Sales
from connector.fact import Confidence, Fact
from connector.records import Deal, Lead, Ref

DAY_SECONDS = 86_400


class Known(Protocol):
    """A deal, to whom it is sold, and why it counts nowhere (None where it does)."""

    @property
    def deal(self) -> Deal: ...
    @property
    def client(self) -> Ref | None: ...
    @property
    def omitted(self) -> str | None: ...


class Close(NamedTuple):
    """A deal that stands won or lost: since when, whose it was then, to whom it was sold, why it counts nowhere."""

    deal: Deal
    entered: Entered
    owner: Owned
    client: Ref | None
    omitted: str | None
    day: date

    @property
    def won(self) -> bool:
        """Whether it is a win that counts."""
        return self.omitted is None and self.deal.outcome == "won"


def closes(deals: Iterable[Deal], history: History, sales: Sales) -> list[Close]:
    """Every deal that is closed now, in the order in which they were; of wins by the account's rule (C6)."""
    found = [_close(deal, history, sales) for deal in deals if deal.outcome != "open"]
    return sorted(found, key=lambda close: (close.entered.at, *id_order(close.deal.id)))


def close_facts(closed: Iterable[Close], history: History, sales: Sales) -> list[Fact]:
    """`win` with amount, the ordinal among its client's standing wins and the days since the one before, `due_at` the
    end of the time in which it may be given back; `loss` with how well its reason is stated: 2 one that tells
    something, 1 "other", 0 none.
    """
    facts, bought = [], dict[Ref, list[Close]]()
    for close in closed:
        if close.deal.outcome == "lost":
            facts.append(closed_fact("loss", close, number=reason_given(close.deal, sales)))
            continue
        before = bought.setdefault(close.client, []) if close.client is not None and close.won else None
        facts.append(_win(close, before, history, sales))
        if before is not None:
            before.append(close)
    return facts


def reason_given(what: Deal | Lead, sales: Sales) -> int:
    """How well the reason of what is lost is stated: 2 one that tells something, 1 "other", 0 none."""
    if what.loss_reason_id is None:
        return 0
    return 1 if what.loss_reason_id in sales.other or what.stage_id in sales.other else 2


def is_junk(what: Deal | Lead, sales: Sales) -> bool:
    """Lost for a reason that makes it no enquiry at all."""
    return what.outcome == "lost" and (what.loss_reason_id in sales.junk or what.stage_id in sales.junk)


def uncounted(deal: Deal, history: History, sales: Sales) -> str | None:
    """Why a deal counts nowhere, whatever happened in it."""
    why = history.gone(deal.ref) or ("test" if is_test(deal, sales) else None)
    return why or (None if sales.sells(deal.pipeline_id) else "service_pipeline")


def worth(amount: int | None, currency: str | None, day: date, sales: Sales) -> tuple[int | None, str | None]:
    """An amount in the account's currency at that day's rate, and what is to be said of it: 0 where there was none,
    None without a rate.
    """
    if not amount:
        return 0, "no_amount"
    converted = sales.rates.convert(amount, currency, day, sales.currency)
    return converted, f"no_rate:{currency}" if converted is None else None


def won_price(close: Close, history: History, sales: Sales) -> Priced:
    """What a win was worth, in the deal's currency: as of the win, or as it stands now where amounts are live (C17)."""
    if sales.rules.amounts == "live":
        return Priced(close.deal.amount, close.deal.currency, "exact")
    return history.price(close.deal, close.entered.at)


def window(at: datetime, days: int) -> datetime:
    """The end of so many days; at the end of the calendar, where CRMs' mistakes lie, that end."""
    try:
        return at + timedelta(days=days)
    except OverflowError:
        return datetime.max.replace(tzinfo=at.tzinfo)


def closed_fact(kind: str, close: Close, *, confidence: Confidence | None = None, **more: Any) -> Fact:
    """A fact at the moment of a close, of whoever owned the deal then; `more` are further columns."""
    sure = confidence or worst(close.entered.confidence, close.owner.confidence)
    entered = close.entered
    return deal_fact(
        kind, close, entered.at, close.owner.user, day=close.day, actor=entered.by, confidence=sure, **more
    )


def deal_fact(kind: str, known: Known, at: datetime, user: str | None, **more: Any) -> Fact:
    """A fact of a deal: `more` are its day, its confidence and further columns."""
    deal = known.deal
    return Fact(
        key=f"{kind}|{deal.ref}",
        kind=kind,
        at=at,
        user=user,
        client=known.client,
        deal=deal.id,
        lead=deal.lead_id,
        pipeline=deal.pipeline_id,
        source=deal.source,
        owner_now=deal.owner_id,
        creator=deal.created_by,
        omitted=known.omitted,
        **more,
    )


def _close(deal: Deal, history: History, sales: Sales) -> Close:
    first = deal.outcome == "won" and sales.rules.win_rule == "first_ever"
    entered = history.won_first(deal) if first else history.entered(deal)
    omitted = uncounted(deal, history, sales) or _closed_for_nothing(deal, history, sales)
    client = history.client(deal.company, deal.contacts)
    return Close(deal, entered, history.owner(deal, entered.at), client, omitted, sales.day(entered.at))


def _closed_for_nothing(deal: Deal, history: History, sales: Sales) -> str | None:
    if is_junk(deal, sales):
        return "junk"
    return "robot" if is_robots(deal, history, sales) else None


def _win(close: Close, before: list[Close] | None, history: History, sales: Sales) -> Fact:
    """`before`: the client's earlier wins, None where it has none to be told of; the amount is that of the win."""
    priced = won_price(close, history, sales)
    amount, note = worth(priced.amount, priced.currency, close.day, sales)
    pause = (close.entered.at - before[-1].entered.at).total_seconds() / DAY_SECONDS if before else None
    return closed_fact(
        "win",
        close,
        confidence=worst(close.entered.confidence, close.owner.confidence, priced.confidence),
        amount=amount,
        number=None if before is None else len(before) + 1,
        other=pause,
        due_at=window(close.entered.at, sales.rules.refund_window_days),
        note=note or _edited(close, priced, history, sales),
    )


def _edited(close: Close, priced: Priced, history: History, sales: Sales) -> str | None:
    """What is to be said of a live amount that was another one when the deal was won."""
    if sales.rules.amounts == "strict":
        return None
    then = history.price(close.deal, close.entered.at)
    return None if (then.amount, then.currency) == (priced.amount, priced.currency) else "changed_after_win"
