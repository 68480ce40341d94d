"""The words of findings about the data: what it is, what to do about it."""

from __future__ import annotations

from connector.kpi.definition import Text

FOUND: dict[str, tuple[Text, Text]] = {
    "calls_without_deal": (
        Text("Звонки без сделки", "Calls without a deal"),
        Text(
            "свяжите звонки со сделкой клиента (настройка телефонии) или заведите сделку",
            "attach calls to the client's deal (a setting of the telephony), or open a deal",
        ),
    ),
    "deals_without_step": (
        Text("Открытые сделки без следующего шага", "Open deals without a next step"),
        Text(
            "поставьте задачу или встречу с датой, либо закройте сделку",
            "set a task or meeting with a date, or close the deal",
        ),
    ),
    "wins_without_amount": (
        Text("Выигранные сделки с нулевой суммой", "Won deals without an amount"),
        Text("внесите сумму в карточку сделки", "enter the amount on the deal"),
    ),
    "lost_without_reason": (
        Text("Проигранные сделки без причины", "Lost deals without a reason"),
        Text(
            "сделайте причину отказа обязательной при закрытии",
            "make the loss reason mandatory when a deal is closed",
        ),
    ),
    "one_reason": (
        Text("Почти все отказы по одной причине", "Nearly all losses for one reason"),
        Text(
            "похоже на причину по умолчанию: уточните список и спрашивайте её у клиента",
            "it looks like a default: sharpen the list, and ask the client",
        ),
    ),
    "duplicate_clients": (
        Text("Клиенты с одним телефоном", "Clients that share a phone"),
        Text(
            "объедините карточки одного клиента; общий номер (приёмная) — не дубль",
            "merge the cards of one client; a number that several share (a front desk) is no duplicate",
        ),
    ),
    "users_without_team": (
        Text("Сотрудники без отдела", "People without a team"),
        Text("добавьте сотрудника в отдел в CRM", "put the person into a team in the CRM"),
    ),
    "unknown_stages": (
        Text("Сделки на неизвестных этапах", "Deals on unknown stages"),
        Text(
            "проверьте права на воронки и повторите kpi sync",
            "check the right to see the pipelines, then kpi sync again",
        ),
    ),
    "pipelines_without_win": (
        Text("Воронки без этапа успеха", "Pipelines without a won stage"),
        Text(
            "назначьте этап успеха или исключите воронку в sales_pipelines",
            "make one stage the won one, or leave the pipeline out of sales_pipelines",
        ),
    ),
    "field_missing": (
        Text("Настроенное поле ни разу не встретилось", "A configured field that no deal has"),
        Text("проверьте имя поля в конфигурации: kpi check", "check the field's name in the configuration: kpi check"),
    ),
    "field_sparse": (
        Text("Настроенное поле заполнено реже 70 %", "A configured field filled in under 70 % of cases"),
        Text("сделайте поле обязательным на нужном этапе", "make the field mandatory at its stage"),
    ),
    "import_bursts": (
        Text("Записи, созданные залпом в одну секунду", "Records created in bursts, in one second"),
        Text(
            "импорт: убедитесь, что это не обращения клиентов",
            "an import: make sure that these are no enquiries of clients",
        ),
    ),
    "unreadable_rows": (
        Text("Строки, которые не удалось прочитать", "Rows that could not be read"),
        Text("исправьте их в CRM; причины: kpi status", "mend them in the CRM; the reasons: kpi status"),
    ),
    "amounts_without_rate": (
        Text("Суммы в валюте без курса", "Amounts in a currency without a rate"),
        Text("задайте курс в [account.rates]", "give a rate in [account.rates]"),
    ),
    "internal_calls": (
        Text("Звонки со своими номерами: не учтены", "Calls with our own numbers: left out"),
        Text("это internal_numbers; лишнее — уберите номер", "by internal_numbers; take out a number that is none"),
    ),
    "tests": (
        Text("Пробные сделки, обращения и звонки: не учтены", "Tests among deals, enquiries and calls: left out"),
        Text(
            "это test_words, test_users и test_pipelines; проверьте, что среди них нет настоящих",
            "by test_words, test_users and test_pipelines; see that none of them is real",
        ),
    ),
    "robot_deals": (
        Text("Сделки без человека: не учтены", "Deals without a person: left out"),
        Text(
            "созданы и закрыты программой (robot_deals = false); проверьте, что это не работа людей",
            "made and closed by programs (robot_deals = false); see that it is no work of people",
        ),
    ),
    "amounts_changed": (
        Text("Сумма изменена после выигрыша", "The amount was changed after the win"),
        Text(
            'учтена нынешняя сумма (amounts = "live"); спросите, почему она менялась',
            'the present amount counts (amounts = "live"); ask why it was changed',
        ),
    ),
}
"""Title and advice by code, in the order in which they are shown."""

NO_BIGGER = Text(
    "пока ни одна из них не дороже самой крупной в своей воронке за период",
    "as long as none of them is worth more than the biggest of its pipeline in the period",
)
DEAD = Text(
    "если на деле проиграны в этом периоде все они, часть или ни одна, а прочие открытые живы",
    "if all of them, some or none were truly lost in this period, and the other open deals are alive",
)

CALL = Text("звонок {at}, {seconds} с", "call {at}, {seconds} s")
OPEN = Text("создана {at}", "created {at}")
WON = Text("выиграна {at}", "won {at}")
SINCE = Text("{at}", "{at}")
LOST = Text("проиграна {at}", "lost {at}")
SHARED = Text("тот же телефон, что у {others}", "the same phone as {others}")
TEAMLESS = Text("{name}", "{name}")
STAGE = Text("этап {stage}: сделок {count}", "stage {stage}: {count} deals")
PIPELINE = Text("воронка «{name}»", "pipeline “{name}”")
FIELD = Text("{key} = «{name}»: заполнено {filled} из {of}", "{key} = “{name}”: filled in {filled} of {of}")
BURST = Text("{at}: {count} × {kind}", "{at}: {count} × {kind}")
ROWS = Text("{kind} {id}: {reason}", "{kind} {id}: {reason}")
CURRENCY = Text("выиграна {at}, валюта {currency}", "won {at}, currency {currency}")


def say(text: Text, **words: object) -> Text:
    """Both languages with the same words in place."""
    return Text(text.ru.format(**words), text.en.format(**words))
