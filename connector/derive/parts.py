"""Who shares a win and how, from a field such as "501: 60, 502: 40" or "Анна 60 %; Борис 40 %"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from connector.derive.rules import Sales
from connector.fact import Fact
from connector.records import filled

_PART = re.compile(
    r"\s*(?P<who>\d+|[^\d:;,=%]+?)\s*(?::|=|-|–|—|\s)\s*(?P<percent>\d+(?:[.,]\d+)?)\s*%?\s*(?:[;,/+\n]|$)"
)
_SLACK = Decimal("0.1")
"""Thirds written as 33.3 make 99.9."""


def part_facts(facts: Iterable[Fact], fields: Mapping[str, Mapping[str, Any]], sales: Sales) -> list[Fact]:
    """`win_part`: each win's amount and itself (`number`, a share of 1) by its sharers, the parts summing to the whole.

    `fields`: of the deals, by deal id. Nobody named is all the owner's at the win; what cannot be read, or is not a
    hundred per cent of known people, too, and says so.
    """
    field = sales.rules.split_field
    if field is None:
        return []
    wins = (fact for fact in facts if fact.kind == "win")
    return [part for win in wins for part in _parts(win, fields[win.deal or ""].get(field), sales)]


def _parts(win: Fact, told: Any, sales: Sales) -> list[Fact]:
    shares = sharers(told, sales) if filled(told) else {}
    if not shares:
        return [_part(win, win.user, win.amount, Fraction(1), "split_unreadable" if shares is None else win.note)]
    amounts = apportion(win.amount, shares)
    return [_part(win, user, amounts[user], part, win.note) for user, part in shares.items()]


def _part(win: Fact, user: str | None, amount: int | None, part: Fraction, note: str | None) -> Fact:
    return replace(
        win,
        key=f"win_part|deal:{win.deal}|{user or ''}",
        kind="win_part",
        user=user,
        amount=amount,
        number=float(part),
        other=None,
        note=win.note if win.amount is None else note,
    )


def sharers(told: Any, sales: Sales) -> dict[str, Fraction] | None:
    """Shares of 1 by user, summing to 1; None where the text is not that. Whoever gets nothing is not there."""
    percents: dict[str, Decimal] = {}
    for who, percent in _pairs(told):
        user = _user(who, sales)
        if user is None:
            return None
        percents[user] = percents.get(user, Decimal(0)) + percent
    total = sum(percents.values(), Decimal(0))
    if abs(total - 100) > _SLACK:
        return None
    return {user: Fraction(percent) / Fraction(total) for user, percent in sorted(percents.items()) if percent}


def apportion(amount: int | None, shares: Mapping[str, Fraction]) -> dict[str, int | None]:
    """An amount by largest remainder: the parts sum to it exactly, and none is a whole unit off its share."""
    if amount is None:
        return dict.fromkeys(shares)
    floors = {user: (amount * part).__floor__() for user, part in shares.items()}
    left = amount - sum(floors.values())
    first = sorted(shares, key=lambda user: (floors[user] - amount * shares[user], user))[:left]
    return {user: floor + (user in first) for user, floor in floors.items()}


def _pairs(told: Any) -> list[tuple[str, Decimal]]:
    """Names or ids with percents; nothing where any of the text is something else."""
    text = _text(told)
    found, place = [], 0
    while place < len(text):
        match = _PART.match(text, place)
        if match is None:
            return []
        found.append((match["who"], Decimal(match["percent"].replace(",", "."))))
        place = match.end()
    return found


def _text(told: Any) -> str:
    """A list of values is one text; of `{"value": …}` the value."""
    if isinstance(told, list | tuple):
        return ";".join(map(_text, told))
    if isinstance(told, dict):
        return _text(told["value"]) if "value" in told else ";".join(f"{who}: {part}" for who, part in told.items())
    return str(told).strip()


def _user(who: str, sales: Sales) -> str | None:
    name = " ".join(who.casefold().split())
    return name if name in sales.users else sales.names.get(name)
