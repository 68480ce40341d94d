"""What a definition says, in words: its formula, and what follows from it. Pure.

Nothing here is written down a second time: a changed definition changes these texts with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from connector.config import Rules
from connector.kpi.definition import Ago, Kpi, Language, Measure, Op, Take, Text, Where, thresholds
from connector.kpi.kinds import KINDS
from connector.kpi.unpriced import adds_nothing

_AMOUNT = Text("сумма", "amount")
_SUM_OF = Text("сумма ({of}) {kinds}", "sum ({of}) of {kinds}")
_OPS: dict[Op, str] = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "=", "in": "∈"}
_UNKNOWN = Text("{what}: ещё нет", "{what}: none yet")
_KNOWN = Text("{what}: есть", "{what}: known")
_TAKE: dict[Take, Text] = {
    "count": Text("число {kinds}", "number of {kinds}"),
    "sum": Text("сумма {kinds}", "total amount of {kinds}"),
    "quantile": Text("{rank} ({of}) {kinds}", "{rank} ({of}) of {kinds}"),
    "age": Text("{rank} возраста {kinds}", "{rank} of the age of {kinds}"),
    "clients": Text("число клиентов {kinds}", "number of clients of {kinds}"),
    "expected": Text("суммы {kinds} по вероятности выигрыша", "amounts of {kinds} by their chance of a win"),
    "survival": Text(
        "{rank} по Каплану — Мейеру ({of}) {kinds}, незавершённые ещё ждут",
        "{rank} by Kaplan-Meier ({of}) of {kinds}, the unfinished still waiting",
    ),
}
_MEDIAN = Text("медиана", "median")
_RANK = Text("{percent:g}-й процентиль", "{percent:g}th percentile")
_AND = Text("и", "and")
_WAITS = Text("({plain}; где больше 5 % ждут: {estimate})", "({plain}; where more than 5 % wait: {estimate})")
_PLAN = Text("план ({of})", "plan ({of})")
_PLAN_LEFT = Text("остаток плана ({of})", "what is left of the plan ({of})")
_DAYS = Text("отработанные дни", "days worked")
_CLOCKS = {
    "as_of": Text("момент отчёта", "the report's moment"),
    "hour_ago": Text("час до него", "an hour before it"),
    "period_start": Text("начало периода", "the period's start"),
    "period_end": Text("конец периода", "the period's end"),
}
_AT = Text("момент", "moment")
_AGO = Text("{clock} − {span}", "{clock} - {span}")
_SPANS = ((86400, Text("дн.", "days")), (3600, Text("ч", "h")), (60, Text("мин", "min")), (1, Text("с", "s")))
_NAMES: dict[str, Text] = {
    "pipeline_id": Text("воронка", "pipeline"),
    "source": Text("источник", "source"),
    "stage": Text("этап", "stage"),
    "at": _AT,
    "amount": _AMOUNT,
}


def formula(kpi: Kpi, language: Language) -> str:
    """`number of wins / (number of wins + number of losses)`."""
    below = _below(kpi, language)
    value = f"{_bracketed(kpi.top, language)} / {below}" if below else _alone(kpi, language)
    return value if kpi.per == 1 else f"{value} / {kpi.per}"


def _alone(kpi: Kpi, language: Language) -> str:
    """What is divided by nothing; where many may wait both ways in which it is told."""
    if not kpi.waits:
        return _side(kpi.top, language)
    plain, estimate = kpi.top[0], replace(kpi.top[1], where=())
    return _WAITS(language).format(plain=_measure(plain, language), estimate=_measure(estimate, language))


def muting(kpi: Kpi, language: Language) -> str:
    """`number of ratings / (number of wins + number of losses) < 10 %`; empty where nothing mutes it."""
    if kpi.muted is None:
        return ""
    above, below = _bracketed(kpi.muted.top, language), _bracketed(kpi.muted.bottom, language)
    return f"{above} / {below} < {kpi.muted.least * 100:g} %"


def reasons(kpi: Kpi) -> tuple[str, ...]:
    """Every reason its value can be missing for, or not to be trusted."""
    unpriced = any(
        one.take == "sum" and one.money and (adds_nothing(one) or not _looks_at_amount(one)) for one in kpi.measures
    )
    possible = {
        "no_source": True,
        kpi.empty: True,
        "few_data": kpi.minimum > 1,
        "no_rate": unpriced,
        "undecided": kpi.top[0].take == "survival" or kpi.waits,
        "estimated": kpi.waits,
        "short_history": kpi.lookback,
        "not_observed": kpi.standing,
        kpi.muted.reason if kpi.muted else "": kpi.muted is not None,
    }
    return tuple(reason for reason, can_be in possible.items() if can_be)


def settings(kpi: Kpi, rules: Rules | None = None) -> dict[str, float]:
    """The thresholds its conditions name, with their values under these rules (default: the defaults)."""
    known = thresholds(rules or Rules(), 0)
    named = (where.than for one in kpi.measures for where in one.where if isinstance(where.than, str))
    return {name: known[name] for name in dict.fromkeys(named) if name not in _CLOCKS}


def _below(kpi: Kpi, language: Language) -> str:
    if kpi.days:
        return _DAYS(language)
    if kpi.plan:
        return (_PLAN_LEFT if kpi.left else _PLAN)(language).format(of=kpi.plan)
    return _bracketed(kpi.bottom, language)


def _told(measures: Iterable[Measure]) -> list[Measure]:
    return [one for one in measures if not adds_nothing(one)]


def _side(measures: Iterable[Measure], language: Language) -> str:
    return " + ".join(_measure(one, language) for one in _told(measures))


def _bracketed(measures: tuple[Measure, ...], language: Language) -> str:
    text = _side(measures, language)
    return f"({text})" if len(_told(measures)) > 1 else text


def _measure(one: Measure, language: Language) -> str:
    kinds = f" {_AND(language)} ".join(KINDS[kind].many(language) for kind in one.kinds)
    of = column(one.kinds[0], one.of)
    rank = _MEDIAN(language) if one.quantile == 0.5 else _RANK(language).format(percent=one.quantile * 100)
    take = _SUM_OF if one.take == "sum" and not one.money else _TAKE[one.take]
    text = take(language).format(kinds=kinds, of=of(language), rank=rank)
    conditions = ", ".join(_where(where, one.kinds[0], language) for where in one.where)
    return f"{text} [{conditions}]" if conditions else text


def column(kind: str, name: str) -> Text:
    """What a column of such a fact holds, in words."""
    known = KINDS[kind]
    own = {"number": known.number, "other": known.other, "due_at": known.due, "stage": known.sort}
    return own.get(name) or _NAMES.get(name) or Text(name, name)


def _where(where: Where, kind: str, language: Language) -> str:
    what = column(kind, where.column)(language)
    if where.op == "unknown":
        return _UNKNOWN(language).format(what=what)
    if where.op == "known":
        return _KNOWN(language).format(what=what)
    if isinstance(where.than, tuple):
        return f"{what} {_OPS['in']} {{{where.said or ', '.join(where.than)}}}"
    return f"{what} {_OPS[where.op]} {where.said or _than(where.than, language)}"


def _than(than: float | str | Ago, language: Language) -> str:
    """What is compared with: a number, a threshold's name, a moment."""
    if isinstance(than, Ago):
        size, unit = next((size, unit) for size, unit in _SPANS if than.seconds % size == 0)
        return _AGO(language).format(clock=_CLOCKS["as_of"](language), span=f"{than.seconds // size} {unit(language)}")
    if isinstance(than, str):
        return _CLOCKS[than](language) if than in _CLOCKS else than
    return f"{than:g}"


def _looks_at_amount(one: Measure) -> bool:
    return any(where.column == "amount" for where in one.where)
