"""The records that show where a KPI falls short: the latest misses of a share, the smallest sales. Pure."""

from __future__ import annotations

from connector.advice.case import Evidence
from connector.advice.words import Language, day, money
from connector.kpi.explain import Explanation
from connector.kpi.items import Item
from connector.kpi.kinds import KINDS
from connector.moment import Zone, from_ms, local_day
from connector.money import to_units

SHOWN = 5


def telling(told: Explanation, zone: Zone, language: Language) -> list[Evidence]:
    """Five records at most, each with the card where it can be seen."""
    linked = [item for item in _misses(told) if item.links]
    return [Evidence(_text(item, told, zone, language), next(iter(item.links.values()))) for item in linked[:SHOWN]]


def _misses(told: Explanation) -> list[Item]:
    """What to look at: of a share what counts below only, of what should be small what counts above."""
    latest = sorted(told.items, key=lambda item: (-item.at, str(sorted(item.links))))
    if told.kpi.unit == "money":
        return sorted(latest, key=lambda item: item.amount or 0)
    roles = ("top", "both") if told.kpi.direction == "less" else ("bottom",)
    return [item for item in latest if item.role in roles]


def _text(item: Item, told: Explanation, zone: Zone, language: Language) -> str:
    """`обращение, 12 августа 2026, ответ через 47,0 раб. мин`."""
    kind = KINDS[item.kind]
    parts = [kind.one(language), day(local_day(from_ms(item.at), zone), language)]
    if item.amount is not None and told.kpi.unit == "money":
        parts.append(money(to_units(item.amount, told.currency), told.currency, language))
    elif item.number is not None and (said := kind.says(item.number, language)):
        parts.append(said)
    parts += _said(item)
    return ", ".join(parts)


def _said(item: Item) -> list[str]:
    """What the client objected and was not answered, where the call was scored by its words."""
    quotes = (quote.quote for one in item.evidence if one.answer == "no" for quote in one.quotes)
    return [f"«{quote}»" for quote in quotes][:1]
