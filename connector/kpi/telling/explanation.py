"""An explanation as people and machines read it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from connector.kpi.definition import Language, Text
from connector.kpi.evidence import Evidence
from connector.kpi.explain import Explanation, contested
from connector.kpi.items import Item
from connector.kpi.kinds import KINDS
from connector.kpi.people import titled_of
from connector.kpi.telling.render import left_out, number, shown
from connector.kpi.telling.words import CONFIDENCE, REASONS
from connector.moment import Zone, from_ms, zone_of
from connector.money import to_units
from connector.result import Plan
from connector.store.talk.scores import Quoted

LONGEST = 200
"""Facts that the text lists; the JSON lists all."""
_VALUE = Text("Значение", "Value")
_OF = Text("числитель {above}, знаменатель {below}, фактов {n}", "numerator {above}, denominator {below}, facts {n}")
_OF_FIRST = Text("От первоначального плана ({plan}): {share}", "Of the plan agreed on first ({plan}): {share}")
_AGREED = Text("План менялся, версии", "The plan was changed, its versions")
_VERSION = Text("версия {n}", "version {n}")
_COUNTED = Text("Учтено", "Counted")
_LEFT = Text("Не учтено", "Left out")
_WORKED = Text("Отработанные дни: {told}", "Days worked: {told}")
_CONTESTED = Text("Оспорено, ждёт решения: {n}", "Contested, to be decided: {n}")
_DISPUTED = Text("оспорено, № {n}", "contested, no. {n}")
_MORE = Text("… и ещё {n}", "… and {n} more")
_TURN = Text("реплика", "turn")
_ANSWERS = {"yes": Text("да", "yes"), "no": Text("нет", "no")}
_ROLES = {
    "top": Text("в числителе", "numerator"),
    "bottom": Text("в знаменателе", "denominator"),
    "both": Text("в числителе и знаменателе", "numerator and denominator"),
}


def as_json(told: Explanation) -> str:
    """Everything: the result and every fact, money as decimal strings, moments as ISO in UTC."""
    kind, _, id = told.result.subject.partition(":")
    value = told.result.value
    body = {
        "account": told.account,
        "kpi": told.kpi.key,
        "meaning": told.kpi.meaning._asdict(),
        "version": told.kpi.version,
        kind: {"id": id, "name": told.name},
        "period": told.period.label,
        "as_of": _iso(told.as_of),
        "value": number(value, money=told.kpi.unit == "money", currency=told.currency),
        "unit": told.kpi.unit,
        "n": told.result.n,
        "enough": told.result.enough,
        "confidence": told.result.confidence,
        "reason": told.result.reason,
        "first_plan": number(told.result.first_plan, money=told.kpi.side_units[1] == "money", currency=told.currency),
        "against_first": number(told.result.against_first, money=False, currency=told.currency),
        "plans": [plan_json(plan) for plan in told.plans],
        "worked_days": [{"user": one.user, "name": one.name, "days": one.days} for one in told.worked],
        "contested": contested(told),
        "facts": [_item(item, told) for item in told.items],
        "left_out": [_item(item, told) for item in told.left_out],
    }
    return json.dumps(body, ensure_ascii=False, indent=2)


def as_text(told: Explanation, language: Language = "ru", *, zone: Zone = "UTC") -> str:
    """What it means, what it is, the facts with links, and what was left out, in the account's clock."""
    result = told.result
    lines = [
        f"{told.kpi.title(language)} · {titled_of(told.result.subject, told.name, language)} · {told.period.label}",
        told.kpi.meaning(language),
        f"{_VALUE(language)}: {_value(told, language)}",
    ]
    if result.denominator is not None:
        sides = zip((result.numerator, result.denominator), told.kpi.side_units, strict=True)
        above, below = (shown(side, unit, told.currency, language) for side, unit in sides)
        lines.append(_OF(language).format(above=above, below=below, n=result.n))
    if told.worked:
        lines.append(_WORKED(language).format(told=", ".join(f"{one.name} {one.days}" for one in told.worked)))
    lines += _plans(told, language, zone)
    if waiting := contested(told):
        lines.append(_CONTESTED(language).format(n=waiting))
    for title, items in ((_COUNTED, told.items), (_LEFT, told.left_out)):
        lines += ["", f"{title(language)}: {len(items)}"]
        for item in items[:LONGEST]:
            lines += [_line(item, told, language, zone), *_words(item, language)]
        if len(items) > LONGEST:
            lines.append(_MORE(language).format(n=len(items) - LONGEST))
    reasons = Counter(item.why for item in told.left_out if item.why)
    lines += [f"  {left_out(why, language)}: {count}" for why, count in sorted(reasons.items())]
    return "\n".join(lines)


