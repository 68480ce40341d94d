"""The words of the plan editor. Words only."""

from __future__ import annotations

from connector.kpi.text import Text

PLANNING: dict[str, Text] = {
    "plans_of": Text("Планы: {name}", "Plans: {name}"),
    "plans_lead": Text(
        "Новое значение — новая версия: прежние остаются в истории с автором и причиной.",
        "A new value is a new version: earlier ones stay in the history with their author and reason.",
    ),
    "plan_change": Text("изменить", "change"),
    "plan_set_for": Text("Задать план", "Set a plan"),
    "plans_title": Text("Планы людей", "People's plans"),
    "plan_value": Text("План", "Plan"),
    "plan_why": Text("Причина", "Reason"),
    "plan_save": Text("Сохранить план", "Save the plan"),
    "plan_none": Text("плана нет", "no plan"),
    "other_plans": Text("Другие планы месяца", "Other plans of the month"),
    "plan_other": Text("Другой показатель", "Another KPI"),
    "plan_saved": Text("План сохранён: {kpi}.", "The plan is saved: {kpi}."),
    "plan_same": Text("Этот план уже действует: {kpi}.", "That is the plan already: {kpi}."),
    "plan_versions": Text("История: {n}", "History: {n}"),
    "plan_version": Text("Версия", "Version"),
    "plan_author": Text("Кто", "Who"),
    "plan_from_config": Text("конфигурация", "configuration"),
    "plan_in_money": Text("в {unit}", "in {unit}"),
    "plan_in_share": Text("в процентах", "in percent"),
    "plan_in_minutes": Text("в минутах", "in minutes"),
    "plan_in_days": Text("в днях", "in days"),
    "plan_in_count": Text("штук", "how many"),
    "plan_in_score": Text("в баллах", "in points"),
    "odds": Text("Вероятность выполнить: {chance}, {class_}", "Chance to reach it: {chance}, {class_}"),
    "odds_by": Text(
        "По прошлым месяцам; что уже пришло в этом месяце, не учтено.",
        "By past months; what came in this month so far is no part of it.",
    ),
    "odds_usual": Text(
        "Обычно такой месяц приносит {low}–{high}; план, который выполняют в {chance} случаев: {target}.",
        "Such a month usually brings {low}–{high}; a plan that is reached in {chance} of cases: {target}.",
    ),
    "odds_not": Text("Вероятность не показана: {why}.", "No chance is shown: {why}."),
    "odds_nobody": Text(
        "Вероятность не показана: по этому человеку не по чему судить.",
        "No chance is shown: there is nothing to judge by of this person.",
    ),
    "refused_closed": Text(
        "{month}: месяц закрыт, его план остаётся как был. Задайте план следующего месяца.",
        "{month} is closed and its plan stands as it was. Set a plan for a later month.",
    ),
    "refused_over": Text(
        "{month}: месяц прошёл, дни на поправки кончились {since}. Задним числом планы не меняют — задайте план "
        "следующего месяца.",
        "{month} is over and its days of grace ended on {since}. A plan is never set backwards: set one for a later "
        "month.",
    ),
    "refused_no_reason": Text(
        "Нужна причина: она останется в истории плана.", "A reason is needed: it stays in the plan's history."
    ),
    "refused_no_period": Text("{month}: такого месяца нет.", "{month} is no month."),
    "refused_value": Text(
        "Значение «{value}» не годится: нужно число больше нуля, например 1 500 000 или 35,5.",
        "The value “{value}” will not do: a number above zero is needed, such as 1,500,000 or 35.5.",
    ),
    "refused_share": Text("Больше 100 % этот показатель не бывает.", "This KPI is never more than 100%."),
}
