"""The catalogue of the pages: every word that they add to those of KPIs, advice and findings. Words only."""

from __future__ import annotations

from connector.kpi.text import Text
from connector.web.closing.words import CLOSING
from connector.web.embed.words import EMBED
from connector.web.exports.words import EXPORTS
from connector.web.levels.words import LEVELS
from connector.web.personal.words import PERSONAL
from connector.web.planning.words import PLANNING
from connector.web.setup.words import SETUP
from connector.web.uploading.words import UPLOADING

SHARED: dict[str, Text] = {
    "product": Text("KPI продаж", "Sales KPIs"),
    "skip": Text("К содержанию", "Skip to content"),
    "places": Text("Разделы", "Sections"),
    "language": Text("Язык", "Language"),
    "sign_out": Text("Выйти", "Sign out"),
    "as_of": Text("данные на", "data as of"),
    "updated": Text("Числа обновлены", "The numbers were updated"),
    "few": Text("мало данных", "too little data"),
    "facts_n": Text("n", "n"),
    "interval": Text("интервал 90 %", "90% interval"),
    "month": Text("Месяц", "Month"),
    "seller": Text("Менеджер", "Seller"),
    "team": Text("Команда", "Team"),
    "plan": Text("План", "Plan"),
    "fact": Text("Факт", "Fact"),
    "pace": Text("Темп", "Pace"),
    "attained": Text("Выполнено", "Attained"),
    "forecast": Text("Прогноз, 80 %", "Forecast, 80%"),
    "chance": Text("Вероятность плана", "Chance of the plan"),
    "second_opinion": Text("Второе мнение, 80 %", "Second opinion, 80%"),
    "chance_low": Text("ниже 5 %", "below 5%"),
    "chance_high": Text("выше 95 %", "above 95%"),
    "left": Text("Осталось", "Left"),
    "reached": Text("план выполнен", "plan reached"),
    "behind": Text("отстаёт", "behind"),
    "closed_on": Text("закрыт {at}", "closed on {at}"),
    "deal": Text("Сделка", "Deal"),
    "day": Text("День", "Day"),
    "amount": Text("Сумма", "Amount"),
    "when": Text("Когда", "When"),
    "what": Text("Что", "What"),
    "how_much": Text("Сколько", "How much"),
    "why": Text("Почему", "Why"),
    "card": Text("Карточка в CRM", "Card in the CRM"),
    "show_all": Text("Показать все", "Show all"),
    "and_more": Text("и ещё", "and more:"),
    "nothing": Text("Ничего.", "Nothing."),
    "count_of": Text("{count} из {of} ({share})", "{count} of {of} ({share})"),
    "data_table": Text("Те же данные таблицей", "The same data as a table"),
    "chart_take": Text("Скачать график", "Download the chart"),
    "loading": Text("Загружаем…", "Loading…"),
    "loading_long": Text(
        "Считаем. После запуска программы на большом аккаунте это занимает до пяти минут, потом видно сразу. "
        "Появится здесь само.",
        "Being worked out. After the program's start this takes up to five minutes for a large account, later it is "
        "there at once. It will appear here by itself.",
    ),
    "known_then": Text(
        "Показано то, что было известно {at}. Новые числа считаются и появятся здесь сами.",
        "Shown as known at {at}. Newer numbers are being worked out and will appear here by themselves.",
    ),
    "measuring": Text("Считаем показатели", "Working out the numbers"),
    "measuring_how": Text(
        "Страница откроется сама, ничего нажимать не нужно. На большом аккаунте это занимает до минуты.",
        "The page will open by itself; nothing needs to be pressed. For a large account it takes up to a minute.",
    ),
    "chart_failed": Text("График не загрузился.", "The chart could not be loaded."),
    "role_manager": Text("менеджер", "seller"),
    "role_head": Text("руководитель", "head"),
    "role_admin": Text("администратор", "admin"),
    "place_own": Text("Мои показатели", "My numbers"),
    "place_board": Text("Команда", "Team"),
    "place_data": Text("Данные", "Data"),
    "place_company": Text("Компания", "Company"),
    "place_admin": Text("Подключение", "Connection"),
}

