"""The text of a task for a head: fact, comparison, records, what is left out, a question, a next step, a date. Pure.

Facts stand apart from what they may mean, and no sentence blames (kpi/writeback.md, "Task for РОП - anatomy").
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connector.advice.case import TASK_KPI, Situation
from connector.advice.feedback.errand import again, due, marker
from connector.advice.spread import lower, upper
from connector.advice.words import counted, day, money, percent, period, span
from connector.moment import DAY, local_day
from connector.records import User
from connector.targets.pace import Pace
from connector.wishes import AddTask

SHOWN = 5
"""Records in a task: enough to talk about, few enough to open."""


@dataclass(frozen=True, slots=True)
class Task:
    """A finding to be written down: by which rule, about whom, for whom, with which numbers."""

    rule: str
    user: User
    head: User
    pace: Pace
    situation: Situation

    @property
    def today(self) -> date:
        return local_day(self.situation.now, self.situation.zone)

    @property
    def subject(self) -> str:
        return f"user:{self.user.id}"

    @property
    def key(self) -> str:
        """One for each person, KPI and day: the same finding on the same day is the same task."""
        return f"task:{self.subject}:{TASK_KPI}#{self.rule}@{self.today.isoformat()}"

    def cash(self, value: Decimal) -> str:
        return money(value, self.situation.currency, self.situation.language)


def write(task: Task) -> AddTask:
    """The task, with its marker as the last line: by it a lost answer is looked up."""
    told, mark = task.situation, marker(task.key)
    parts = _russian(task) if task.situation.language == "ru" else _english(task)
    return AddTask(
        key=task.key,
        marker=mark,
        user_id=task.head.id,
        title=parts[0],
        text="\n\n".join((*parts[1:], mark)),
        due_at=due(told.now, told.calendar, told.zone),
    )


def _russian(task: Task) -> tuple[str, ...]:
    pace, name, cash, lang = task.pace, task.user.name, task.cash, task.situation.language
    when, won = _counted_days(task), counted(_won(task), "won", lang)
    title = f"{name}: выручка {cash(pace.fact)} при ожидаемых {cash(pace.expected)} ({won}, {when})"
    fact = (
        f"Факт. {when}: {cash(pace.fact)}{_between(task, 'с учётом разброса от {} до {}')}, {won}"
        f"{_chance(task, 'такое число случайно выпадает и при обычных {}–{}')}. "
        f"План на {period(task.situation.period, lang)}: {cash(pace.plan)}. "
        f"Прошло {percent(pace.share)} рабочего времени, к этому дню ожидалось {cash(pace.expected)}, "
        f"темп {percent(_ratio(pace))}. Осталось {cash(pace.left)}"
        + (f": по {cash(pace.per_day)} в день, {counted(pace.days_left, 'day', lang)}." if pace.per_day else ".")
    )
    compared = _compared(
        task,
        "За 8 недель до этого в среднем {} в рабочий день, сейчас {}.",
        "Темп всей команды: {}.",
    )
    return (
        title,
        fact,
        f"Сравнение. {compared or 'Сравнить пока не с чем.'}",
        _records(task, "Записи, с которых удобно начать", "Подходящих записей нет."),
        _left_out(task, "Что не вошло", "Ничего не исключено.", "и ещё {}"),
        "Вопрос. Что мешает довести эти сделки до решения и какая помощь нужна?",
        f"Договорённость, например: выбрать до трёх сделок и назначить каждой следующий шаг с датой; "
        f"показатель – выручка в рабочий день. Измерим снова {day(_again(task), lang)}; "
        f"часть разницы выровняется и сама собой.",
        "В результате задачи напишите: «обсудили», «отклонить: причина» или «данные неверны».",
    )


def _english(task: Task) -> tuple[str, ...]:
    pace, name, cash, lang = task.pace, task.user.name, task.cash, task.situation.language
    when, won = _counted_days(task), counted(_won(task), "won", lang)
    title = f"{name}: revenue {cash(pace.fact)}, expected by now {cash(pace.expected)} ({won}, {when})"
    fact = (
        f"Fact. {when}: {cash(pace.fact)}{_between(task, 'between {} and {} given the spread')}, {won}"
        f"{_chance(task, 'chance gives this number at a usual {} to {} as well')}. "
        f"Plan of {period(task.situation.period, lang)}: {cash(pace.plan)}. "
        f"{percent(pace.share)} of the working time is over, {cash(pace.expected)} was expected by now, "
        f"pace {percent(_ratio(pace))}. Left: {cash(pace.left)}"
        + (f", {cash(pace.per_day)} a day for {counted(pace.days_left, 'day', lang)}." if pace.per_day else ".")
    )
    compared = _compared(
        task,
        "In the 8 weeks before it was {} a working day on average, now {}.",
        "Pace of the team as a whole: {}.",
    )
    return (
        title,
        fact,
        f"Comparison. {compared or 'Nothing to compare with yet.'}",
        _records(task, "Records to begin with", "No fitting records."),
        _left_out(task, "Left out", "Nothing was left out.", "and {} more"),
        "Question. What keeps these deals from a decision, and which help is needed?",
        f"An agreement could be: choose up to three deals and give each a next step with a date; "
        f"the measure is revenue a working day. We measure again on {day(_again(task), lang)}; "
        f"part of the gap will even out by itself.",
        'As the result of this task write: "discussed", "declined: reason" or "the data is wrong".',
    )


def _counted_days(task: Task) -> str:
    """The days that the pace was taken over: up to yesterday, as today is not over."""
    first = task.situation.period.start
    return span(first, max(first, task.today - DAY), task.situation.language)


def _ratio(pace: Pace) -> Decimal:
    return pace.pace if pace.pace is not None else Decimal(0)


def _won(task: Task) -> int:
    won = task.situation.results.get(("won_deals", task.subject))
    return int(won.value) if won is not None and won.value is not None else 0


def _between(task: Task, words: str) -> str:
    """The revenue's interval, where it has one."""
    revenue = task.situation.results.get((TASK_KPI, task.subject))
    if revenue is None or revenue.interval is None:
        return ""
    low, high = revenue.interval
    return f" ({words.format(task.cash(low), task.cash(high))})"


