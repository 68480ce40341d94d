"""A comparison as people and machines read it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from typing import Any

from connector.kpi.definition import Kpi, Language, Text
from connector.kpi.diff.changes import Difference, Unmoved, Version, change
from connector.kpi.diff.reading import Comparison
from connector.kpi.diff.words import day_of, named, pair, reasons_of, signed, still
from connector.kpi.fold import Cell
from connector.kpi.telling.render import number, shown
from connector.kpi.telling.words import REASONS
from connector.moment import Zone, from_ms, zone_of
from connector.money import to_units
from connector.records import Ref
from connector.result import Result

LinkTo = Callable[[str], str]
_CHANGED = Text("Изменило число", "Changed the number")
_STILL = Text("Не изменило число", "Did not change the number")
_SIDES = Text("числитель {top}, знаменатель {bottom}", "numerator {top}, denominator {bottom}")
_TOP = Text("числитель {top}", "numerator {top}")
_PLAN = Text("план", "plan")
_NOT_YET = Text(
    "До первого чтения CRM ({at}) ничего не было известно: сравнивать с тем моментом не с чем",
    "Nothing was known before the CRM was first read ({at}): there is nothing of that moment to compare with",
)
_POINTS = Text("п. п.", "pp")


def as_text(told: Comparison, language: Language = "ru", *, zone: Zone = "UTC", link_to: LinkTo = str) -> str:
    """The number at both moments, then each difference with its part, its reasons and its card."""
    clock = zone_of(zone)
    since, until = (f"{from_ms(at).astimezone(clock):%Y-%m-%d %H:%M %Z}" for at in (told.since, told.until))
    before, after = (_value(result, told, language) for result in (told.before, told.after))
    lines = [
        f"{told.kpi.title(language)} · {told.name} · {told.period.label}",
        f"{since}: {before} → {until}: {after}{_headline(told, language)}",
        *_not_yet(told, language, zone),
        *_plans(told, language),
        "",
        f"{_CHANGED(language)}: {len(told.differences)}",
    ]
    for one in told.differences:
        reasons = reasons_of(one, told.users, told.currency, language)
        much = part(one, told.kpi, told.currency, language)
        lines.append(f"  {much} · {named(one.fact, language)}: {reasons}{card(one.fact, link_to)}")
    if told.unmoved:
        lines += ["", f"{_STILL(language)}: {len(told.unmoved)}"]
        for found in told.unmoved:
            changed = still(found, told.users, told.currency, language)
            lines.append(f"  {named(found.fact, language)}: {changed}{card(found.fact, link_to)}")
    return "\n".join(lines)


def as_json(told: Comparison, *, link_to: LinkTo = str) -> str:
    """Everything; money as decimal strings, moments as ISO in UTC."""
    body = {
        "account": told.account,
        "kpi": told.kpi.key,
        "version": told.kpi.version,
        "user": {"id": told.before.subject.partition(":")[2], "name": told.name},
        "period": told.period.label,
        "unit": told.kpi.unit,
        "from": _moment(told, told.since, told.before, told.plans[0]),
        "to": _moment(told, told.until, told.after, told.plans[1]),
        "first_read": None if told.first_read is None else _iso(told.first_read),
        "differences": [_difference(one, told, link_to) for one in told.differences],
        "unchanged_by": [_unmoved(one, told, link_to) for one in told.unmoved],
    }
    return json.dumps(body, ensure_ascii=False, indent=2)


def _value(result: Result, told: Comparison, language: Language) -> str:
    text = shown(result.value, result.unit, told.currency, language)
    return text if result.value is not None else f"{text} ({REASONS[result.reason or 'no_source'](language)})"


def _headline(told: Comparison, language: Language) -> str:
    """By how much, where both are there; shares in percentage points."""
    if told.before.value is None or told.after.value is None:
        return ""
    delta = told.after.value - told.before.value
    if told.kpi.unit == "share":
        return f" ({signed(delta * 100, 'score', told.currency, language)} {_POINTS(language)})"
    return f" ({signed(delta, told.kpi.unit, told.currency, language)})"


def _not_yet(told: Comparison, language: Language, zone: Zone) -> list[str]:
    if told.first_read is None:
        return []
    return [_NOT_YET(language).format(at=f"{from_ms(told.first_read).astimezone(zone_of(zone)):%Y-%m-%d %H:%M %Z}")]


def _plans(told: Comparison, language: Language) -> list[str]:
    old, new = (shown(plan, "money", told.currency, language) for plan in told.plans)
    return [f"{_PLAN(language)}: {pair(old, new)}"] if told.plans[0] != told.plans[1] else []


def part(one: Difference, kpi: Kpi, currency: str, language: Language) -> str:
    """What it added to the number, to each side of a ratio; of a quantile, which value became which."""
    if not kpi.top[0].additive:
        return pair(*(_gathered(cell, kpi, currency, language) for cell in one.top))
    return sides(
        kpi,
        tuple(change(cells, unit, currency) for cells, unit in zip((one.top, one.bottom), kpi.side_units, strict=True)),
        currency,
        language,
    )


def sides(kpi: Kpi, parts: tuple[Decimal, ...], currency: str, language: Language) -> str:
    """What was added to the number, or to each side of a ratio."""
    if not kpi.ratio:
        return signed(parts[0] / kpi.per, kpi.unit, currency, language)
    above, below = (signed(value, unit, currency, language) for value, unit in zip(parts, kpi.side_units, strict=True))
    if not kpi.bottom:
        return above
    countable = all(one.additive for one in kpi.bottom)
    return (_SIDES if countable else _TOP)(language).format(top=above, bottom=below)


def _gathered(cell: Cell, kpi: Kpi, currency: str, language: Language) -> str:
    if not cell.values or kpi.top[0].take == "clients":
        return str(cell.values[0]) if cell.values else "—"
    told = cell.values[0]
    value = Decimal(str(told[0] if isinstance(told, tuple) else told)) / kpi.per
    return shown(to_units(int(value), currency) if kpi.unit == "money" else value, kpi.unit, currency, language)


def ref_of(fact: Version) -> Ref | None:
    """The card that shows it."""
    about = f"deal:{fact.deal}" if fact.deal else f"lead:{fact.lead}" if fact.lead else None
    return about or fact.client


def card(fact: Version, link_to: LinkTo) -> str:
    """Where a person can look at it."""
    ref = ref_of(fact)
    return f" · {link_to(ref)}" if ref else ""


def _moment(told: Comparison, at: int, result: Result, plan: Decimal | None) -> dict[str, Any]:
    above, below = (unit == "money" for unit in told.kpi.side_units)
    return {
        "at": _iso(at),
        "value": number(result.value, money=told.kpi.unit == "money", currency=told.currency),
        "numerator": number(result.numerator, money=above, currency=told.currency),
        "denominator": number(result.denominator, money=below, currency=told.currency),
        "n": result.n,
        "reason": result.reason,
        "plan": number(plan, money=True, currency=told.currency),
    }


def _difference(one: Difference, told: Comparison, link_to: LinkTo) -> dict[str, Any]:
    ref, additive = ref_of(one.fact), told.kpi.top[0].additive
    above, below = (
        number(change(cells, unit, told.currency), money=unit == "money", currency=told.currency) if additive else None
        for cells, unit in zip((one.top, one.bottom), told.kpi.side_units, strict=True)
    )
    return {
        "record": one.fact.record,
        "kind": one.fact.kind,
        "numerator": above,
        "denominator": below if told.kpi.bottom else None,
        "whys": list(one.whys),
        "text": {language: reasons_of(one, told.users, told.currency, language) for language in ("ru", "en")},
        "before": _version(one.before, told.currency),
        "after": _version(one.after, told.currency),
        "link": link_to(ref) if ref else None,
    }


def _unmoved(one: Unmoved, told: Comparison, link_to: LinkTo) -> dict[str, Any]:
    ref = ref_of(one.fact)
    return {
        "record": one.fact.record,
        "what": one.change.kind,
        "at": one.change.at.astimezone(UTC).isoformat(),
        "text": {language: still(one, told.users, told.currency, language) for language in ("ru", "en")},
        "link": link_to(ref) if ref else None,
    }


def _version(fact: Version | None, currency: str) -> dict[str, Any] | None:
    if fact is None:
        return None
    amount = None if fact.amount is None else to_units(fact.amount, currency)
    return {
        "at": _iso(fact.at),
        "day": day_of(fact),
        "user": fact.user,
        "amount": number(amount, money=True, currency=currency),
        "number": fact.number,
        "omitted": fact.omitted,
    }


def _iso(ms: int) -> str:
    return from_ms(ms).astimezone(UTC).isoformat()
