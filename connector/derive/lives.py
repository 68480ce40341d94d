"""How deals live: created, won after so long, and bought from again (K-06c, K-20, K-33)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from connector.derive.deals import DAY_SECONDS, Close, closed_fact, deal_fact, uncounted, window, worth
from connector.derive.history import SOON, History, worst
from connector.derive.rules import Sales
from connector.fact import Fact
from connector.records import Deal, Ref


class Life(NamedTuple):
    """A deal as it stands now: to whom it is sold, why it counts nowhere, and its close, None while it is open."""

    deal: Deal
    client: Ref | None
    omitted: str | None
    close: Close | None


def lives(deals: Iterable[Deal], closed: Iterable[Close], history: History, sales: Sales) -> list[Life]:
    """Every deal, open and closed."""
    standing = {close.deal.id: close for close in closed}
    return [_life(deal, standing.get(deal.id), history, sales) for deal in deals]


def created_facts(known: Iterable[Life], history: History, sales: Sales) -> list[Fact]:
    """`created`: `amount` as it is now at the rate of that day, `stage` the present outcome, `number` calendar seconds
    until the standing close, None while there is none.
    """
    return [_created(life, history, sales) for life in known]


def cycle_facts(closed: Iterable[Close]) -> list[Fact]:
    """`cycle`, for every win that counts: `number` is calendar seconds from creation to it."""
    return [_cycle(close) for close in closed if close.won]


def return_facts(closed: Sequence[Close], sales: Sales) -> list[Fact]:
    """`return`, for every win of a client that counts: `number` is days until its next, None as long as there is none,
    `due_at` the end of the time in which it is waited for. `closed` is in the order of closing.
    """
    facts, following = [], dict[Ref, Close]()
    for close in reversed(closed):
        if close.client is not None and close.won:
            facts.append(_return(close, following.get(close.client), sales))
            following[close.client] = close
    return facts


def _life(deal: Deal, close: Close | None, history: History, sales: Sales) -> Life:
    if close is not None:
        return Life(deal, close.client, close.omitted, close)
    return Life(deal, history.client(deal.company, deal.contacts), uncounted(deal, history, sales), None)


def _created(life: Life, history: History, sales: Sales) -> Fact:
    deal, close = life.deal, life.close
    owner, day = history.owner(deal, deal.created_at, grace=SOON), sales.day(deal.created_at)
    amount, note = worth(deal.amount, deal.currency, day, sales)
    return deal_fact(
        "created",
        life,
        deal.created_at,
        owner.user,
        day=day,
        actor=deal.created_by,
        amount=amount,
        number=None if close is None else max(0.0, _age(close)),
        stage=deal.outcome,
        confidence=owner.confidence if close is None else worst(owner.confidence, close.entered.confidence),
        note=note,
    )


def _cycle(close: Close) -> Fact:
    age = _age(close)
    return closed_fact("cycle", close, number=max(0.0, age), note="won_before_created" if age < 0 else None)


def _age(close: Close) -> float:
    """Calendar seconds from creation to the close; negative where the CRM dates the close before it."""
    return (close.entered.at - close.deal.created_at).total_seconds()


def _return(close: Close, following: Close | None, sales: Sales) -> Fact:
    pause = (following.entered.at - close.entered.at).total_seconds() / DAY_SECONDS if following else None
    sure = [close.entered.confidence, close.owner.confidence]
    return closed_fact(
        "return",
        close,
        confidence=worst(*sure, following.entered.confidence) if following else worst(*sure),
        number=pause,
        due_at=window(close.entered.at, sales.rules.return_days),
    )
