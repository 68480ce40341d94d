"""What can be wrong with a KPI of the account's own, in words: what stands there, why not, what is allowed."""

from __future__ import annotations

from connector.kpi.text import Text

WORDS: dict[str, Text] = {
    "taken": Text("ключ {key} занят показателем каталога", "the key {key} belongs to a KPI of the catalogue"),
    "twice": Text("ключ {key} стоит дважды", "the key {key} stands twice"),
    "same": Text("считает то же, что и {other}", "measures the same as {other}"),
    "no_kind": Text(
        "{kind}: нет такого вида событий{meant}; есть: {kinds}", "{kind} is no kind of facts{meant}; there are: {kinds}"
    ),
    "no_column": Text("у «{kind}» нет {column}; есть: {columns}", "{kind} carries no {column}; it has: {columns}"),
    "no_money": Text(
        "у «{kind}» нет суммы денег; она есть у: {kinds}", "{kind} carries no amount of money; these do: {kinds}"
    ),
    "mixed": Text(
        "{column} у этих видов значит разное: {meanings}", "{column} means different things here: {meanings}"
    ),
    "standing": Text(
        "то, что стоит на конец периода ({standing}), не складывают с произошедшим в нём ({happened}) и не делят",
        "what stands at the period's end ({standing}) is not added to or divided by what happened in it ({happened})",
    ),
    "no_condition": Text(
        "«{text}» — не условие; так: «number >= 180», «amount > 100000», «due <= now», «age >= 30d», "
        "«number is missing»",
        '"{text}" is no condition; like this: "number >= 180", "amount > 100000", "due <= now", "age >= 30d", '
        '"number is missing"',
    ),
    "no_number": Text(
        "«{text}» — не {what}; порог можно назвать: {names}", '"{text}" is no {what}; a threshold may be named: {names}'
    ),
    "no_literal": Text("«{text}» — не {what}", '"{text}" is no {what}'),
    "no_now": Text("с due сравнивают только now: «due <= now»", 'due is compared with now only: "due <= now"'),
    "age_happened": Text(
        "age бывает у того, что стоит ({standing}); давность случившегося — это conversion с window",
        "age is for what stands ({standing}); for what happened it is a conversion with a window",
    ),
    "immature": Text(
        "{column} у «{kind}» появляется позже: свежий период всегда будет хуже старого; для этого есть conversion "
        "с window",
        "{column} of {kind} comes later: a fresh period would always look worse than an old one; use a conversion "
        "with a window",
    ),
    "unfinished": Text(
        "у незавершённых «{kind}» ещё нет {column}: median и percentile считают их ждущими, mean и sum — только с "
        "условием «{column} is known»",
        "unfinished {kind} have no {column} yet: median and percentile count them as waiting, mean and sum need the "
        'condition "{column} is known"',
    ),
    "no_waiting": Text(
        "у «{kind}» ожидание считать не от чего: добавьте условие «{column} is known»",
        '{kind} does not tell since when it has waited: add the condition "{column} is known"',
    ),
    "part_of_waiting": Text(
        "доля {kind} с условием на number — это share: там незавершённые ждут своего срока",
        "a part of {kind} by their number is a share: there the unfinished wait for their time",
    ),
    "no_sum": Text(
        "складывать {meaning} бессмысленно; есть mean, median, percentile",
        "adding up {meaning} says nothing; there are mean, median, percentile",
    ),
    "no_mean": Text(
        "{meaning} — это номер, а не величина: считайте с условием, например «number >= 2»",
        '{meaning} is an ordinal, no quantity: count with a condition such as "number >= 2"',
    ),
    "not_part": Text(
        "часть ({kinds}) не лежит в целом ({among}); для разного есть ratio",
        "the part ({kinds}) does not lie within the whole ({among}); for different things there is ratio",
    ),
    "always_one": Text(
        "всегда 100 %: части не хватает условия where", "always 100 %: the part needs a condition in where"
    ),
    "no_ratio": Text(
        "{top} на {bottom} не делят; можно на: {allowed}", "{top} by {bottom} is no ratio; allowed is by: {allowed}"
    ),
    "no_plan": Text(
        "плана на {plan} не бывает{meant}; план есть у показателей в той же единице: {allowed}",
        "there is no plan for {plan}{meant}; plans of the same unit are for: {allowed}",
    ),
    "no_cohort": Text(
        "такой конверсии нет: из {start} в {end}; есть: {allowed}",
        "there is no conversion from {start} to {end}; there are: {allowed}",
    ),
    "no_deal": Text(
        "{kind} не знает {column}: это не сделка и не обращение",
        "{kind} knows no {column}: it is no deal and no enquiry",
    ),
    "no_stage": Text("у «{kind}» нет stage; есть у: {kinds}", "{kind} has no stage; these do: {kinds}"),
    "stage_other": Text("{stage}: нет такого; есть: {allowed}", "{stage}: there is no such; there are: {allowed}"),
    "no_direction": Text('direction — для звонков: of = "call"', 'direction is for calls: of = "call"'),
    "no_unit": Text(
        "единица {unit} здесь не получится; возможно: {allowed}", "the unit cannot be {unit} here; possible: {allowed}"
    ),
    "no_counter": Text("противовес {counter} — не показатель{meant}", "the counter-KPI {counter} is no KPI{meant}"),
    "own_counter": Text("показатель не противовес сам себе", "a KPI is no counter-KPI of itself"),
    "no_credit": Text(
        "{kinds} засчитывают только своему человеку; credit = {credit} знают: {allowed}",
        "{kinds} know nobody but their own person; credit = {credit} is known by: {allowed}",
    ),
    "no_split": Text(
        "по долям делится только win, без условий на number и other",
        "only win is split by shares, without conditions on number or other",
    ),
    "no_setting": Text(
        "{kind}: нет источника, пока не задано account.rules.{setting}",
        "{kind} has no source while account.rules.{setting} is not set",
    ),
    "only_imported": Text(
        "{kind}: CRM этого не даёт; значение появится после загрузки (`kpi import facts`)",
        "{kind}: the CRM does not give it; a value comes with an import (`kpi import facts`)",
    ),
    "no_records": Text(
        "{kind}: CRM этого аккаунта не даёт: {missing}", "{kind}: this account's CRM does not give: {missing}"
    ),
    "no_pipeline": Text(
        "воронки {name} в аккаунте нет; есть: {allowed}", "the account has no pipeline {name}; there are: {allowed}"
    ),
    "new_source": Text(
        "источника {name} ещё не встречалось; встречались: {allowed}",
        "the source {name} has not been met yet; met were: {allowed}",
    ),
    "unknown_stage": Text(
        "этапа {name} в аккаунте нет; есть: {allowed}", "the account has no stage {name}; there are: {allowed}"
    ),
    "no_counter_yet": Text(
        "активность без противовеса: её легко накрутить; назовите counter, например {allowed}",
        "an activity without a counter-KPI is easily inflated; name a counter such as {allowed}",
    ),
    "few": Text(
        "minimum = {minimum} меньше {usual}: случайность будет выглядеть разницей",
        "minimum = {minimum} is less than {usual}: chance will look like a difference",
    ),
    "zero_amounts": Text(
        'сделки без суммы считаются нулями; обычно добавляют where = ["amount > 0"]',
        'deals without an amount count as 0; usually where = ["amount > 0"] is added',
    ),
}
"""By code."""

PERHAPS = Text(" (может быть, {0})", " ({0} perhaps)")
