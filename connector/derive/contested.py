"""Facts that the head agreed to be wrong count nowhere, whatever they are derived from again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec.structs import replace

from connector.contest.values import CONTESTED, Ruling
from connector.fact import Fact

Credit = Literal["event", "now", "actor", "creator", "split"]


def without_contested(facts: Iterable[Fact], rulings: Sequence[Ruling], credit: Credit) -> list[Fact]:
    """The same facts; of those that count, the contested ones say so. What counts nowhere already keeps its reason."""
    return [
        replace(fact, omitted=CONTESTED)
        if fact.omitted is None and any(covers(ruling, fact, credit) for ruling in rulings)
        else fact
        for fact in facts
    ]


def covers(ruling: Ruling, fact: Fact, credit: Credit) -> bool:
    """Whether the ruling means this fact, of an account whose deals count for whom the rule credits."""
    return ruling.covers(fact.key, fact.kind, credited(fact, credit), (fact.deal, fact.lead, fact.call))


def credited(fact: Fact, credit: Credit) -> tuple[str | None, ...]:
    """In whose numbers a fact may be: its own person's, and of deals also whom the account's rule names."""
    also = {"now": fact.owner_now, "actor": fact.actor, "creator": fact.creator}.get(credit)
    return fact.user, also
