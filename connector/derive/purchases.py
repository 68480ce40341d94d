"""What clients bought, put together from wins: a contract split into several deals, a client's years (K-02, K-35)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from connector.contest.values import CONTESTED
from connector.derive.deals import window
from connector.derive.history import worst
from connector.derive.rules import Sales
from connector.fact import Fact

YEAR = timedelta(days=365)
"""A client's year: so long from his first purchase, then from its end, and so on."""


def purchase_facts(wins: Iterable[Fact], sales: Sales) -> list[Fact]:
    """`purchase`: a client's wins with one seller within the rule's days of the first of them; at that one, `amount`
    of all, `number` of deals. Wins that count nowhere, have no amount or no client are each one of its own.

    `wins` are facts in time order. Whom a win is credited to by the account's rule decides whose it is with; parts of
    a shared one are not told apart here.
    """
    if not sales.rules.group_wins_days:
        return []
    found, latest = list[list[Fact]](), dict[tuple[str, str | None], list[Fact]]()
    for win in wins:
        if win.client is None or win.omitted is not None or not win.amount:
            found.append([win])
            continue
        begun = latest.get(whose := (win.client, _seller(win, sales)))
        if begun is not None and win.at <= window(begun[0].at, sales.rules.group_wins_days):
            begun.append(win)
        else:
            latest[whose] = [win]
            found.append(latest[whose])
    return [_purchase(some, sales) for some in found]


def year_facts(wins: Sequence[Fact]) -> list[Fact]:
    """`client_year`, for every win of a client that counts: its amount, and in `number` its part of the client's year
    it lies in, so that the wins of a year make one; `due_at` is when that year is over. `wins` are in time order.
    Contested ones are in no year and are told as left out.
    """
    first, years = dict[str, datetime](), dict[tuple[str, int], list[Fact]]()
    left = [_of_year(win) for win in wins if win.client is not None and win.omitted == CONTESTED]
    for win in wins:
        if win.client is not None and win.omitted is None:
            since = first.setdefault(win.client, win.at)
            years.setdefault((win.client, (win.at - since) // YEAR), []).append(win)
    return left + [_part(win, first[client], year, some) for (client, year), some in years.items() for win in some]


def _seller(win: Fact, sales: Sales) -> str | None:
    others = {"now": win.owner_now, "actor": win.actor, "creator": win.creator}
    return others.get(sales.rules.credit, win.user)


def _purchase(wins: Sequence[Fact], sales: Sales) -> Fact:
    first = wins[0]
    return replace(
        first,
        key=f"purchase|deal:{first.deal}",
        kind="purchase",
        amount=first.amount if len(wins) == 1 else sum(win.amount or 0 for win in wins),
        number=len(wins),
        other=None,
        due_at=window(first.at, sales.rules.group_wins_days),
        confidence=worst(*(win.confidence for win in wins)),
    )


def _of_year(win: Fact) -> Fact:
    return replace(win, key=f"client_year|deal:{win.deal}", kind="client_year", number=None, other=None, due_at=None)


def _part(win: Fact, first: datetime, year: int, wins: Sequence[Fact]) -> Fact:
    return replace(
        _of_year(win),
        number=1 / len(wins),
        due_at=window(first, (year + 1) * YEAR.days),
        confidence=worst(*(one.confidence for one in wins)),
    )