SIGNING: dict[str, Text] = {
    "sign_in": Text("Вход", "Sign in"),
    "sign_in_how": Text(
        "Сюда входят по личной ссылке. Её даёт администратор: kpi user link. Ссылка действует один раз и недолго; "
        "паролей здесь нет.",
        "You sign in by a personal link. An administrator gives it out: kpi user link. A link works once and not for "
        "long; there are no passwords here.",
    ),
    "sign_in_button": Text("Войти", "Sign in"),
    "sign_in_once": Text("Ссылка сработает один раз.", "The link works once."),
    "sign_in_bad": Text(
        "Эта ссылка уже использована или устарела. Попросите новую.",
        "This link was used already or is too old. Ask for a new one.",
    ),
    "not_found": Text("Такой страницы нет", "There is no such page"),
    "not_found_how": Text(
        "Либо её никогда не было, либо она не для вас.", "Either it never was, or it is not for you."
    ),
    "no_month": Text("Такого месяца нет", "There is no such month"),
    "no_month_how": Text(
        "Месяц в адресе пишут так: period=2026-09.", "A month stands in the address like this: period=2026-09."
    ),
    "failed": Text("Не получилось", "That did not work"),
    "failed_how": Text(
        "Ошибка записана в журнал программы. Попробуйте позже.", "The error is in the program's log. Try again later."
    ),
    "refused": Text("Форма не принята", "The form was not taken"),
    "refused_how": Text("Вернитесь, обновите страницу и повторите.", "Go back, reload the page and try again."),
    "home": Text("На главную", "To the start page"),
}

PERSON: dict[str, Text] = {
    "today": Text("Осталось на сегодня", "Left today"),
    "today_all": Text("{done} из {needed}", "{done} of {needed}"),
    "today_done": Text("сделано {done} из {needed}", "{done} of {needed} done"),
    "each_day": Text("Нужно в рабочий день, чтобы выполнить план", "Needed a working day to reach the plan"),
    "working_days_left": Text("рабочих дней впереди, с сегодняшним", "working days ahead, today included"),
    "expected_by_now": Text("К этому утру ожидалось", "Expected by this morning"),
    "no_plan": Text("Плана на этот месяц нет.", "There is no plan for this month."),
    "no_forecast": Text(
        "Прогноза нет: по прошлым месяцам он пока не оправдывается. Темп ниже 100\u00a0% может быть и случайностью.",
        "No forecast: over past months it does not hold yet. A pace below 100% may well be chance.",
    ),
    "may_be_chance": Text(
        "Темп ниже 100\u00a0%, но такое бывает и случайно: судить рано.",
        "The pace is below 100%, but that happens by chance too: it is early to judge.",
    ),
    "plan_out_of_reach": Text(
        "Такой план почти недостижим при обычной работе: обсудите сам план.",
        "Such a plan is nearly out of reach with usual work: talk about the plan itself.",
    ),
    "numbers": Text("Показатели месяца", "The month's numbers"),
    "deals_to_move": Text("Крупные открытые сделки", "Large open deals"),
    "on_stage": Text("на этапе {days}", "{days} on its stage"),
    "counted": Text("Учтено в выручке", "Counted in revenue"),
    "left_out": Text("Не учтено", "Not counted"),
    "my_tasks": Text("Задачи", "Tasks"),
    "history": Text("Мои месяцы", "Past months"),
    "history_of": Text("Прошлые месяцы", "Past months"),
    "chart_pace": Text("План и факт", "Plan and fact"),
    "chart_funnel": Text("Открытые сделки по этапам", "Open deals by stage"),
    "chart_gap": Text(
        "Обычный месяц: откуда разница с командой", "A usual month: where the gap to the team comes from"
    ),
    "trend_of": Text("{kpi} по месяцам", "{kpi} month by month"),
    "team_middle": Text("медиана команды", "team's median"),
    "own": Text("обычно здесь", "usual here"),
    "factor": Text("Фактор", "Factor"),
    "worth": Text("Вклад", "Part"),
    "stage": Text("Этап", "Stage"),
    "open_deals": Text("Открытые сделки", "Open deals"),
}

BOARD: dict[str, Text] = {
    "board": Text("Команда", "Team"),
    "month_young": Text(
        "Идёт {day}-й день месяца: данных мало, судить о людях рано.",
        "Day {day} of the month: too little data to judge anybody yet.",
    ),
    "red_only": Text(
        "Красным — только там, где отставание не объяснить случайностью. Порядок строк — не рейтинг.",
        "Red only where chance does not explain being behind. The order of rows is no ranking.",
    ),
    "since": Text("Что изменилось с {at}", "What changed since {at}"),
    "no_changes": Text("Выручка с тех пор не менялась.", "Revenue has not changed since."),
    "tasks": Text("Задачи руководителю", "Tasks for the head"),
    "no_tasks": Text("Задач нет.", "There are no tasks."),
    "due": Text("до {day}", "due {day}"),
    "done": Text("сделано", "done"),
    "late": Text("просрочено", "overdue"),
    "compare_of": Text("{kpi}: сравнение", "{kpi}: comparison"),
    "nobody": Text("За этот месяц показывать некого.", "There is nobody to show for this month."),
}

