"""What advice says, in both languages. Words only."""

from __future__ import annotations

from connector.kpi.text import Text

FACTOR: dict[str, Text] = {
    "leads": Text("обращения в день", "enquiries a day"),
    "contact": Text("дозвон до обращений", "enquiries reached"),
    "conversion": Text("конверсия в продажу", "conversion to a sale"),
    "size": Text("средний чек", "average deal"),
    "kept": Text("остаётся после возвратов", "kept after refunds"),
}
ACTION: dict[str, Text] = {
    "lead_answered_in_norm": Text(
        "поднять долю ответов на обращения в норматив", "raise the share of enquiries answered within the norm"
    ),
    "lead_won_share": Text("поднять конверсию обращений в продажи", "turn more enquiries into sales"),
    "average_deal": Text("поднять средний чек", "raise the average deal"),
    "refund_share": Text("снизить долю возвратов", "lower the share of refunds"),
    "successful_call_share": Text("поднять долю успешных звонков", "raise the share of successful calls"),
    "callback_in_norm": Text("перезванивать на пропущенные в норматив", "return missed calls within the norm"),
    "tasks_in_time": Text("выполнять задачи в срок", "do tasks in time"),
    "csat": Text("поднять долю довольных клиентов", "raise the share of satisfied clients"),
    "retention": Text("возвращать клиентов за следующей покупкой", "bring clients back for the next purchase"),
    "objection_handling": Text(
        "поднять долю успешных звонков с отработкой возражений",
        "raise the share of successful calls with objections handled",
    ),
    "script_compliance": Text("поднять соответствие скрипту", "follow the script more closely"),
    "technique_use": Text("чаще применять новую технику", "use the new technique more often"),
    "loss_reason_share": Text("называть причину каждого отказа", "give a reason for every loss"),
}
ROLE: dict[str, Text] = {
    "result": Text("результат, которому служит остальное", "the result that the rest serves"),
    "grow": Text("слабое место", "a weak spot"),
    "hold": Text("для баланса: держать уровень", "for balance: hold the level"),
    "keep": Text("сильная сторона: сохранить", "a strength: keep it"),
}
FINDING: dict[str, Text] = {
    "confirmed": Text("подтверждено", "confirmed"),
    "likely": Text("похоже", "likely"),
    "level": Text("не отличается", "no different"),
    "few": Text("мало данных", "too little data"),
    "strength": Text("сильная сторона", "a strength"),
}
HEAD = Text(
    "{account}: что поставить на {period}; по данным {first} … {last}",
    "{account}: what to set for {period}; by {first} … {last}",
)
GAP = Text(
    "Ожидаемая выручка месяца {verdict} медианы ({team}): {gap}.",
    "The month's expected revenue is {verdict} the median ({team}): {gap}.",
)
EVERYBODY = Text("все менеджеры", "all sellers")
BELOW, ABOVE = Text("ниже", "below"), Text("выше", "above")
CAUSE = Text(
    "Главная причина — {factor}: {minor} (90 %-й интервал {low} … {high}; {finding}).",
    "The main cause is {factor}: {minor} (90 % interval {low} … {high}; {finding}).",
)
RESERVE = Text(
    "Главный резерв — {factor}: {minor} (90 %-й интервал {low} … {high}; {finding}).",
    "The main reserve is {factor}: {minor} (90 % interval {low} … {high}; {finding}).",
)
NO_CAUSE = Text(
    "Из составляющих выручки, которыми управляет менеджер, ни одна не слаба больше, чем по случайности.",
    "Of what makes up revenue and is in the seller's hands, nothing is weak beyond chance.",
)
LEVEL = Text(
    "Ожидаемая выручка месяца на уровне медианы ({team}).", "The month's expected revenue is about the median ({team})."
)
MISSING = Text("  Нет данных для показателей: {families}.", "  No data for KPIs of: {families}.")
FAMILY: dict[str, Text] = {
    "process": Text("процесс", "process"),
    "client": Text("клиенты", "clients"),
    "quality": Text("качество", "quality"),
}
PART = Text(
    "  {factor}: {own} (команда {team}), {minor} [{low} … {high}], {finding}",
    "  {factor}: {own} (team {team}), {minor} [{low} … {high}], {finding}",
)
PLAN = Text(
    "Свой план {plan}, ожидаем в среднем {expected}, не хватает {gap}: {parts}.",
    "His own plan is {plan}, {expected} is expected on average, {gap} short: {parts}.",
)
OVER_PLAN = Text(
    "Свой план {plan}, ожидаем в среднем {expected}, больше на {gap}: {parts}.",
    "His own plan is {plan}, {expected} is expected on average, {gap} above: {parts}.",
)
PLANNED = Text(
    "{factor} {own} (для плана нужно {wanted}), {minor}", "{factor} {own} (the plan takes {wanted}), {minor}"
)
MIX = Text(
    "  С учётом состава обращений (источник, воронка, размер): выиграно {observed} при ожидаемых {expected}, "
    "{ratio} [{low} … {high}]",
    "  Adjusted for the mix of enquiries (source, pipeline, size): {observed} won of {expected} expected, "
    "{ratio} [{low} … {high}]",
)
SET = Text("Предлагаем KPI:", "KPIs to set:")
LINE = Text(
    "  {number}. {title}: {action} с {now} до {target} к {until}{chance}, вес {weight} % ({role})",
    "  {number}. {title}: {action} from {now} to {target} by {until}{chance}, weight {weight} % ({role})",
)
RESULT = Text(
    "  {number}. {title}: {target} к {until}{chance}, ожидаем в среднем {now}, вес {weight} % ({role})",
    "  {number}. {title}: {target} by {until}{chance}, {now} is expected on average, weight {weight} % ({role})",
)
STEADY = Text(
    "  {number}. {title}: не ниже {target} к {until}{chance}, сейчас {now} (оценка), вес {weight} % ({role})",
    "  {number}. {title}: at least {target} by {until}{chance}, now {now} (an estimate), weight {weight} % ({role})",
)
STEADY_LESS = Text(
    "  {number}. {title}: не выше {target} к {until}{chance}, сейчас {now} (оценка), вес {weight} % ({role})",
    "  {number}. {title}: at most {target} by {until}{chance}, now {now} (an estimate), weight {weight} % ({role})",
)
CHANCE = Text(" (вероятность выполнить ≈ {chance})", " (chance to reach it ≈ {chance})")
WHY = Text(
    "     почему: {now} против {team} у команды, n = {n}, {finding}: вероятность отставания {below}",
    "     why: {now} against the team's {team}, n = {n}, {finding}: chance of being behind {below}",
)
EFFECT = Text(
    "     если цель выполнена, ожидаем {minor} в месяц [{low} … {high}]{deals}{tie}",
    "     if it is reached, {minor} a month is expected [{low} … {high}]{deals}{tie}",
)
DEALS = Text(", сделок {middle} [{low} … {high}]", ", deals {middle} [{low} … {high}]")
TIE = Text("; это связь, не доказанная причина", "; a tie, not a proven cause")
COUNTER = Text("     следить за: {title}", "     watch: {title}")
RECORD = Text("     – {text}: {link}", "     – {text}: {link}")
WHY_NOT = Text("Почему не другое: {reasons}.", "Why nothing else: {reasons}.")
NOT_HIS = Text("{factor}{side} распределяет руководитель", "{factor}{side} are for the head to share out")
BESIDE = Text(" ({side} команды)", " ({side} the team)")
NOT_LEVEL = Text(
    "{title}: не отличается (вероятность отставания {below})", "{title}: no different (chance of being behind {below})"
)
NOT_FEW = Text("{title}: мало данных", "{title}: too little data")
NOT_MORE = Text("{title}: недостаточно данных, нужно ещё {needed}", "{title}: not enough data, {needed} more to go")
NOT_STRONG = Text("{title}: лучше команды", "{title}: better than the team")
NOT_LESS = Text("{title}: отставание есть, но важнее выбранное", "{title}: behind, but what was chosen matters more")
NOT_MIX = Text("{title}: объясняется составом обращений", "{title}: explained by the mix of enquiries")
NOUN = {"lead_won_share": "enquiry", "lead_answered_in_norm": "enquiry", "average_deal": "deal", "refund_share": "deal"}
"""What is counted, for "so many more are needed"; `record` for the others."""
NEWCOMER = Text(
    "Меньше трёх месяцев работы: сначала действия и обучение, денежный результат весит меньше.",
    "Less than three months of work: what he does and learns first, the result in money weighs less.",
)
ALONE = Text(
    "Людей меньше трёх: команды для сравнения нет, цели по своим данным.",
    "Fewer than three people: no team to compare with, targets are by each one's own data.",
)
UNKNOWN = Text("Неизвестно и не сравнивается: {factors}.", "Unknown and not compared: {factors}.")
FROZEN = Text("Не использованы, пока заморожены: {kpis}.", "Not used while frozen: {kpis}.")
NO_CHANCE = Text(
    "Вероятность показана только там, где проверка на прошлом её подтвердила.",
    "A chance is shown only where a trial on the past has borne it out.",
)
ESTIMATES = Text(
    "Все значения — оценки, притянутые к команде тем сильнее, чем меньше данных.",
    "All values are estimates, drawn towards the team the more the less data there are.",
)
IF = Text(
    "{name}, {period}: {factor} {now} (оценка) → {value}: {minor} в месяц [90 %: {low} … {high}]{deals},"
    " прочее как есть",
    "{name}, {period}: {factor} {now} (estimated) → {value}: {minor} a month [90 %: {low} … {high}]{deals},"
    " all else as it is",
)
