"""The words of the first run in the browser. Words only."""

from __future__ import annotations

from connector.kpi.text import Text

SETUP: dict[str, Text] = {
    "setup_title": Text("Первый запуск", "First run"),
    "setup_steps": Text("Шаги", "Steps"),
    "setup_once": Text(
        "Ссылка сработает один раз и только в этом браузере. Дальше программа спросит адрес CRM и ключ доступа, "
        "посмотрит, что там есть, и предложит настройки. В CRM ничего не пишется.",
        "The link works once, in this browser alone. You will be asked for the CRM's address and a key; the program "
        "looks at what is there and proposes settings. Nothing is written into the CRM.",
    ),
    "setup_begin": Text("Начать", "Begin"),
    "setup_used": Text(
        "Эта ссылка уже использована или не подходит. Запустите kpi init --web ещё раз.",
        "This link was used already, or is none of ours. Run kpi init --web again.",
    ),
    "setup_step_connect": Text("Подключение", "Connect"),
    "setup_step_answers": Text("Что где лежит", "What is where"),
    "setup_step_judged": Text("Набор KPI", "KPI set"),
    "setup_step_review": Text("Проверка", "Review"),
    "setup_step_written": Text("Сверка с CRM", "Compare"),
    "setup_step_levels": Text("Запись в CRM", "Write-back"),
    "setup_crm": Text("CRM", "CRM"),
    "setup_address": Text("Адрес", "Address"),
    "setup_address_how": Text(
        "например https://acme.amocrm.ru или https://acme.bitrix24.ru",
        "such as https://acme.amocrm.ru or https://acme.bitrix24.ru",
    ),
    "setup_secret": Text("Ключ доступа", "Key"),
    "setup_secret_how": Text(
        "amoCRM: долгосрочный токен. Битрикс24: ПОЛЬЗОВАТЕЛЬ/СЕКРЕТ входящего вебхука. Он ляжет в файл secrets/, "
        "который читает только ваш пользователь системы, и нигде больше не покажется.",
        "amoCRM: a long-lived token. Bitrix24: USER/SECRET of an incoming webhook. It goes into a file in secrets/ "
        "that only your system user reads, and is shown nowhere again.",
    ),
    "setup_variable": Text(
        "…или имя переменной окружения, в которой он лежит", "…or the environment variable that holds it"
    ),
    "setup_name": Text("Как назвать аккаунт", "What to call the account"),
    "setup_name_how": Text(
        "латиница, цифры, точка, дефис; пусто: по адресу", "Latin letters, digits, dot, dash; empty: by its address"
    ),
    "setup_store": Text("База PostgreSQL", "PostgreSQL database"),
    "setup_store_how": Text(
        "пусто: файл SQLite рядом с настройками, этого хватает на одну машину. Иначе "
        "postgresql://ПОЛЬЗОВАТЕЛЬ@ХОСТ/БАЗА; пароль в PGPASSWORD или ~/.pgpass",
        "empty: an SQLite file beside the configuration, enough for one machine. Else postgresql://USER@HOST/DATABASE; "
        "the password in PGPASSWORD or ~/.pgpass",
    ),
    "setup_bad_store": Text(
        "База: postgresql://ПОЛЬЗОВАТЕЛЬ@ХОСТ/БАЗА или пусто.",
        "The database: postgresql://USER@HOST/DATABASE, or empty.",
    ),
    "setup_store_password": Text(
        "Пароль базы в адрес не пишут: адрес ляжет в файл настроек. Положите его в PGPASSWORD или ~/.pgpass и "
        "запустите kpi init --web снова.",
        "The database's password does not belong in its address, which goes into the configuration. Put it into "
        "PGPASSWORD or ~/.pgpass and run kpi init --web again.",
    ),
    "setup_store_silent": Text("База {where} не отвечает: {why}", "The database {where} does not answer: {why}"),
    "setup_store_closed": Text(
        "База {where} не даёт этому пользователю создавать таблицы. Дайте право: GRANT CREATE ON SCHEMA public TO …",
        "The database {where} lets this user make no tables. Grant it: GRANT CREATE ON SCHEMA public TO …",
    ),
    "setup_connect": Text("Подключиться и посмотреть", "Connect and look"),
    "setup_looking": Text("Смотрим, что есть в CRM (только чтение)", "Looking at what the CRM has (only reads)"),
    "setup_counting": Text(
        "Читаем, считаем последние три месяца и сверяем с CRM (только чтение)",
        "Reading, computing the last three months and comparing them with the CRM (only reads)",
    ),
    "setup_starting": Text("начинаем", "starting"),
    "setup_of_them": Text(
        "{kind}: {rows} из {total}, запросов: {requests}", "{kind}: {rows} of {total}, requests: {requests}"
    ),
    "setup_so_far": Text("{kind}: {rows}, запросов: {requests}", "{kind}: {rows}, requests: {requests}"),
    "setup_refresh": Text("Обновить", "Refresh"),
    "setup_sure": Text("найдено в данных", "found in the data"),
    "setup_unsure": Text("проверьте", "look at this"),
    "setup_none": Text("нет такого", "there is none"),
    "setup_again": Text("Назад", "Back"),
    "setup_on": Text("Дальше", "Continue"),
    "setup_answers_lead": Text(
        "Предложено по тому, что лежит в CRM. Уберите лишнее, выберите другое, где нужно; пустое не настраивается.",
        "Proposed by what is in the CRM. Untick, choose something else where needed; what is left empty is not set up.",
    ),
    "setup_judged_lead": Text(
        "По этому набору людям видна одна оценка. Пустой вес: показателя в наборе нет.",
        "People see one score by this set. An empty weight: the KPI is not in the set.",
    ),
    "setup_weight": Text("Вес", "Weight"),
    "setup_more_kpi": Text("ещё показатель", "another KPI"),
    "setup_file": Text("Будет записано в {path}", "To be written into {path}"),
    "setup_lacking": Text("Останется за вами", "Still up to you"),
    "setup_write": Text("Записать файл", "Write the file"),
    "setup_written": Text("Файл {path} записан.", "{path} is written."),
    "setup_written_how": Text(
        "Теперь посчитаем последние три месяца и положим рядом с тем, что считает сама CRM. Это только чтение; на "
        "большом аккаунте первое чтение занимает часы, его можно пропустить: kpi run дочитает.",
        "Now the last three months are computed and laid beside what the CRM itself counts. It only reads; the first "
        "reading of a large account takes hours and may be skipped: kpi run does it.",
    ),
    "setup_compare": Text("Посчитать и сверить", "Compute and compare"),
    "setup_skip": Text("Пропустить", "Skip"),
    "setup_same": Text("Расхождений с CRM нет.", "There are no differences from the CRM."),
    "setup_differs": Text(
        "Расхождений: {n}. Построчно: kpi reconcile.", "Differences: {n}. Line by line: kpi reconcile."
    ),
    "setup_count": Text("Счёт", "Count"),
    "setup_ours": Text("У нас", "Ours"),
    "setup_theirs": Text("В CRM", "In the CRM"),
    "setup_difference": Text("Разница", "Difference"),
    "setup_revenue": Text("Выручка по правилам отчёта: {much}", "Revenue by the report's rules: {much}"),
    "setup_outside": Text(
        "Выигрышей CRM, не вошедших в неё или вошедших другим днём или суммой: {n}. Почему каждый: kpi reconcile.",
        "Wins of the CRM that are not in it, on another day or with another amount: {n}. Why each: kpi reconcile.",
    ),
    "setup_task": Text("задача", "task"),
    "setup_levels_lead": Text(
        "По одному, начиная с того, что трогает меньше всего. Ниже видно, что изменилось бы сейчас. Включённое запишет "
        "kpi run или kpi push; отменить запуск: kpi undo. Позже переключают на странице администратора.",
        "One by one, what touches least comes first. Below is what would change now. What is on is written by kpi "
        "run or kpi push; a run is put back by kpi undo. Later they are switched on the admin page.",
    ),
    "setup_touches": Text("изменилось бы: {n}", "would change: {n}"),
    "setup_who": Text("Кому", "Who"),
    "setup_shown": Text("показаны первые {n}", "the first {n} are shown"),
    "setup_nothing_to_do": Text("сейчас писать нечего", "nothing to write now"),
    "setup_looked": Text("Посмотрел(а), что изменится.", "I looked at what will change."),
    "setup_switch_on": Text("Включить", "Switch on"),
    "setup_waits": Text("сначала решите про уровень выше", "decide about the level above first"),
    "setup_leave": Text("Оставить показ", "Leave at preview"),
    "setup_finish": Text("Закончить", "Finish"),
    "setup_done": Text("Готово", "Done"),
    "setup_done_how": Text(
        "Эта страница больше не отвечает. Дальше в терминале:", "This page answers no more. Next, in a terminal:"
    ),
    "setup_run_how": Text(
        "читает, считает, пишет разрешённое и отдаёт страницы", "reads, computes, writes what is on, serves pages"
    ),
    "setup_link_how": Text("ссылка для входа администратору", "a link by which the admin signs in"),
    "setup_bad_crm": Text("Выберите CRM.", "Choose the CRM."),
    "setup_bad_address": Text(
        "Адрес должен начинаться с https:// (http:// только для этой машины).",
        "The address begins with https:// (http:// only for this machine).",
    ),
    "setup_bad_name": Text(
        "Имя аккаунта: латиница, цифры, точка, дефис, до 40 знаков; первой буква или цифра.",
        "The account's name: Latin letters, digits, dot, dash, up to 40, a letter or digit first.",
    ),
    "setup_bad_secret": Text("Нужен ключ или имя переменной.", "A key or the name of a variable is needed."),
    "setup_bad_variable": Text(
        "Переменная {name} пуста у этой программы.", "The variable {name} is empty for this program."
    ),
    "setup_bad_answer": Text("Не понято: {what}.", "Not understood: {what}."),
    "setup_bad_way": Text(
        "Переменную {name} эта страница не читает. Читаются {usual}названные при запуске: kpi init --web --env ИМЯ. "
        "Свои (KPI_…, PG…) — никогда.",
        "This page does not read the variable {name}. It reads {usual}those named at the start: kpi init --web --env "
        "NAME. Our own (KPI_…, PG…) never.",
    ),
    "setup_usual": Text("имена на {names} и ", "names that begin with {names}, and "),
    "setup_key_exists": Text(
        "Файл {path} уже есть: в нём может быть ключ другой конфигурации, он оставлен как есть. Вернитесь и назовите "
        "аккаунт иначе.",
        "{path} exists already: it may hold another configuration's key, and is left as it is. Go back and give the "
        "account another name.",
    ),
    "setup_unwritten": Text(
        "Файл {path} не записан: {why}. Проверьте, есть ли папка и может ли писать в неё пользователь, от которого "
        "запущена программа, и повторите.",
        "{path} is not written: {why}. Look whether its folder is there and the user who runs this program may write "
        "in it, then press again.",
    ),
    "setup_exists": Text("Файл {path} уже есть; он оставлен как есть.", "{path} exists already; it is left as it is."),
    "setup_key_": Text("Замечено", "Noticed"),
    "setup_key_sales_pipelines": Text("Воронки продаж", "Pipelines that sell"),
    "setup_key_junk_reasons": Text(
        "Причины отказа, которые значат «это не обращение»", "Loss reasons that mean “no enquiry at all”"
    ),
    "setup_key_other_reasons": Text("Причины отказа, которые ничего не говорят", "Loss reasons that say nothing"),
    "setup_key_csat_field": Text("Оценка клиента (CSAT)", "Clients' rating (CSAT)"),
    "setup_key_csat_date_field": Text("Дата оценки", "Date of the rating"),
    "setup_key_refund_amount_field": Text("Сумма возврата", "Refunded amount"),
    "setup_key_refund_date_field": Text("Дата возврата", "Date of the refund"),
    "setup_key_payment_amount_field": Text("Сумма оплаты", "Paid amount"),
    "setup_key_payment_date_field": Text("Дата оплаты", "Date of the payment"),
    "setup_key_margin_field": Text("Маржа", "Margin"),
    "setup_key_currency_field": Text("Валюта сделки", "Currency of a deal"),
    "setup_key_required_fields": Text("Что есть в полной карточке", "What a complete card has"),
    "setup_key_connected_call_seconds": Text("Дозвон: разговор от, секунд", "Reached: a talk from, seconds"),
    "setup_key_successful_call_seconds": Text(
        "Содержательный разговор: от, секунд", "A talk with something in it: from, seconds"
    ),
    "setup_key_office_hours": Text("Часы работы", "Office hours"),
    "setup_key_working_days": Text("Рабочие дни", "Working days"),
    "setup_key_heads": Text("Кто руководит: {team}", "Who leads: {team}"),
    "setup_heads_why": Text(
        "CRM не говорит, кто руководит; рядом с именем число его сделок. Можно оставить пустым.",
        "The CRM does not say who leads; beside a name is the number of his deals. It may be left empty.",
    ),
    "setup_key_kpi_set": Text("Показатели и веса", "KPIs and weights"),
    "setup_key_goal": Text("Ради чего этот набор", "What this set is for"),
}
