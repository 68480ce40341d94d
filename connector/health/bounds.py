"""How far a KPI can be off when some of its facts are in doubt: certain bounds, from the definition itself. Pure.

A doubtful fact either counts or it does not. Whatever part of them does not, the value lies between `low` and `high`:

    a sum or count      total - doubtful                .. total
    a part of a whole   (n - dn) / (d - dn)             .. n / (d - (dd - dn))
    another ratio       (n - dn) / d                    .. n / (d - dd)

where n, d are numerator and denominator, dn, dd what the doubtful facts bring to them. The second is tight: doubtful
facts of the numerator leave the denominator with them; where nothing would be left, no part of it is another value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple, Protocol

from connector.health.finding import Claim, Effect
from connector.kpi.definition import Countable, Kpi, Measure
from connector.money import to_units


class Row(Countable, Protocol):
    """A fact as the store keeps it; `key` names it together with `dossier`."""

    @property
    def key(self) -> str: ...
    @property
    def dossier(self) -> str: ...
    @property
    def omitted(self) -> str | None: ...


class Sides(NamedTuple):
    """Numerator and denominator, and what of each is doubtful, in minor units or counts."""

    top: Decimal
    bottom: Decimal
    doubtful_top: Decimal
    doubtful_bottom: Decimal


def without(
    kpi: Kpi, facts: Iterable[Row], doubtful: Collection[str], limits: Mapping[str, float], currency: str
) -> Effect | None:
    """How far the KPI of all these facts is off if some of the doubtful ones (by key) should not count.

    None where it cannot be said (medians, clients, a plan) or none of them counts.
    """
    if kpi.plan is not None or not all(one.additive for one in (*kpi.top, *kpi.bottom)):
        return None
    sides = weigh(kpi, facts, doubtful, limits)
    if not (sides.doubtful_top or sides.doubtful_bottom):
        return None
    low, value, high = (_in_unit(kpi, one, currency) for one in _span(kpi, sides))
    claim: Claim = "unknown" if value is None or low is None or high is None else "bound"
    return Effect(kpi.key, claim, value, low, high)


def weigh(kpi: Kpi, facts: Iterable[Row], doubtful: Collection[str], limits: Mapping[str, float]) -> Sides:
    """Both sides of the KPI over these facts, those that count nowhere left out."""
    top = bottom = odd_top = odd_bottom = Decimal(0)
    for fact in facts:
        if fact.omitted is not None:
            continue
        above = _brings(kpi.top, fact, limits)
        below = _brings(kpi.bottom, fact, limits)
        top, bottom = top + above, bottom + below
        if fact.key in doubtful:
            odd_top, odd_bottom = odd_top + above, odd_bottom + below
    return Sides(top, bottom, odd_top, odd_bottom)


def _brings(measures: Iterable[Measure], fact: Row, limits: Mapping[str, float]) -> Decimal:
    brought = Decimal(0)
    for one in measures:
        if one.holds(fact, limits):
            value = 1 if one.take == "count" else getattr(fact, one.of)
            brought += Decimal(str(value or 0))
    return brought


def _span(kpi: Kpi, sides: Sides) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    top, bottom, odd_top, odd_bottom = sides
    if not kpi.bottom:
        return top - odd_top, top, top
    if kpi.proportion:
        value = _part(top, bottom)
        low, high = _part(top - odd_top, bottom - odd_top), _part(top, bottom - (odd_bottom - odd_top))
        return value if low is None else low, value, value if high is None else high
    return _part(top - odd_top, bottom), _part(top, bottom), _part(top, bottom - odd_bottom)


def _part(top: Decimal, bottom: Decimal) -> Decimal | None:
    return top / bottom if bottom > 0 else None


def _in_unit(kpi: Kpi, value: Decimal | None, currency: str) -> Decimal | None:
    """Minor units become currency units; a ratio of money to money is a share already."""
    if value is None:
        return None
    money = kpi.top[0].money and not (kpi.bottom and kpi.bottom[0].money)
    return value * to_units(1, currency) / kpi.per if money else value / kpi.per
