"""What each rule's task says, in Russian and English. Questions, no blame: the numbers may have an honest cause."""

from __future__ import annotations

from dataclasses import dataclass

from connector.kpi.text import Text


@dataclass(frozen=True, slots=True)
class Words:
    """`noun`: of what is counted (advice/words). Texts are formatted with the numbers that `text` names."""

    noun: str
    title: Text
    question: Text
    agreement: Text


OBJECTIONS = Words(
    "objection",
    Text(
        "{name}: отработка возражений {now}, было {own} ({n}, {when})",
        "{name}: objections handled {now}, before {own} ({n}, {when})",
    ),
    Text(
        "Какие возражения даются труднее всего и что изменилось за последний месяц?",
        "Which objections are the hardest, and what has changed in the last month?",
    ),
    Text(
        "разобрать вместе три записи из списка и выбрать один приём ответа на самое частое возражение",
        "go through three of the records together and choose one way to answer the most frequent objection",
    ),
)
SCRIPT = Words(
    "scored",
    Text(
        "{name}: соответствие скрипту {now}, было {own} ({n}, {when})",
        "{name}: script compliance {now}, before {own} ({n}, {when})",
    ),
    Text(
        "Какие пункты скрипта мешают разговору, а какие выпадают из-за спешки?",
        "Which items of the script are in the way of a talk, and which get lost in haste?",
    ),
    Text(
        "выбрать один пропускаемый пункт и договориться, что с ним делать: проговаривать или убрать из скрипта",
        "choose one item that is left out, and agree to say it or to take it out of the script",
    ),
)
RESPONSE = Words(
    "enquiry",
    Text(
        "{name}: реакция на обращения {median} раб. мин при норме {norm} ({n}, {when})",
        "{name}: enquiries answered in {median} working min, norm {norm} ({n}, {when})",
    ),
    Text(
        "В какие часы обращения ждут дольше всего и что мешает ответить за {norm} минут?",
        "At which hours do enquiries wait longest, and what keeps them from an answer within {norm} minutes?",
    ),
    Text(
        "договориться, кто отвечает на обращения в эти часы и кто подхватывает их в остальные",
        "agree who answers enquiries at these hours, and who takes them over at the others",
    ),
)
STUCK = Words(
    "open",
    Text(
        "{name}: дольше нормы этапа лежат {now} открытых сделок, у команды {team} ({n}, {when})",
        "{name}: {now} of open deals lie beyond their stage's norm, the team's {team} ({n}, {when})",
    ),
    Text(
        "Что нужно, чтобы эти сделки сдвинулись, и какие из них на самом деле уже закончились?",
        "What would move these deals on, and which of them are over in truth?",
    ),
    Text(
        "пройти список: каждой сделке – следующий шаг с датой или закрытие с причиной",
        "go through the list: a next step with a date for each deal, or its closing with a reason",
    ),
)
MISSED = Words(
    "missed",
    Text(
        "{name}: в норматив перезвонили по {now} пропущенных, у команды {team} ({n}, {when})",
        "{name}: {now} of missed calls returned in norm, the team's {team} ({n}, {when})",
    ),
    Text(
        "В какое время звонки пропускаются и где виден их список?",
        "When are calls missed, and where is their list seen?",
    ),
    Text(
        "выбрать два времени в день для перезвонов и того, кто подстрахует",
        "choose two times a day for calling back, and somebody to stand in",
    ),
)
OF_KPI = {
    "objection_handling": OBJECTIONS, "script_compliance": SCRIPT, "lead_answered_in_norm": RESPONSE,
    "stuck_deal_share": STUCK, "callback_in_norm": MISSED,
}  # fmt: skip

LACKING = Text(
    "ниже обычного, но недостаточно данных: нужно ещё {needed}",
    "lower than usual, but not enough data: {needed} more to go",
)
FACT = Text(
    "Факт. {when}: «{what}» – {now} (с учётом разброса {low}–{high}), {n}.",
    "Fact. {when}: “{what}” – {now} ({low} to {high} given the spread), {n}.",
)
MEDIAN = Text(
    " Медиана по отвеченным {median} раб. мин{between}, норма {norm}.",
    " The median of those answered is {median} working min{between}, the norm {norm}.",
)
BETWEEN = Text(" ({low}–{high})", " ({low} to {high})")
OWN = Text("За 8 недель до этого {own} ({n}).", "In the 8 weeks before it was {own} ({n}).")
TEAM = Text("У остальной команды {team} ({n}).", "The rest of the team has {team} ({n}).")
CHANCE = Text(
    "Случайно такое выпадает реже одного раза из {odds}.", "By chance this happens less than once in {odds} times."
)
NOT_COMPARED = Text("Сравнить пока не с чем.", "Nothing to compare with yet.")
COMPARED = Text("Сравнение. {lines}", "Comparison. {lines}")
RECORDS = Text("Записи, с которых удобно начать", "Records to begin with")
NO_RECORDS = Text("Подходящих записей нет.", "No fitting records.")
LEFT_OUT = Text("Что не вошло", "Left out")
NOTHING_LEFT_OUT = Text("Ничего не исключено.", "Nothing was left out.")
QUESTION = Text("Вопрос. {question}", "Question. {question}")
AGREED = Text(
    "Договорённость, например: {agreement}; показатель – «{what}». Измерим снова {day} и сравним с коллегами; "
    "часть разницы выровняется и сама собой.",
    "An agreement could be: {agreement}; the measure is “{what}”. We measure again on {day}, beside colleagues; "
    "part of the gap will even out by itself.",
)
HOW_TO_CLOSE = Text(
    "В результате задачи напишите: «обсудили», «отклонить: причина» или «данные неверны».",
    'As the result of this task write: "discussed", "declined: reason" or "the data is wrong".',
)

ALERT = {
    "stuck_deal": Text("Сделка без движения дольше нормы этапа", "A deal lies beyond its stage's norm"),
    "unanswered_lead": Text("Обращение без ответа дольше нормы", "An enquiry unanswered beyond the norm"),
    "missed_call": Text("Пропущенный звонок, по которому не перезвонили", "A missed call that nobody returned"),
}
ALERT_BODY = Text(
    "Ждёт с {at}, норма закончилась {due}.\n{link}\n\n"
    "Если это уже сделано, закройте задачу. Руководителю об одном случае не пишем, только если они повторяются.",
    "It waits since {at}, the norm ended {due}.\n{link}\n\n"
    "If it is done already, close this task. Your head is not told of a single case, only when they repeat.",
)
AGAIN_TITLE = Text("{name}: {what} – {n} за две недели", "{name}: {what} – {n} within two weeks")
AGAIN_FACT = Text(
    "Факт. {name} получил(а) {n} в {days} – сначала только лично. Это повторяется, поэтому сообщаем и вам.",
    "Fact. {name} got {n} on {days}, at first in person only. It repeats itself, so we tell you too.",
)
AGAIN_QUESTION = Text(
    "Что мешает успевать, и нужна ли помощь: другой порядок дня, замена, меньше обращений?",
    "What is in the way, and would help be needed: another order of the day, a stand-in, fewer enquiries?",
)
AGAIN_AGREEMENT = Text(
    "разобрать записи из списка и договориться, кто и когда отвечает",
    "go through the records and agree who answers when",
)
