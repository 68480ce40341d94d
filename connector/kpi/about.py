"""All there is to say about a KPI, for people and machines. Pure; every word comes from its definition."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal

from connector.kpi.catalogue import FAMILIES
from connector.kpi.definition import Kpi, Language, Text
from connector.kpi.formula import formula, reasons, settings
from connector.kpi.words import REASONS

Direction = Literal["more", "less"]
LESS_IS_BETTER = frozenset({"lead_response_minutes", "refund_share"})
DIRECTIONS: dict[Direction, Text] = {
    "more": Text("чем больше, тем лучше", "more is better"),
    "less": Text("чем меньше, тем лучше", "less is better"),
}
UNITS: dict[str, Text] = {
    "money": Text("деньги в валюте аккаунта", "money in the account's currency"),
    "count": Text("штуки", "count"),
    "share": Text("доля (0…1, показывается в процентах)", "share (0…1, shown in percent)"),
    "minutes": Text("минуты", "minutes"),
    "score": Text("баллы", "score"),
}
NEEDS: dict[str, Text] = {
    "deal": Text("сделки", "deals"),
    "call": Text("звонки", "calls"),
    "meeting": Text("встречи", "meetings"),
    "lead": Text("лиды", "leads"),
}
"""Kinds of records a KPI needs."""
LABELS: dict[str, Text] = {
    "key": Text("Ключ", "Key"),
    "family": Text("Семейство", "Family"),
    "formula": Text("Формула", "Formula"),
    "unit": Text("Единица", "Unit"),
    "direction": Text("Направление", "Direction"),
    "minimum": Text("Мало данных, если фактов меньше", "Too little data below, facts"),
    "settings": Text("Настройки (по умолчанию)", "Settings (defaults)"),
    "reasons": Text("Вместо значения или рядом с ним", "Instead of a value or beside it"),
    "needs": Text("Нужно от CRM", "Needs from the CRM"),
    "setting": Text("Нужна настройка", "Needs the setting"),
    "version": Text("Версия формулы", "Version of the formula"),
}


def family(kpi: Kpi) -> Text:
    """The heading under which reports show it."""
    return next(title for title, members in FAMILIES if kpi in members)


def direction(kpi: Kpi) -> Direction:
    """Which way is better."""
    return "less" if kpi.key in LESS_IS_BETTER else "more"


def facts_of(kpi: Kpi, language: Language) -> dict[str, str]:
    """Everything but title and meaning, by label code (see LABELS), in words; what does not apply is left out."""
    told = {
        "key": kpi.key,
        "family": family(kpi)(language),
        "formula": formula(kpi, language),
        "unit": UNITS[kpi.unit](language),
        "direction": DIRECTIONS[direction(kpi)](language),
        "minimum": str(kpi.minimum) if kpi.minimum > 1 else "",
        "settings": ", ".join(f"{name} = {value:g}" for name, value in settings(kpi).items()),
        "reasons": ", ".join(f"{REASONS[reason](language)} ({reason})" for reason in reasons(kpi)),
        "needs": ", ".join(NEEDS[kind](language) for kind in sorted(kpi.needs)),
        "setting": kpi.setting or "",
        "version": kpi.version,
    }
    return {name: text for name, text in told.items() if text}


def as_text(kpi: Kpi, language: Language = "ru") -> str:
    """Both titles, the meaning, and a line for everything else."""
    other: Language = "en" if language == "ru" else "ru"
    lines = [f"{kpi.title(language)} / {kpi.title(other)}", kpi.meaning(language), ""]
    lines += [f"{LABELS[name](language)}: {text}" for name, text in facts_of(kpi, language).items()]
    return "\n".join(lines)


def as_list(kpis: Iterable[Kpi], language: Language = "ru") -> str:
    """A line for each: key, title, formula."""
    listed = list(kpis)
    wide, broad = max(len(kpi.key) for kpi in listed), max(len(kpi.title(language)) for kpi in listed)
    return "\n".join(f"{kpi.key:<{wide}}  {kpi.title(language):<{broad}}  {formula(kpi, language)}" for kpi in listed)


def as_json(kpis: Iterable[Kpi]) -> str:
    """A list of everything, texts in both languages."""
    return json.dumps([body(kpi) for kpi in kpis], ensure_ascii=False, indent=2)


def body(kpi: Kpi) -> dict[str, Any]:
    """One KPI as JSON has it."""
    return {
        "key": kpi.key,
        "title": kpi.title._asdict(),
        "meaning": kpi.meaning._asdict(),
        "formula": {"ru": formula(kpi, "ru"), "en": formula(kpi, "en")},
        "family": family(kpi)._asdict(),
        "unit": kpi.unit,
        "direction": direction(kpi),
        "minimum": kpi.minimum,
        "settings": settings(kpi),
        "reasons": {reason: REASONS[reason]._asdict() for reason in reasons(kpi)},
        "needs": sorted(kpi.needs),
        "setting": kpi.setting,
        "proportion": kpi.proportion,
        "version": kpi.version,
    }
