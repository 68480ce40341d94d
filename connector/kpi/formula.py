"""What a definition says, in words: its formula, and what follows from it. Pure.

Nothing here is written down a second time: a changed definition changes these texts with it.
"""

from __future__ import annotations

from collections.abc import Iterable

from connector.config import Rules
from connector.kpi.definition import Kpi, Language, Measure, Op, Text, Where, thresholds

PLURAL: dict[str, Text] = {
    "win": Text("выигрышей", "wins"),
    "loss": Text("проигрышей", "losses"),
    "enquiry": Text("обращений", "enquiries"),
    "call_out": Text("исходящих звонков", "outgoing calls"),
    "call_in": Text("принятых входящих звонков", "answered incoming calls"),
    "call_missed": Text("пропущенных звонков", "missed calls"),
    "meeting": Text("проведённых встреч", "meetings held"),
    "rating": Text("оценок", "ratings"),
    "refund": Text("возвратов", "refunds"),
}
"""Kinds of facts, as what is counted."""

NUMBERS: dict[str, Text] = {
    "win": Text("номер покупки клиента", "the client's purchase number"),
    "enquiry": Text("рабочие секунды до ответа", "working seconds until the answer"),
    "call_out": Text("секунды разговора", "seconds of talk"),
    "call_in": Text("секунды разговора", "seconds of talk"),
    "rating": Text("оценка", "score"),
    "refund": Text("дней после продажи", "days after the sale"),
}
"""What a fact's number is, by kind."""
_AMOUNT = Text("сумма", "amount")
_SUM_OF = Text("сумма ({of}) {kinds}", "sum ({of}) of {kinds}")
_DUE = {"enquiry": Text("конец норматива", "end of the norm"), "refund": Text("день возврата", "day of the refund")}
_OPS: dict[Op, str] = {"ge": "≥", "gt": ">", "le": "≤", "eq": "="}
_UNKNOWN = Text("{what}: ещё нет", "{what}: none yet")
_AS_OF = Text("момент отчёта", "the report's moment")
_TAKE = {
    "count": Text("число {kinds}", "number of {kinds}"),
    "sum": Text("сумма {kinds}", "total amount of {kinds}"),
    "median": Text("медиана ({of}) {kinds}", "median ({of}) of {kinds}"),
    "clients": Text("число клиентов {kinds}", "number of clients of {kinds}"),
}
_AND = Text("и", "and")
_PLAN = Text("план ({of})", "plan ({of})")


def formula(kpi: Kpi, language: Language) -> str:
    """`number of wins / (number of wins + number of losses)`."""
    below = _PLAN(language).format(of=kpi.plan) if kpi.plan else _side(kpi.bottom, language)
    if below:
        return f"{_bracketed(kpi.top, language)} / {below if kpi.plan else _bracketed(kpi.bottom, language)}"
    above = _side(kpi.top, language)
    return above if kpi.per == 1 else f"{above} / {kpi.per}"


def reasons(kpi: Kpi) -> tuple[str, ...]:
    """Every reason its value can be missing for, or not to be trusted."""
    unpriced = any(one.take == "sum" and one.money and not _looks_at_amount(one) for one in kpi.measures)
    possible = {"no_source": True, kpi.empty: True, "few_data": kpi.minimum > 1, "no_rate": unpriced}
    return tuple(reason for reason, can_be in possible.items() if can_be)


def settings(kpi: Kpi, rules: Rules | None = None) -> dict[str, float]:
    """The thresholds its conditions name, with their values under these rules (default: the defaults)."""
    known = thresholds(rules or Rules(), 0)
    named = (where.than for one in kpi.measures for where in one.where if isinstance(where.than, str))
    return {name: known[name] for name in dict.fromkeys(named) if name != "as_of"}


def _side(measures: Iterable[Measure], language: Language) -> str:
    return " + ".join(_measure(one, language) for one in measures)


def _bracketed(measures: tuple[Measure, ...], language: Language) -> str:
    text = _side(measures, language)
    return f"({text})" if len(measures) > 1 else text


def _measure(one: Measure, language: Language) -> str:
    kinds = f" {_AND(language)} ".join(PLURAL[kind](language) for kind in one.kinds)
    of = _AMOUNT if one.of == "amount" else NUMBERS[one.kinds[0]]
    take = _SUM_OF if one.take == "sum" and not one.money else _TAKE[one.take]
    text = take(language).format(kinds=kinds, of=of(language))
    conditions = ", ".join(_where(where, one.kinds[0], language) for where in one.where)
    return f"{text} [{conditions}]" if conditions else text


def _where(where: Where, kind: str, language: Language) -> str:
    what = {"amount": _AMOUNT, "number": NUMBERS.get(kind), "due_at": _DUE.get(kind)}[where.column]
    column = what(language) if what else where.column
    if where.op == "unknown":
        return _UNKNOWN(language).format(what=column)
    than = (
        _AS_OF(language) if where.than == "as_of" else where.than if isinstance(where.than, str) else f"{where.than:g}"
    )
    return f"{column} {_OPS[where.op]} {than}"


def _looks_at_amount(one: Measure) -> bool:
    return any(where.column == "amount" for where in one.where)
