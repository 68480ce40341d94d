"""What checks of plans and sets say: what is wrong and why, and what to do."""

from __future__ import annotations

from connector.kpi.text import Text

FAMILIES = {
    "financial": Text("финансовый", "financial"),
    "process": Text("процессный", "process"),
    "client": Text("клиентский", "client"),
    "quality": Text("качественный", "quality"),
}
GRADES = {
    "error": Text("ошибка", "error"),
    "warning": Text("предупреждение", "warning"),
    "note": Text("замечание", "note"),
}
SET = Text("набор «{name}»", "set “{name}”")
SAID: dict[str, tuple[Text, Text]] = {
    "no_goal": (
        Text("не названа цель бизнеса, которой служит набор", "no goal of the business that it serves is named"),
        Text(
            'напишите goal = "…": чего добивается компания этими KPI',
            'write goal = "…": what the company is after with these KPIs',
        ),
    ),
    "nobody": (
        Text("ни для кого: нет ни users, ни teams, ни all", "it is nobody's: neither users nor teams nor all"),
        Text("назовите, чей это набор", "say whose set it is"),
    ),
    "unknown_name": (
        Text("{what} — такого в аккаунте нет или их несколько", "{what}: the account has no such name, or several"),
        Text("напишите id", "write the id"),
    ),
    "unknown_kpi": (
        Text("показателя {what} нет", "there is no KPI {what}"),
        Text("`kpi kpis list` показывает все", "`kpi kpis list` shows them all"),
    ),
    "no_family": (
        Text("нет ни одного показателя: {what}", "no KPI of the family: {what}"),
        Text(
            "добавьте один, например {example}: иначе одно достигается за счёт другого",
            "add one, such as {example}: else one thing is reached at the cost of another",
        ),
    ),
    "too_many": (
        Text(
            "показателей {n}, больше пяти никто не держит в голове",
            "{n} KPIs, and nobody keeps more than five in mind",
        ),
        Text("оставьте пять главных", "keep the five that matter"),
    ),
    "no_counter": (
        Text(
            "{what} можно накрутить: за ним никто не присматривает",
            "{what} is easily done for its own sake, and nothing watches what that costs",
        ),
        Text("добавьте в набор {example}", "add {example} to the set"),
    ),
    "no_counter_at_all": (
        Text(
            "{what} можно накрутить, а противовеса у него нет",
            "{what} is easily done for its own sake, and it has no counter-KPI",
        ),
        Text(
            "назовите counter в секции этого показателя и добавьте его в набор",
            "name a counter in the KPI's own section and add it to the set",
        ),
    ),
    "weights": (
        Text("веса в сумме {n}, а не 100", "the weights add up to {n}, not to 100"),
        Text(
            "доли считаются от суммы; проверьте, так ли задумано", "shares are of the sum; check whether you meant it"
        ),
    ),
    "no_direction": (
        Text("{what} не лучше ни когда растёт, ни когда падает", "{what} is good neither high nor low"),
        Text("в оценку он не войдёт; замените его", "it is not scored; put another in its place"),
    ),
    "no_source": (
        Text("для {what} в аккаунте нет источника", "the account has no source for {what}"),
        Text("`kpi kpis show {what}` говорит, что нужно", "`kpi kpis show {what}` tells what it takes"),
    ),
    "two_sets": (
        Text("сразу в нескольких наборах: {what}", "in several sets at once: {what}"),
        Text("действует первый; оставьте один", "the first one holds; leave one"),
    ),
    "no_set": (
        Text("нет набора KPI", "there is no set of KPIs"),
        Text("добавьте в users или teams одного из наборов", "add the name to users or teams of one of the sets"),
    ),
    "no_plan": (
        Text("нет плана на {period}: {what}", "no plan for {period}: {what}"),
        Text("`kpi plan set` или строка в CSV", "`kpi plan set`, or a line of the CSV"),
    ),
    "zero": (
        Text("план 0: выполнение не считается", "a plan of 0: there is no attainment of it"),
        Text("поставьте план больше нуля", "agree on more than nothing"),
    ),
    "share": (
        Text("план {value} для доли больше 1", "a plan of {value} for a share is more than 1"),
        Text("30 % пишется как 0.30", "30 % is written as 0.30"),
    ),
    "unreadable": (
        Text("{what}", "{what}"),
        Text("исправьте секцию account.plan", "mend the section account.plan"),
    ),
    "refused": (
        Text("не принят: {what}", "not taken: {what}"),
        Text("действует прежнее значение", "the value before it stands"),
    ),
    "mismatch": (
        Text("план {own}, а части дают {parts}: {gap}", "the plan is {own}, its parts make {parts}: {gap}"),
        Text("`kpi plan cascade` показывает, где расходится", "`kpi plan cascade` shows where they part"),
    ),
    "pipelines": (
        Text(
            "планы по воронкам дают {parts}, больше общего {own}",
            "the plans of single pipelines make {parts}, more than {own} of all",
        ),
        Text("поднимите общий план или снизьте части", "raise the whole or lower the parts"),
    ),
    "no_pipeline": (
        Text(
            "у фактов этого показателя нет воронки: план по воронке не измерить",
            "its facts are of no pipeline: a plan of one cannot be measured",
        ),
        Text("поставьте план на все воронки", "agree on a plan for all pipelines"),
    ),
    "unrealistic": (
        Text(
            "нереалистично: вероятность выполнить {chance}; ожидается {expected}",
            "unrealistic: reached with a chance of {chance}; expected are {expected}",
        ),
        Text("при вероятности 60 % это {reached}", "with a chance of 60 % it is {reached}"),
    ),
    "too_easy": (
        Text(
            "слишком легко: вероятность выполнить {chance}; ожидается {expected}",
            "too easy: reached with a chance of {chance}; expected are {expected}",
        ),
        Text("при вероятности 60 % это {reached}", "with a chance of 60 % it is {reached}"),
    ),
    "chances": (
        Text("вероятность выполнить план: {what}", "chance of the plan: {what}"),
        Text("`kpi targets suggest` предлагает цели", "`kpi targets suggest` proposes targets"),
    ),
    "not_vouched": (
        Text("вероятности планов не показаны: {why}", "no chances of plans are shown: {why}"),
        Text("`kpi targets backtest` показывает почему", "`kpi targets backtest` shows why"),
    ),
    "unlikely": (
        Text("вероятности планов не показаны: {why}", "no chances of plans are shown: {why}"),
        Text("сверьте план с прошлыми месяцами: `kpi report`", "hold the plan against past months: `kpi report`"),
    ),
}
"""By code: what is wrong, and what to do."""