PROOF: dict[str, Text] = {
    "sides": Text("{above} из {below}", "{above} of {below}"),
    "counted_facts": Text("Учтено", "Counted"),
    "left_facts": Text("Не учтено", "Left out"),
    "role": Text("Сторона", "Side"),
    "ripening": Text("Ещё созревает, не учтено", "Still ripening, not counted"),
    "waiting": Text("Ещё ждут", "Still waiting"),
    "provisional": Text("Учтено, но окно ещё открыто", "Counted, but their window is still open"),
    "counter": Text("Смотрите вместе с", "Look at it together with"),
    "page_of": Text("Страница", "Page"),
    "earlier": Text("Раньше", "Earlier"),
    "later": Text("Позже", "Later"),
    "back": Text("Назад", "Back"),
}

COMPANY: dict[str, Text] = {
    "teams": Text("Команды", "Teams"),
    "all_numbers": Text("Все показатели", "All numbers"),
    "sourceless": Text("Нет источника данных", "No source of data"),
}

DATA: dict[str, Text] = {
    "data_title": Text("Качество данных", "Data quality"),
    "data_lead": Text(
        "Что в данных не так и насколько из-за этого могут ошибаться показатели.",
        "What is amiss in the data, and how far numbers can be off because of it.",
    ),
    "distorts": Text("Что искажает", "What it distorts"),
    "to_do": Text("Что сделать", "What to do"),
    "examples": Text("Примеры", "Examples"),
    "clean": Text("Ничего подозрительного не найдено.", "Nothing suspicious was found."),
    "frozen_title": Text("Заморожено до подтверждения", "Held still until confirmed"),
    "frozen_line": Text("{what} — показатели: {kpis}", "{what} — numbers: {kpis}"),
}

ADMIN: dict[str, Text] = {
    "admin_title": Text("Подключение", "Connection"),
    "streams": Text("Свежесть данных", "Freshness"),
    "stream": Text("Поток", "Stream"),
    "read_until": Text("Прочитано до", "Read up to"),
    "rows": Text("Прочитано строк", "Rows read"),
    "problem": Text("Проблема", "Problem"),
    "never": Text("никогда", "never"),
    "late_stream": Text("отстаёт", "late"),
    "limits": Text("Лимиты CRM", "The CRM's limits"),
    "share_used": Text("Используем сейчас", "In use now"),
    "requests": Text("Запросов с запуска", "Requests since the start"),
    "unread_rows": Text("Строк, которые не удалось прочитать", "Rows that could not be read"),
    "waiting_facts": Text("Есть записи, которые ещё не пересчитаны.", "There are records not counted yet."),
    "problems": Text("Что требует внимания", "What needs attention"),
    "no_problems": Text("Всё в порядке.", "All is well."),
    "runs": Text("Последние запуски", "Recent runs"),
    "run": Text("Запуск", "Run"),
    "took": Text("Секунд", "Seconds"),
    "run_counts": Text(
        "запросов {requests}, строк {rows}, новых и изменённых {changed}, записано {writes}",
        "requests {requests}, rows {rows}, new or changed {changed}, written {writes}",
    ),
    "kpi_card": Text("Карточка KPI", "KPI card"),
    "outbox": Text("Очередь записи и отказы", "Outbox and dead letters"),
    "outbox_empty": Text("Ничего не ждёт и не отвергнуто.", "Nothing waits and nothing was refused."),
    "state": Text("Состояние", "State"),
    "tries": Text("Попыток", "Tries"),
    "audit": Text("Что записано в CRM", "What was written into the CRM"),
    "before": Text("Было", "Before"),
    "after": Text("Стало", "After"),
    "closings": Text("Закрытия месяцев", "Closed months"),
    "who_closed": Text("Кто", "Who"),
    "closing_closed": Text("закрыт", "closed"),
    "closing_reopened": Text("открыт снова", "opened again"),
    "tokens": Text("Токены API", "API tokens"),
    "name": Text("Имя", "Name"),
    "scope": Text("Для чего", "Scope"),
    "revoked": Text("отозван", "revoked"),
    "valid": Text("действует", "valid"),
    "kind_user": Text("Люди", "People"),
    "kind_team": Text("Команды", "Teams"),
    "kind_pipeline": Text("Воронки", "Pipelines"),
    "kind_stage": Text("Этапы", "Stages"),
    "kind_loss_reason": Text("Причины отказа", "Loss reasons"),
    "kind_rate": Text("Курсы валют", "Exchange rates"),
    "kind_absence": Text("Отсутствия", "Absences"),
    "kind_client": Text("Клиенты", "Clients"),
    "kind_lead": Text("Обращения", "Enquiries"),
    "kind_deal": Text("Сделки", "Deals"),
    "kind_move": Text("Смены этапов", "Stage moves"),
    "kind_owner": Text("Смены ответственных", "Changes of owner"),
    "kind_price": Text("Смены сумм", "Changes of amount"),
    "kind_removal": Text("Удаления", "Deletions"),
    "kind_call": Text("Звонки", "Calls"),
    "kind_message": Text("Сообщения", "Messages"),
    "kind_meeting": Text("Встречи", "Meetings"),
    "kind_task": Text("Задачи", "Tasks"),
    "kind_done": Text("Выполненные задачи", "Tasks done"),
    "kind_deadline": Text("Переносы сроков", "Deadlines moved"),
}