def plan_json(plan: Plan) -> dict[str, Any]:
    """One version of a plan: who agreed on what, when and why."""
    named = {name: getattr(plan, name) for name in ("subject", "kpi", "period", "pipeline", "version")}
    at = None if plan.at is None else plan.at.astimezone(UTC).isoformat()
    return named | {"value": f"{plan.value:f}", "author": plan.author, "reason": plan.reason, "at": at}


def plan_line(plan: Plan, unit: str, currency: str, language: Language, zone: Zone) -> str:
    """The same in a line: version, value, day, author, reason."""
    value = shown(plan.value, unit, currency, language)
    day = "" if plan.at is None else f"{plan.at.astimezone(zone_of(zone)):%Y-%m-%d %H:%M}"
    parts = (_VERSION(language).format(n=plan.version), value, day, plan.author, plan.reason)
    return " · ".join(part for part in parts if part)


def _plans(told: Explanation, language: Language, zone: Zone) -> list[str]:
    """What was agreed on, where that was changed since: attainment by the first plan and every version."""
    if all(plan.version == 1 for plan in told.plans):
        return []
    several = len({plan.subject for plan in told.plans}) > 1
    unit, lines = told.kpi.side_units[1], []
    if told.result.first_plan is not None:
        share = shown(told.result.against_first, "share", told.currency, language)
        agreed = shown(told.result.first_plan, unit, told.currency, language)
        lines.append(_OF_FIRST(language).format(share=share, plan=agreed))
    lines.append(f"{_AGREED(language)}:")
    for plan in told.plans:
        who = f"{plan.subject} · " if several else ""
        lines.append(f"  {who}{plan_line(plan, unit, told.currency, language, zone)}")
    return lines


def _value(told: Explanation, language: Language) -> str:
    text = shown(told.result.value, told.kpi.unit, told.currency, language)
    reason = told.result.reason
    return f"{text} ({REASONS[reason](language)})" if reason else text


def _line(item: Item, told: Explanation, language: Language, zone: Zone) -> str:
    at = from_ms(item.at).astimezone(zone_of(zone))
    parts = [f"{at:%Y-%m-%d %H:%M}", KINDS[item.kind].one(language)]
    if item.amount is not None:
        parts.append(f"{shown(to_units(item.amount, told.currency), 'money', told.currency, language)} {told.currency}")
    if item.number is not None and (said := KINDS[item.kind].says(item.number, language)):
        parts.append(said)
    if item.role and told.kpi.bottom:
        parts.append(_ROLES[item.role](language))
    if item.confidence != "exact":
        parts.append(CONFIDENCE[item.confidence](language))
    if item.contested is not None:
        parts.append(_DISPUTED(language).format(n=item.contested))
    notes = [item.note] if item.note and item.note.split(":")[0] == item.why else [item.why, item.note]
    parts += [left_out(note, language) for note in notes if note]
    return "  " + " · ".join([*parts, *item.links.values()])


def _words(item: Item, language: Language) -> Iterator[str]:
    """A line for each criterion of a scored call: the answer and the words that it rests on."""
    for one in item.evidence:
        quotes = "; ".join(f"«{quote.quote}» ({_place(quote, language)})" for quote in one.quotes)
        told = (f"{one.criterion}: {_ANSWERS[one.answer](language)}", quotes, one.scorer)
        yield "      " + " · ".join(part for part in told if part)


def _place(quote: Quoted, language: Language) -> str:
    """The turn, counted from 1 as people do, and the minute where it was timed."""
    clock = "" if quote.at is None else f", {int(quote.at) // 60}:{int(quote.at) % 60:02}"
    return f"{_TURN(language)} {quote.turn + 1}{clock}"


def _item(item: Item, told: Explanation) -> dict[str, Any]:
    amount = None if item.amount is None else to_units(item.amount, told.currency)
    return {
        "key": item.key,
        "kind": item.kind,
        "at": _iso(item.at),
        "user": item.user,
        "amount": number(amount, money=True, currency=told.currency),
        "number": item.number,
        "due_at": None if item.due_at is None else _iso(item.due_at),
        "confidence": item.confidence,
        "note": item.note,
        "role": item.role or None,
        "why": item.why,
        "links": dict(item.links),
        **({"evidence": [_evidence(one) for one in item.evidence]} if item.evidence else {}),
        "contest": item.contested,
    }


def _evidence(one: Evidence) -> dict[str, Any]:
    quotes = [{"turn": quote.turn, "at": quote.at, "quote": quote.quote} for quote in one.quotes]
    told = {"criterion": one.criterion, "answer": one.answer, "scorer": one.scorer, "checklist": one.checklist}
    return told | {"why": one.why, "quotes": quotes}


def _iso(ms: int) -> str:
    return from_ms(ms).astimezone(UTC).isoformat()
