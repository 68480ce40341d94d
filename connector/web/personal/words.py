"""The words of what is said to one person. Words only."""

from __future__ import annotations

from connector.kpi.text import Text

PERSONAL: dict[str, Text] = {
    "advice_own": Text("Что даст больше всего: {month}", "What would bring the most: {month}"),
    "advice_of": Text("Что предложить: {month}", "What to suggest: {month}"),
    "advice_none": Text(
        "Советовать пока не по чему: мало прошлых месяцев.", "There is nothing to advise by yet: too few past months."
    ),
    "advice_by": Text("По данным {first} – {last}.", "By {first} to {last}."),
    "goal_result": Text(
        "Цель: {target} к {until}; в среднем выходит {now}.", "Goal: {target} by {until}; {now} is the average."
    ),
    "goal_grow": Text("{action}: с {now} до {target} к {until}.", "{action}: from {now} to {target} by {until}."),
    "goal_hold": Text("Держать не ниже {target}, сейчас {now}.", "Hold at least {target}, now {now}."),
    "goal_hold_less": Text("Держать не выше {target}, сейчас {now}.", "Hold at most {target}, now {now}."),
    "because_own": Text(
        "Почему: у вас {now}, у команды {team} ({n}; {finding}).",
        "Why: yours is {now}, the team's {team} ({n}; {finding}).",
    ),
    "because_of": Text(
        "Почему: {now} при {team} у команды ({n}; {finding}).", "Why: {now} against the team's {team} ({n}; {finding})."
    ),
    "brings": Text(
        "Если получится — примерно {minor} в месяц (от {low} до {high}){tie}.",
        "If it works out, about {minor} a month (from {low} to {high}){tie}.",
    ),
    "brings_tie": Text(": это связь, а не доказанная причина", "; a tie, not a proven cause"),
    "watch_too": Text("Следить вместе с этим: {title}.", "Watch along with it: {title}."),
    "weight": Text("вес {weight} %", "weight {weight}%"),
    "look_at": Text("Посмотрите сами", "See for yourself"),
    "talks": Text("О чём говорили и что это дало", "What was talked about, and what it brought"),
    "talks_none": Text("Разговоров по задачам программы ещё не было.", "There was no talk by the program's tasks yet."),
    "talk_effect": Text("{words} ({gain})", "{words} ({gain})"),
    "talk_again": Text("измерим {day}", "to be measured on {day}"),
    "talk_topic": Text("Тема", "Topic"),
    "talk_outcome": Text("Итог разговора", "Outcome"),
    "talk_brought": Text("Что дало", "What it brought"),
    "crm_tasks": Text("Мои задачи в CRM", "My tasks in the CRM"),
    "crm_tasks_of": Text("Задачи в CRM", "Tasks in the CRM"),
    "crm_tasks_late": Text("просрочено {late} из {all}", "{late} of {all} overdue"),
    "crm_task_due": Text("срок {at}", "due {at}"),
    "activity": Text("Звонки и встречи по дням", "Calls and meetings by day"),
    "activity_calls": Text("Звонки", "Calls"),
    "activity_meetings": Text("Встречи", "Meetings"),
    "activity_both": Text("звонков {calls}, встреч {meetings}", "{calls} calls, {meetings} meetings"),
}
WEEKDAYS: tuple[Text, ...] = (
    Text("Пн", "Mon"), Text("Вт", "Tue"), Text("Ср", "Wed"), Text("Чт", "Thu"), Text("Пт", "Fri"), Text("Сб", "Sat"),
    Text("Вс", "Sun"),
)  # fmt: skip