CONTEST: dict[str, Text] = {
    "contest": Text("Оспорить", "Contest"),
    "contests": Text("Споры о записях", "Contested records"),
    "place_contests": Text("Споры", "Contests"),
    "contests_lead": Text(
        "Спор открывает тот, чьё это число; решает его руководитель. До решения запись считается как есть.",
        "A contest is opened by whose number it is and decided by his head. Until then the record counts as it is.",
    ),
    "contest_how": Text(
        "Напишите, что в записи не так. Руководитель решит с объяснением, всё останется в истории.",
        "Say what is wrong with the record. Your head decides and says why; all of it stays in the history.",
    ),
    "contest_about": Text("Запись", "Record"),
    "what_is_wrong": Text("Что не так", "What is wrong"),
    "contest_send": Text("Отправить руководителю", "Send to the head"),
    "contested": Text("оспаривается", "contested"),
    "contest_open": Text("ждёт решения", "waits for a decision"),
    "contest_accepted": Text("принят", "accepted"),
    "contest_declined": Text("отклонён", "declined"),
    "contest_withdrawn": Text("отозван", "withdrawn"),
    "waits_for": Text("решает", "decides"),
    "your_reason": Text("Почему", "Why"),
    "accept": Text("Принять: не считать", "Accept: do not count"),
    "decline": Text("Отклонить: считать", "Decline: count it"),
    "withdraw": Text("Отозвать", "Take it back"),
}

DECIDING: dict[str, Text] = {
    "place_corrections": Text("Правки планов", "Plan changes"),
    "place_calls": Text("Звонки", "Calls"),
    "corrections": Text("Предложенные правки планов", "Proposed changes of plans"),
    "corrections_lead": Text(
        "Программа предлагает, решает руководитель. Первый план остаётся рядом с новым.",
        "The program proposes, the head decides. The first plan stays beside the new one.",
    ),
    "approve": Text("Принять новый план", "Approve the new plan"),
    "keep_plan": Text("Оставить план", "Keep the plan"),
    "week_from": Text("неделя с {day}", "week from {day}"),
    "calls_none": Text(
        "Сейчас оценивать нечего: звонки выбирают случайно раз в неделю.",
        "Nothing to score now: calls are drawn by chance once a week.",
    ),
    "corrections_none": Text(
        "Предложений нет: ни один план не расходится с тем, что видно.",
        "There are no proposals: no plan is at odds with what is seen.",
    ),
    "contests_none": Text("Споров нет.", "Nothing is contested."),
    "proposal_chance": Text(
        "вероятность выполнить: {before} → {after}; месяц закончится около {expected} (80 %: от {low} до {high})",
        "chance to make it: {before} → {after}; the month ends near {expected} (80%: {low} to {high})",
    ),
    "proposal_proposed": Text("ждёт решения", "waits for a decision"),
    "proposal_approved": Text("принята", "approved"),
    "proposal_declined": Text("отклонена", "declined"),
    "proposal_overtaken": Text("устарела", "overtaken"),
    "calls_to_score": Text("Звонки на оценку", "Calls to score"),
    "calls_lead": Text(
        "Выбраны случайно. Оценивайте только то, что слышно.", "Drawn by chance. Score only what is heard."
    ),
    "score": Text("Оценить", "Score"),
    "call": Text("Звонок", "Call"),
    "open_card": Text("Открыть карточку и прослушать", "Open the card and listen"),
    "transcript": Text("Запись разговора текстом", "The call as text"),
    "note": Text("Пояснение", "Note"),
    "save_score": Text("Сохранить оценку", "Save the score"),
    "criterion_yes": Text("да", "yes"),
    "criterion_no": Text("нет", "no"),
    "criterion_not_applicable": Text("не применимо", "not applicable"),
    "objection_yes": Text("отработано", "handled"),
    "objection_no": Text("было, не отработано", "raised, not handled"),
    "objection_not_applicable": Text("не было", "not raised"),
    "speaker_seller": Text("менеджер", "seller"),
    "speaker_client": Text("клиент", "client"),
    "speaker_unknown": Text("кто-то", "somebody"),
}

WORDS: dict[str, Text] = (
    PLANNING
    | CLOSING
    | LEVELS
    | SETUP
    | UPLOADING
    | PERSONAL
    | EXPORTS
    | DECIDING
    | EMBED
    | CONTEST
    | SHARED
    | SIGNING
    | PERSON
    | BOARD
    | PROOF
    | COMPANY
    | DATA
    | ADMIN
)
