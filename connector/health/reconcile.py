"""Our records beside the CRM's, of one period: raw counts on both sides, and every record that differs. Pure.

The counts are the plainest there are (created and closed as the cards say), made by one function over both sides, and
by nothing that the KPIs are made with: an error there, or a filter that quietly returns nothing, shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from connector.records import Call, Deal, Lead, Record, Ref, User

Span = tuple[datetime, datetime]
"""Half-open."""
How = Literal["missing_here", "missing_there", "differs", "unreadable", "unconfirmed"]
_COMPARED: dict[type[Record], tuple[str, ...]] = {
    Deal: ("created_at", "outcome", "closed_at", "amount", "currency", "pipeline_id", "stage_id", "owner_id"),
    Lead: ("created_at", "outcome", "stage_id", "owner_id"),
    Call: ("at", "direction", "answered", "seconds", "user_id"),
    User: ("name", "active"),
}


class Change(NamedTuple):
    """One field of a record that differs."""

    field: str
    ours: Any
    theirs: Any


class Difference(NamedTuple):
    """A record that is not the same on both sides. `later`: it changed in the CRM after we last read."""

    kind: str
    id: str
    how: How
    changes: tuple[Change, ...] = ()
    later: bool = False

    @property
    def ref(self) -> Ref:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Counted:
    """One count on both sides; money in minor units of `currency`."""

    what: str
    ours: int
    theirs: int
    currency: str | None = None


def within(record: Record, span: Span) -> bool:
    """Whether a record belongs to the period at all: created, closed or called in it; people always do."""
    return isinstance(record, User) or any(_in(at, span) for at in _moments(record))


def tally(records: Iterable[Record], span: Span) -> Counter[tuple[str, str | None]]:
    """The raw counts of one side, by what is counted and, for money, currency."""
    found: Counter[tuple[str, str | None]] = Counter()
    for record in records:
        found.update(dict(_counts(record, span)))
    return found


def _counts(record: Record, span: Span) -> Iterator[tuple[tuple[str, str | None], int]]:
    if isinstance(record, Deal):
        yield from _of_deal(record, span)
    elif isinstance(record, User):
        yield ("users_active" if record.active else "users_inactive", None), 1
    elif isinstance(record, Lead) and _in(record.created_at, span):
        yield ("leads_created", None), 1
    elif isinstance(record, Call) and _in(record.at, span):
        yield (f"calls_{record.direction}", None), 1


def _of_deal(deal: Deal, span: Span) -> Iterator[tuple[tuple[str, str | None], int]]:
    if _in(deal.created_at, span):
        yield ("deals_created", None), 1
    if deal.outcome != "open" and _in(deal.closed_at, span):
        yield (f"deals_{deal.outcome}", None), 1
        if deal.outcome == "won" and deal.amount:
            yield ("won_amount", deal.currency or ""), deal.amount


def beside(ours: Mapping[tuple[str, str | None], int], theirs: Mapping[tuple[str, str | None], int]) -> list[Counted]:
    """Both sides' counts, in a fixed order."""
    keys = sorted(ours.keys() | theirs.keys(), key=lambda key: (key[0], key[1] or ""))
    return [Counted(what, ours.get((what, cur), 0), theirs.get((what, cur), 0), cur) for what, cur in keys]


def compare(ours: Record | None, theirs: Record | None, read_until: datetime | None) -> Difference | None:
    """The same record on both sides; None where nothing differs that KPIs rest on."""
    one = theirs or ours
    if one is None:
        return None
    later = read_until is not None and one.updated_at is not None and one.updated_at > read_until
    if ours is None or theirs is None:
        return Difference(one.kind, one.id, "missing_here" if ours is None else "missing_there", (), later)
    names = _COMPARED.get(type(theirs), ())
    changes = [Change(name, getattr(ours, name), getattr(theirs, name)) for name in names]
    differing = tuple(change for change in changes if change.ours != change.theirs)
    return Difference(one.kind, one.id, "differs", differing, later) if differing else None


class Outside(NamedTuple):
    """A deal that the CRM shows as won in the period and the revenue does not hold, and why; or the other way round."""

    deal: str
    why: str
    day: int | None = None
    """The day on which it counts instead."""
    counted: int | None = None
    """What it is in the revenue, in minor units of the account's currency, where its card has another amount."""
    card: int | None = None
    currency: str | None = None
    """The card's."""


def outside(won: Mapping[str, Deal], facts: Iterable[Any], first: int, end: int, currency: str) -> list[Outside]:
    """From records to the KPI: `facts` are the live facts of wins of these deals and of the days [first, end), in the
    account's `currency`.

    `no_fact` is the one reason that is an error; the others are rules at work.
    """
    by_deal = {fact.deal_id: fact for fact in facts}
    ordered = sorted(won, key=lambda id: (len(id), id))
    found = [
        _why(deal, by_deal.get(deal), first, end) or _other(won[deal], by_deal[deal], currency) for deal in ordered
    ]
    inside = [
        Outside(fact.deal_id, "by_move", fact.day)
        for fact in by_deal.values()
        if fact.omitted is None and first <= fact.day < end and fact.deal_id not in won
    ]
    return [*(one for one in found if one is not None), *sorted(inside)]


def _why(deal: str, fact: Any, first: int, end: int) -> Outside | None:
    if fact is None:
        return Outside(deal, "no_fact")
    if fact.omitted is not None:
        return Outside(deal, fact.omitted)
    if not first <= fact.day < end:
        return Outside(deal, "other_day", fact.day)
    return Outside(deal, fact.note or "no_amount") if not fact.amount else None


def _other(deal: Deal, fact: Any, currency: str) -> Outside | None:
    """A win that counts with another amount than its card has now: that of its day, or at the rate of its day."""
    theirs = deal.currency or currency
    if (fact.amount, currency) == (deal.amount, theirs):
        return None
    return Outside(deal.id, "other_amount", counted=fact.amount, card=deal.amount, currency=theirs)


def _moments(record: Record) -> tuple[datetime | None, ...]:
    if isinstance(record, Deal | Lead):
        return record.created_at, record.closed_at if record.outcome != "open" else None
    return (record.at,) if isinstance(record, Call) else ()


def _in(at: datetime | None, span: Span) -> bool:
    return at is not None and span[0] <= at < span[1]
