"""The words of closing months. Words only."""

from __future__ import annotations

from connector.kpi.text import Text

CLOSING: dict[str, Text] = {
    "months_title": Text("Закрытие месяцев", "Closing months"),
    "months_lead": Text(
        "Закрытый месяц стоит неподвижно: по нему платят. Что узнаётся позже, становится датированной поправкой.",
        "A closed month stands still: people are paid by it. What is learned later becomes a dated correction.",
    ),
    "month_open": Text("открыт", "open"),
    "month_running": Text("идёт", "running"),
    "month_closed": Text("закрыт", "closed"),
    "month_close": Text("Закрыть месяц", "Close the month"),
    "month_reopen": Text("Открыть снова", "Open again"),
    "month_close_sure": Text(
        "Понимаю: все числа этого месяца замрут такими, как сейчас.",
        "I understand: every number of this month freezes as it is now.",
    ),
    "month_reopen_sure": Text(
        "Понимаю: числа снова будут меняться; замороженные останутся в истории.",
        "I understand: the numbers will change again; what was frozen stays in the history.",
    ),
    "month_early": Text(
        "Закрыть раньше, не дожидаясь {day}: дни на поправки ещё не прошли.",
        "Close early, without waiting for {day}: the days of grace are not over.",
    ),
    "month_history": Text("Что было с месяцем", "What was done to it"),
    "by_itself": Text("сама программа", "the program itself"),
    "unsure": Text("Отметьте, что понимаете, что произойдёт.", "Tick that you understand what will happen."),
    "unreasoned": Text(
        "Нужна причина: она останется в истории месяца.", "A reason is needed: it stays in the month's history."
    ),
    "busy_now": Text(
        "Сейчас идёт синхронизация. Ничего не изменено; повторите через минуту.",
        "A sync is running. Nothing was changed; try again in a minute.",
    ),
    "unclosable_closed": Text("{month}: уже закрыт.", "{month} is closed already."),
    "unclosable_open": Text("{month}: не закрыт.", "{month} is not closed."),
    "unclosable_not_over": Text(
        "{month}: ещё не кончился; закрыть можно с {day}.", "{month} is not over; it can be closed from {day} on."
    ),
    "unclosable_grace": Text(
        "{month}: дни на поправки ещё идут; без спешки закрыть можно с {day}.",
        "{month} is within its days of grace; it can be closed in due time from {day} on.",
    ),
    "unclosable_unread": Text(
        "Ещё не всё прочитано из CRM: {kinds}. Дождитесь синхронизации.",
        "Not all was read from the CRM yet: {kinds}. Wait for the sync.",
    ),
    "unclosable_short": Text(
        "Данные прочитаны только до {day}. Дождитесь синхронизации.", "The data only reaches {day}. Wait for the sync."
    ),
}
