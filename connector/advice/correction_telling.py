"""A proposed correction of a plan as people and machines read it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from connector.advice.correction import Proposal, Why
from connector.kpi.catalogue import ALL
from connector.kpi.telling.render import shown
from connector.kpi.text import Language, Text
from connector.targets.likely.telling import sure

_WHY: dict[Why, Text] = {
    "out_of_reach": Text(
        "план недостижим, хотя сам менеджер работает как обычно",
        "the plan is out of reach though nothing is amiss with the person",
    ),
    "too_easy": Text(
        "план был почти гарантирован ещё до начала месяца", "the plan was all but certain before the month began"
    ),
    "away": Text(
        "рабочих дней {days} вместо {agreed}, известных при утверждении плана",
        "{days} days to work instead of the {agreed} known when the plan was agreed on",
    ),
    "fewer_leads": Text(
        "обращений у команды {ratio} от прежнего уровня в день (90 %: {low}…{high}; было {before}, стало {now})",
        "the team gets {ratio} of its earlier enquiries a day (90 %: {low}…{high}; {before} before, {now} now)",
    ),
}
_HEAD = Text("{name}, {kpi} {period}: {was} → {value}", "{name}, {kpi} {period}: {was} → {value}")
_CHANCE = Text(
    "вероятность выполнить: {before} → {after}; месяц закончится около {expected} (80 %: {low}…{high})",
    "chance to make it: {before} → {after}; the month ends near {expected} (80 %: {low}…{high})",
)
_BY_DAYS = Text(
    "по рабочим дням это {was_due} → {value_due}: отсутствия уже вычтены",
    "by the days worked that is {was_due} → {value_due}: days away are taken off already",
)


def lines(one: Proposal, currency: str, language: Language) -> list[str]:
    """What, with which chance, and why: a line each."""
    money = {
        name: _money(getattr(one, name), currency, language) for name in ("was", "value", "low", "expected", "high")
    }
    kpi = ALL[one.kpi].title(language) if one.kpi in ALL else one.kpi
    head = _HEAD(language).format(name=one.name, kpi=kpi, period=one.period, **money)
    chances = {name: sure(getattr(one, name), language) for name in ("before", "after")}
    due = by_days(one, language, lambda value: _money(value, currency, language))
    return [head, *due, _CHANCE(language).format(**chances, **money), *reasons(one, currency, language)]


def by_days(one: Proposal, language: Language, told: Callable[[Decimal], str]) -> list[str]:
    """What both plans are by the days worked, which the chances are of; nothing of whoever works on all of them."""
    due = {f"{name}_due": told(_due(getattr(one, name), one)) for name in ("was", "value")}
    return [_BY_DAYS(language).format(**due)] if one.part < 1 else []


def _due(plan: Decimal, one: Proposal) -> Decimal:
    return (plan * Decimal(str(one.part))).quantize(Decimal(1))


def reasons(one: Proposal, currency: str, language: Language) -> list[str]:
    """The evidence alone."""
    told: dict[str, object] = {"days": one.days, "agreed": one.days_agreed}
    if one.flow is not None:
        low, high = one.flow.interval
        ends = {"ratio": one.flow.ratio, "low": low, "high": high}
        told |= {name: _share(value, currency, language) for name, value in ends.items()}
        told |= {"before": one.flow.before, "now": one.flow.now}
    return [_WHY[why](language).format(**told) for why in one.why]


def as_dict(one: Proposal) -> dict[str, Any]:
    """Everything; money as decimal strings, chances as numbers."""
    told: dict[str, Any] = {name: getattr(one, name) for name in one.__struct_fields__ if name != "flow"}
    told |= {"was": f"{one.was:f}", "value": f"{one.value:f}", "why": list(one.why), "flow": None}
    if one.flow is not None:
        flow = one.flow
        told["flow"] = {
            "ratio": round(flow.ratio, 4),
            "interval": [round(end, 4) for end in flow.interval],
            "before": flow.before,
            "now": flow.now,
        }
    return told


def _money(value: Decimal | int, currency: str, language: Language) -> str:
    return f"{shown(Decimal(value), 'count', currency, language)} {currency}"


def _share(value: float, currency: str, language: Language) -> str:
    return shown(Decimal(str(round(value, 3))), "share", currency, language)
