"""The words of what stands inside a CRM. Words only."""

from __future__ import annotations

from connector.kpi.text import Text

EMBED: dict[str, Text] = {
    "card_own": Text("Мои показатели", "My numbers"),
    "card_of": Text("Показатели: {name}", "Numbers of {name}"),
    "card_per_day": Text("Нужно в рабочий день", "Needed a working day"),
    "card_deal": Text("Эта сделка", "This deal"),
    "card_lead": Text("Это обращение", "This enquiry"),
    "card_counts": Text("Что засчитано и почему", "What counts, and why"),
    "card_nothing": Text(
        "По этой карточке в показателях, которые вам видны, пока ничего нет.",
        "Nothing of this card is in the numbers that you may see yet.",
    ),
    "card_open": Text("Открыть мою страницу", "Open my page"),
    "card_reaction": Text("Реакция", "Reaction"),
    "card_waits": Text("ещё не ответили", "not answered yet"),
    "card_in_norm": Text("в норме", "in norm"),
    "card_out_of_norm": Text("норма нарушена", "norm missed"),
    "card_stage": Text("На этапе", "On the stage"),
    "card_next_step": Text("Следующий шаг", "Next step"),
    "card_no_step": Text("нет: поставьте задачу", "none: set a task"),
    "card_quiet": Text("Последнее действие", "Last action"),
    "card_stuck": Text("сделка застряла", "the deal is stuck"),
    "card_yes": Text("засчитано", "counts"),
    "embed_blocked": Text("Браузер не пускает сюда", "The browser keeps us out here"),
    "embed_blocked_how": Text(
        "Он не хранит данные входа внутри страниц CRM. Откройте показатели в отдельной вкладке, или разрешите для этого"
        " сайта сторонние cookie.",
        "It keeps no sign-in inside pages of the CRM. Open your numbers in a tab of their own, or allow third-party"
        " cookies for this site.",
    ),
    "embed_tab": Text("Открыть в отдельной вкладке", "Open in a tab of its own"),
    "embed_old": Text("Вход устарел", "This entry is too old"),
    "embed_old_how": Text("Откройте карточку CRM ещё раз.", "Open the card in the CRM once more."),
    "embed_unknown": Text("Вас здесь пока не знают", "You are not known here yet"),
    "embed_unknown_how": Text(
        "Показатели есть у действующих сотрудников. Новые появляются после ближайшей синхронизации.",
        "People who work here have numbers; new ones appear after the next sync.",
    ),
    "embed_done": Text("Приложение установлено", "The application is installed"),
    "embed_places": Text("Показатели появятся здесь", "Numbers now stand here"),
    "embed_company": Text("Вся компания", "The whole company"),
    "embed_small": Text(
        "Команды меньше трёх человек здесь не показаны: по ним было бы видно отдельных людей.",
        "Teams of fewer than three are not shown here: single people could be told from them.",
    ),
}
