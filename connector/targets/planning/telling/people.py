"""A person's set with plans, facts and pace: a table for people, an object for machines. Pure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from connector.kpi.telling.explanation import plan_json
from connector.kpi.telling.render import exact, number, shown
from connector.kpi.telling.words import REASONS
from connector.kpi.text import Language, Text
from connector.result import Unit
from connector.targets.likely.midway import Ahead80, Beside
from connector.targets.likely.telling import REALISM, percent
from connector.targets.opinion import telling as opinion
from connector.targets.pace import Pace
from connector.targets.planning.person import PersonPlan, PlannedKpi
from connector.targets.planning.scoring import Index
from connector.targets.suggest import realism

_HEADS = (
    Text("Показатель", "KPI"),
    Text("Вес", "Weight"),
    Text("План", "Plan"),
    Text("План по рабочим дням", "Plan by days worked"),
    Text("Факт", "Fact"),
    Text("Выполнение", "Attained"),
    Text("Темп", "Pace"),
    Text("Осталось\nв раб. день", "Left a\nworking day"),
    Text("Шанс и прогноз (80 %)", "Chance, forecast (80 %)"),
)
_NEARLY = 0.05
_ALWAYS = (0, 2, 4, 5)
"""Columns that are there even where they are empty."""
_WAS = Text("первый: {value}", "first: {value}")
_OF_FIRST = Text("первого: {value}", "of the first: {value}")
_OF_DAYS = Text("по дням: {value}", "by days: {value}")
_SET = Text("набор «{name}»", "set “{name}”")
_NO_SET = Text("без набора", "no set")
_GOAL = Text("Цель: {goal}", "Goal: {goal}")
_DAYS = Text("{value}\nиз {full}, {days}/{whole} дн.", "{value}\nfrom {full}, {days}/{whole} d")
_SCORE = Text("Оценка набора: {value}", "Score of the set: {value}")
_SO_FAR = Text("; суммы — по темпу, месяц идёт", "; sums by their pace, the month is running")
_LEFT = Text("не вошли: {what}", "left out: {what}")
_LITTLE = Text("* мало данных", "* too little data")
WHY = {
    "no_plan": Text("нет плана", "no plan"),
    "no_fact": Text("нет факта", "no fact"),
    "no_direction": Text("не оценивается", "not to be scored"),
    "too_early": Text("рано", "too early"),
}


def as_text(found: Sequence[PersonPlan], language: Language = "ru", *, width: int = 130) -> str:
    """A table for each person and the score of his set."""
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    for one in found:
        chosen = _NO_SET(language) if one.set is None else _SET(language).format(name=one.set.name)
        console.print(f"{one.name} · {one.period.label} · {one.currency} · {chosen}", markup=False)
        if one.set is not None and one.set.goal:
            console.print(_GOAL(language).format(goal=one.set.goal), markup=False)
        console.print(_table(one, language))
        if any(_few(row) for row in one.rows):
            console.print(_LITTLE(language))
        if (beside := _beside(one)) is not None:
            console.print(opinion.why(beside.verdict, language), markup=False)
        if one.index is not None:
            console.print(_score(one, one.index, language), markup=False)
        console.print()
    file: Any = console.file
    return str(file.getvalue()).rstrip() + "\n"


def as_json(one: PersonPlan) -> dict[str, Any]:
    """Money as decimal strings, shares as numbers; every version of every plan."""
    index = one.index
    return {
        "account": one.account,
        "period": one.period.label,
        "currency": one.currency,
        "running": one.running,
        "user": {"id": one.user, "name": one.name},
        "set": None if one.set is None else {"name": one.set.name, "goal": one.set.goal, "cap": one.set.cap},
        "score": None if index is None else _ratio(index.value),
        "left_out": {} if index is None else dict(index.left_out),
        "kpis": [_row_json(row, one.currency) for row in one.rows],
    }


def _table(one: PersonPlan, language: Language) -> Table:
    """Without the columns that nobody has anything in."""
    lines = [_cells(row, one, language) for row in one.rows]
    kept = [place for place in range(len(_HEADS)) if place in _ALWAYS or any(line[place] for line in lines)]
    table = Table()
    for place in kept:
        table.add_column(_HEADS[place](language), justify="left" if place == 0 else "right")
    for line in lines:
        table.add_row(*(line[place].replace("[", "\\[") for place in kept))
    return table


def _cells(row: PlannedKpi, one: PersonPlan, language: Language) -> list[str]:
    def value(amount: Decimal | None) -> str:
        return "" if amount is None else _short(amount, row.kpi.unit, one.currency, language)

    def share(amount: Decimal | None) -> str:
        return "" if amount is None else shown(amount, "share", one.currency, language)

    less, current, first = row.prorated, row.current, row.first
    better = row.kpi.direction == "more"
    name = row.kpi.title(language)
    return [
        f"{name} · {row.pipeline[1]}" if row.pipeline else name,
        "" if row.weight is None else f"{row.weight:g}",
        _lines(value(current.value) if current else "—", (_WAS(language), value(first.value) if first else "")),
        ""
        if less is None
        else _DAYS(language).format(value=value(less.value), full=value(less.full), days=less.days, whole=less.whole),
        _fact(row, one.currency, language),
        _lines(
            share(row.reached(current.value)) if current else "",
            (_OF_FIRST(language), share(row.reached(first.value)) if first else ""),
            (_OF_DAYS(language), share(row.reached(less.value)) if less else ""),
        ),
        _lines(
            share(row.pace.pace) if row.pace and better else "",
            (_OF_DAYS(language), share(row.own_pace.pace) if row.own_pace and better else ""),
        ),
        _left(row.own_pace or row.pace, row.kpi.unit, one.currency, language) if one.running and better else "",
        _ahead(row, one.currency, language),
    ]


def _left(pace: Pace | None, unit: Unit, currency: str, language: Language) -> str:
    """What each working day to come must bring; of what is counted one by one, whole ones."""
    if pace is None or not pace.per_day:
        return ""
    each = pace.per_day if unit == "money" else pace.per_day.to_integral_value(ROUND_CEILING)
    return _short(each, unit, currency, language)


def _ahead(row: PlannedKpi, currency: str, language: Language) -> str:
    """To five percent, as nobody knows more, in the class it belongs to; and where the month ends in 80 % of cases."""
    told = row.ahead
    if told is None:
        return ""
    kind = REALISM[realism(told.chance)](language)
    lines = [f"{_chance(told.chance, language)}, {kind}", _interval(told, row.kpi.unit, currency, language)]
    if told.beside is not None:
        other = told.beside.ends
        lines.append(f"{opinion.whose(told.beside.verdict, told=False)(language)}: {_chance(other.chance, language)}")
        lines.append(_interval(other, row.kpi.unit, currency, language))
    return "\n".join(lines)


def _interval(told: Ahead80, unit: Unit, currency: str, language: Language) -> str:
    low, high = (_short(end, unit, currency, language) for end in (told.low, told.high))
    return f"{low} … {high}"


def _beside(one: PersonPlan) -> Beside | None:
    return next((row.ahead.beside for row in one.rows if row.ahead is not None and row.ahead.beside), None)


def _chance(value: float, language: Language) -> str:
    """Nobody is sure of the future."""
    if value < _NEARLY or value > 1 - _NEARLY:
        sign, end = ("<", _NEARLY) if value < _NEARLY else (">", 1 - _NEARLY)
        return f"{sign} {percent(end, language)}"
    return percent(round(value * 20) / 20, language)


def _lines(value: str, *more: tuple[str, str]) -> str:
    """A value and what else it would be, a line each."""
    return "\n".join([value, *(words.format(value=text) for words, text in more if text)])


def _fact(row: PlannedKpi, currency: str, language: Language) -> str:
    result = row.result
    if result is None or result.value is None:
        why = REASONS[result.reason](language) if result is not None and result.reason else ""
        return f"— {why}".rstrip()
    return _short(result.value, row.kpi.unit, currency, language) + ("*" if _few(row) else "")


def _short(value: Decimal, unit: Unit, currency: str, language: Language) -> str:
    """Money without its kopecks: a table of plans is read at a glance."""
    if unit == "money":
        return shown(value.quantize(Decimal(1)), "count", currency, language)
    return shown(value, unit, currency, language)


def _few(row: PlannedKpi) -> bool:
    return row.result is not None and row.result.value is not None and row.result.reason == "few_data"


def _score(one: PersonPlan, index: Index, language: Language) -> str:
    value = "—" if index.value is None else shown(index.value, "share", one.currency, language)
    text = _SCORE(language).format(value=value) + (_SO_FAR(language) if one.running and index.value is not None else "")
    titles = {row.kpi.key: row.kpi.title(language) for row in one.rows}
    left = ", ".join(f"{titles.get(key, key)} ({WHY[why](language)})" for key, why in index.left_out)
    return f"{text}; {_LEFT(language).format(what=left)}" if left else text


def _row_json(row: PlannedKpi, currency: str) -> dict[str, Any]:
    money = row.kpi.unit == "money"

    def value(amount: Decimal | None) -> str | int | float | None:
        return number(amount, money=money, currency=currency)

    less, current, first, result = row.prorated, row.current, row.first, row.result
    return {
        "kpi": row.kpi.key,
        "title": row.kpi.title._asdict(),
        "family": row.kpi.family,
        "unit": row.kpi.unit,
        "pipeline": None if row.pipeline is None else {"id": row.pipeline[0], "name": row.pipeline[1]},
        "weight": row.weight,
        "plan": None if current is None else value(current.value),
        "first_plan": None if first is None else value(first.value),
        "prorated": None
        if less is None
        else {"value": value(less.value), "from": value(less.full), "days": less.days, "of_days": less.whole},
        "fact": None if result is None else value(result.value),
        "n": None if result is None else result.n,
        "enough": None if result is None else result.enough,
        "reason": None if result is None else result.reason,
        "attainment": _ratio(row.reached(current.value if current else None)),
        "attainment_of_first": _ratio(row.reached(first.value if first else None)),
        "attainment_of_prorated": _ratio(row.reached(less.value if less else None)),
        "pace": _pace(row.pace, value),
        "own_pace": _pace(row.own_pace, value),
        "chance": None if row.ahead is None else round(row.ahead.chance, 3),
        "class": None if row.ahead is None else realism(row.ahead.chance),
        "forecast_80": None if row.ahead is None else [value(row.ahead.low), value(row.ahead.high)],
        "second_opinion": None if row.ahead is None or row.ahead.beside is None else _opinion(row.ahead.beside, value),
        "achieved": _ratio(row.achieved),
        "not_scored": row.why,
        "versions": [plan_json(plan) for plan in row.versions],
    }


def _opinion(beside: Beside, value: Any) -> dict[str, Any]:
    """The other forecast, and which of both the account's past prefers."""
    ends, by = beside.ends, "model" if beside.verdict.prefers else "pipeline"
    told = {"by": by, "forecast_80": [value(ends.low), value(ends.high)], "middle": value(ends.middle)}
    return told | {"chance": round(ends.chance, 3), "compared": opinion.as_json(beside.verdict)}


def _pace(told: Pace | None, value: Any) -> dict[str, Any] | None:
    if told is None:
        return None
    named = {name: value(getattr(told, name)) for name in ("plan", "expected", "left", "per_day")}
    return named | {"pace": _ratio(told.pace), "share_of_time": _ratio(told.share), "days_left": told.days_left}


def _ratio(value: Decimal | None) -> float | None:
    text = exact(None if value is None else round(value, 6), money=False, currency="")
    return None if text is None else float(text)