def _chance(task: Task, words: str) -> str:
    """How far the number of wins may be chance."""
    n = _won(task)
    return f" ({words.format(math.floor(lower(n)), math.ceil(upper(n)))})"


def _compared(task: Task, own: str, team: str) -> str:
    """With his own last eight weeks and with the team, as far as known."""
    lines = []
    usual = task.situation.usual_per_day.get(task.user.id)
    if usual is not None and task.pace.days_gone:
        lines.append(own.format(task.cash(usual), task.cash(task.pace.fact / task.pace.days_gone)))
    pace = _team_pace(task)
    if pace is not None:
        lines.append(team.format(percent(pace)))
    return " ".join(lines)


def _team_pace(task: Task) -> Decimal | None:
    """Of all with a plan in one of his teams: the ratio of the sums, never the mean of ratios."""
    mine = set(task.user.team_ids)
    paces = [
        pace
        for subject, pace in task.situation.paces.items()
        if (user := task.situation.users.get(subject.removeprefix("user:"))) and mine & set(user.team_ids)
    ]
    expected = sum((pace.expected for pace in paces), Decimal(0))
    return sum((pace.fact for pace in paces), Decimal(0)) / expected if len(paces) > 1 and expected else None


def _records(task: Task, head: str, none: str) -> str:
    lines = [
        f"{n}. {e.text} – {e.link}" for n, e in enumerate(task.situation.evidence.get(task.user.id, ())[:SHOWN], 1)
    ]
    return "\n".join((f"{head}:", *lines)) if lines else f"{head}. {none}"


def _left_out(task: Task, head: str, none: str, more: str) -> str:
    lines: Sequence[str] = task.situation.left_out.get(task.user.id, ())
    if not lines:
        return f"{head}. {none}"
    rest = [more.format(len(lines) - SHOWN)] if len(lines) > SHOWN else []
    return "\n".join((f"{head}:", *(f"– {line}" for line in (*lines[:SHOWN], *rest))))


def _again(task: Task) -> date:
    told = task.situation
    return again(told.now, told.calendar, told.zone, told.measure_after)
