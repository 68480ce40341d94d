"""A cascade of plans, the versions of plans, and the sets of the configuration, for people and machines. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from connector.kpi.definition import Kpi
from connector.kpi.telling.explanation import plan_json, plan_line
from connector.kpi.telling.render import number, shown
from connector.kpi.text import Language, Text, percent
from connector.moment import Zone
from connector.result import Plan
from connector.targets.planning.cascade import Node
from connector.targets.planning.sets import KpiSet
from connector.targets.planning.words import FAMILIES, SET

_NONE = Text("нет плана", "no plan")
_PARTS = Text("части дают {parts}", "the parts make {parts}")
_SHORT = Text("не хватает {gap}", "{gap} short")
_OVER = Text("лишние {gap}", "{gap} over")
_EVEN = Text("сходится", "adds up")
_GOAL = Text("цель: {goal}", "goal: {goal}")
_NO_GOAL = Text("цель не названа", "no goal is named")
_WHO = {"all": Text("все", "everybody"), "nobody": Text("никто", "nobody")}


def cascade_text(heading: str, top: Node, unit: str, currency: str, language: Language) -> str:
    """A line each, indented by level, with what the parts make beside the plan."""

    def lines(node: Node, level: int) -> Iterator[str]:
        yield "  " * level + _node(node, unit, currency, language)
        for one in node.parts:
            yield from lines(one, level + 1)

    return "\n".join([heading, *lines(top, 0)])


def cascade_json(top: Node, unit: str, currency: str) -> dict[str, Any]:
    """The tree; `mismatch`: parts less whole."""

    def value(amount: Decimal | None) -> str | int | float | None:
        return number(amount, money=unit == "money", currency=currency)

    return {
        "subject": top.subject,
        "name": top.name,
        "plan": value(top.own),
        "parts_make": value(top.summed),
        "mismatch": value(top.mismatch),
        "parts": [cascade_json(one, unit, currency) for one in top.parts],
    }


def history_text(
    found: Sequence[Sequence[Plan]], kpis: Mapping[str, Kpi], names: Mapping[str, str], currency: str,
    language: Language, zone: Zone,
) -> str:  # fmt: skip
    """Each plan with all its versions: who agreed on what, when and why."""
    out = []
    for some in found:
        plan = some[0]
        what = kpis[plan.kpi].title(language) if plan.kpi in kpis else plan.kpi
        unit = kpis[plan.kpi].unit if plan.kpi in kpis else "count"
        piped = f" · {names.get(f'pipeline:{plan.pipeline}', plan.pipeline)}" if plan.pipeline else ""
        out.append(f"{names.get(plan.subject, plan.subject)} · {what}{piped} · {plan.period}")
        out += [f"  {plan_line(one, unit, currency, language, zone)}" for one in some]
    return "\n".join(out)


def history_json(found: Sequence[Sequence[Plan]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """A row a version, with the subject's name."""
    return [plan_json(plan) | {"name": names.get(plan.subject)} for some in found for plan in some]


def sets_text(
    account: str, sets: Sequence[KpiSet], kpis: Mapping[str, Kpi], who: Mapping[str, str], lang: Language
) -> str:
    """Each set with its goal, whose it is, and its KPIs by weight."""
    out = []
    for one in sets:
        goal = _GOAL(lang).format(goal=one.goal) if one.goal else _NO_GOAL(lang)
        out.append(f"{account} · {SET(lang).format(name=one.name)} · {goal} · {_whose(one, who, lang)}")
        whole = sum(one.weights.values())
        for key, weight in one.weights.items():
            title = kpis[key].title(lang) if key in kpis else "?"
            family = FAMILIES[kpis[key].family](lang) if key in kpis else "?"
            out.append(f"  {percent(weight / whole)(lang)}  {title} ({key}, {family})")
    return "\n".join(out)


def sets_json(account: str, one: KpiSet, kpis: Mapping[str, Kpi]) -> dict[str, Any]:
    """One set; `share` of each KPI is its weight's part of their sum."""
    whole = sum(one.weights.values())
    return {
        "account": account,
        "name": one.name,
        "goal": one.goal or None,
        "cap": one.cap,
        "all": one.everyone,
        "users": sorted(one.users),
        "teams": sorted(one.teams),
        "kpis": [
            {"key": key, "family": kpis[key].family if key in kpis else None, "weight": weight, "share": weight / whole}
            for key, weight in one.weights.items()
        ],
    }


def _whose(one: KpiSet, who: Mapping[str, str], language: Language) -> str:
    subjects = [f"team:{id}" for id in sorted(one.teams)] + [f"user:{id}" for id in sorted(one.users)]
    names = [who.get(subject, subject) for subject in subjects]
    if one.everyone:
        names.append(_WHO["all"](language))
    return ", ".join(names) or _WHO["nobody"](language)


def _node(node: Node, unit: str, currency: str, language: Language) -> str:
    def value(amount: Decimal) -> str:
        return shown(amount, unit, currency, language)

    told = [value(node.own) if node.own is not None else _NONE(language)]
    if node.summed is not None:
        told.append(_PARTS(language).format(parts=value(node.summed)))
    if (gap := node.mismatch) is not None:
        words = _EVEN if not gap else _SHORT if gap < 0 else _OVER
        told.append(words(language).format(gap=value(abs(gap))))
    return f"{node.name}: {'; '.join(told)}"
