"""What `--help` says, in Russian: by the English that stands at the commands and options. Words only."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "Usage:": "Использование:",
    "Options:": "Опции:",
    "Arguments:": "Аргументы:",
    "Commands:": "Команды:",
    "Show this message and exit.": "Показать эту справку.",
    "[required]": "[обязательно]",
    "[default: ": "[по умолчанию: ",
}
"""What stands around them."""
HELP: dict[str, str] = {
    "Exit codes: 0 done, 1 failed, 2 configuration or call wrong, 3 an account needs a person.": (
        "Коды выхода: 0 — сделано, 1 — не удалось, 2 — неверна конфигурация или команда, 3 — аккаунту нужен человек."
    ),
    # connecting
    "Sales KPIs beside amoCRM and Bitrix24: sync, compute, explain, write back.": (
        "KPI продаж рядом с amoCRM и Битрикс24: читает, считает, объясняет, пишет обратно."
    ),
    "Write a commented configuration, or the one that the CRM suggests; an existing file is left alone.": (
        "Записать конфигурацию с пояснениями или ту, что подсказывает CRM; готовый файл не трогается."
    ),
    "The file, or a folder of files; default config.toml, then KPI_CONFIG.": (
        "Файл или папка с файлами; по умолчанию config.toml, затем KPI_CONFIG."
    ),
    "Connect, look into the CRM, propose, ask.": "Подключиться, посмотреть в CRM, предложить, спросить.",
    "With --wizard: take every proposal; only the CRM and its address are asked.": (
        "С --wizard: принять всё предложенное; спрашиваются только CRM и её адрес."
    ),
    "With --wizard: compare three months with the CRM.": "С --wizard: сверить три месяца с CRM.",
    "ru or en; default: the account's own. JSON does not depend on it.": (
        "ru или en; по умолчанию язык аккаунта. JSON от него не зависит."
    ),
    "The same as pages, by a link that is good once.": "То же страницами, по ссылке на один раз.",
    "With --web: HOST:PORT; default 127.0.0.1:8800.": "С --web: ХОСТ:ПОРТ; по умолчанию 127.0.0.1:8800.",
    "With --web: a further variable that may hold the key.": (
        "С --web: ещё одна переменная, в которой может лежать ключ."
    ),
    "Log in and show rights, pipelines, fields, limits and the clock offset.": (
        "Войти и показать права, воронки, поля, лимиты и расхождение часов."
    ),
    "One account by name; default all.": "Один аккаунт по имени; по умолчанию все.",
    "Only JSON on stdout.": "В stdout только JSON.",
    "OAuth: print the link to open, take the code that comes back.": (
        "OAuth: напечатать ссылку, принять код, который вернётся."
    ),
    "The code, or the whole address you were sent back to.": "Код или весь адрес, на который вас вернули.",
    "How fresh each stream is, the last runs, the outbox, and what needs attention. Asks nothing of the CRM.": (
        "Свежесть каждого потока, последние запуски, очередь записи и что требует внимания. CRM не спрашивает."
    ),
    # numbers
    "Read what changed and compute facts from it.": "Прочитать изменения и посчитать по ним факты.",
    "Forget the cursors and read everything again.": "Забыть, на чём остановились, и прочитать всё заново.",
    "Compare ids to find deletions; each missing one is confirmed by asking for it.": (
        "Сверить id и найти удалённое; каждое пропавшее проверяется запросом."
    ),
    "Release the brake: so many deletions are real.": "Отпустить тормоз: столько удалений на самом деле.",
    "The KPIs of a period for each person and team.": "KPI за период по людям и командам.",
    "2026-09, 2026-Q3, 2026-W36, 2026-09-03 or 2026-09-01..2026-09-15.": (
        "2026-09, 2026-Q3, 2026-W36, 2026-09-03 или 2026-09-01..2026-09-15."
    ),
    "2026-09, 2026-Q3, 2026-W36, a day or FROM..TO; default this month.": (
        "2026-09, 2026-Q3, 2026-W36, день или С..ПО; по умолчанию этот месяц."
    ),
    "Only this person, by id, name or a part of it.": "Только этот человек: id, имя или часть имени.",
    "Only this team, by name or id.": "Только эта команда, по имени или id.",
    (
        "As known at this moment: 2026-09-20, '2026-09-20 14:30' in the account's time zone, or with an "
        "offset: 2026-09-20T14:30Z."
    ): (
        "Как было известно в этот момент: 2026-09-20, '2026-09-20 14:30' по времени аккаунта или со "
        "смещением: 2026-09-20T14:30Z."
    ),
    "Of a closed month today's numbers instead of the closed ones.": (
        "По закрытому месяцу сегодняшние числа вместо закрытых."
    ),
    "Only this KPI; several by commas.": "Только этот KPI; несколько через запятую.",
    "Show the version.": "Показать версию.",
    "Every KPI in the table, not only the main ones.": "В таблице все KPI, а не только главные.",
    "table, json or csv.": "table, json или csv.",
    "The facts and records behind one number, with links, and what was left out and why.": (
        "Факты и записи за одним числом, со ссылками, и что не учтено и почему."
    ),
    "The KPI's key, such as revenue.": "Ключ KPI, например revenue.",
    "A person, by id, name or a part of it.": "Человек: id, имя или часть имени.",
    "A team's id or name instead of a person.": "Вместо человека команда: id или имя.",
    "Why a number is another than it was, record by record.": "Почему число стало другим, запись за записью.",
    "As known at this one, written alike; default now.": (
        "Как было известно в этот, пишется так же; по умолчанию сейчас."
    ),
    # closing
    "Freeze every number of a month with its proof; later changes become corrections.": (
        "Закрыть месяц: числа остаются с их доказательством, позднее становится поправками."
    ),
    "Before the days of grace are over.": "Раньше, чем кончится отсрочка.",
    "Why; it stays in the history.": "Почему; останется в истории.",
    "Let a closed month follow changes again; what was frozen stays in the history.": (
        "Открыть закрытый месяц: он снова следует за изменениями; закрытое остаётся в истории."
    ),
    "Who closed and reopened which month, when and why.": "Кто какой месяц закрывал и открывал, когда и почему.",
    "Hash what was frozen, and its facts as known then, once more.": (
        "Ещё раз сверить хеш закрытого и фактов, какими они были известны."
    ),
    "What became known in a month of months closed before: each change with its day, amount and reason.": (
        "Что за месяц стало известно о закрытых раньше: каждое изменение с днём, суммой и причиной."
    ),
    "Only this KPI, by its key.": "Только этот KPI, по ключу.",
    "Only this person, by id or name.": "Только этот человек, по id или имени.",
    # writing
    "Write what is wanted, for the levels that are on; the others are only shown.": (
        "Записать нужное на включённых уровнях; остальные только показать."
    ),
    "Only show what would be written.": "Только показать, что было бы записано.",
    "Also over what people wrote into our fields, and what was refused before.": (
        "В том числе поверх того, что люди вписали в наши поля, и отвергнутое раньше."
    ),
    "Show what one run wrote and what returns, ask, and put it back where nobody changed it since.": (
        "Показать записанное одним запуском и что вернётся, спросить и вернуть там, где с тех пор никто не менял."
    ),
    "The run's number, as push and status print it.": "Номер запуска, как его печатают push и status.",
    # health
    "What is amiss in the data, with examples, and by how much at most it distorts each KPI.": (
        "Что не так в данных, с примерами, и насколько самое большее это искажает каждый KPI."
    ),
    "What looks played: done in bulk, split, dumped, back-dated; with the innocent explanation beside it.": (
        "Что похоже на подгонку: пачкой, дроблением, сбросом, задним числом; рядом невинное объяснение."
    ),
    "Our totals beside counts fetched from the CRM now, every difference named; exit code 1 where there are any.": (
        "Наши итоги рядом со счётом CRM сейчас, каждое расхождение названо; код выхода 1, если они есть."
    ),
    "Leave calls out: there are many, and all are read.": "Без звонков: их много, и читаются все.",
    # upkeep
    "A verified copy of the database, made while others work. The key is not in it: keep that elsewhere.": (
        "Проверенная копия базы, можно при работающих. Ключа в ней нет: храните его отдельно."
    ),
    "The folder; default `backups` beside the database.": "Папка; по умолчанию `backups` рядом с базой.",
    "Put a backup in the database's place; what stood there is kept beside it, erasures made since are made again.": (
        "Поставить копию на место базы; прежнее остаётся рядом, стирания с тех пор повторяются."
    ),
    "A file that `kpi backup` made.": "Файл, который сделал `kpi backup`.",
    "Also where its accounts are not those of the configuration.": "Даже если в ней аккаунты не из конфигурации.",
    "Only look it through, change nothing.": "Только проверить, ничего не менять.",
    "Do not ask.": "Не спрашивать.",
    "The history of work: requests, rows, changes, writes of each run, how long it took and how it ended.": (
        "История работы: запросы, строки, изменения, записи каждого запуска, сколько шёл и чем кончился."
    ),
    "How many, the newest first.": "Сколько, новые сначала.",
    "Only sync, sweep, derive, push, hooks, undo…": "Только sync, sweep, derive, push, hooks, undo…",
    "Everything that is kept about one person, as JSON on stdout.": "Всё, что хранится об одном человеке, в JSON.",
    "contact:701 or company:801.": "contact:701 или company:801.",
    "One of your own people, by id or whole name.": "Свой сотрудник, по id или полному имени.",
    "Destroy a person's data here for good: no sync and no backup brings them back. Numbers stay.": (
        "Уничтожить данные человека навсегда: ни чтение, ни копия их не вернут. Числа остаются."
    ),
    "On what ground, for the record of the destruction.": "На каком основании, для записи об уничтожении.",
    "What is older than [account.retention] allows goes now; `kpi run` does it every night.": (
        "Удалить то, что старше сроков [account.retention]; `kpi run` делает это каждую ночь."
    ),
    "File modes, the key, TLS, the clock, disk, database, backups, versions; exit code 1 where anything is bad.": (
        "Права файлов, ключ, TLS, часы, диск, база, копии, версии; код выхода 1, если что-то плохо."
    ),
    # running
    "Sync every few minutes, sweep at night, compute, write back, and serve the pages, until stopped.": (
        "Читать каждые несколько минут, ночью сверять удаления, считать, писать и отдавать страницы, пока не остановят."
    ),
    "Serve the pages at HOST:PORT; default: [web] listen.": (
        "Отдавать страницы по ХОСТ:ПОРТ; по умолчанию [web] listen."
    ),
    "As one of many processes, on PostgreSQL; no pages.": "Одним из многих процессов, на PostgreSQL; без страниц.",
    "Accounts at once in a process of a fleet.": "Сколько аккаунтов сразу в одном таком процессе.",
    "Only serve the pages and take facts in over HTTP; syncing is left to `kpi run` or `kpi sync`.": (
        "Только страницы и приём фактов по HTTP; читают `kpi run` или `kpi sync`."
    ),
    "HOST:PORT; default: [web] listen, then 127.0.0.1:8800.": (
        "ХОСТ:ПОРТ; по умолчанию [web] listen, затем 127.0.0.1:8800."
    ),
    "A pretend CRM on a local port, to try this program or yours against.": (
        "Ненастоящая CRM на локальном порту, чтобы пробовать."
    ),
    "amocrm or bitrix24.": "amocrm или bitrix24.",
    "The local port.": "Локальный порт.",
    "The sandbox's clock, UTC; default: the plan's end.": "Часы песочницы, UTC; по умолчанию конец её плана.",
    "Answer 429 and 503 beyond the vendor's pace.": "Отвечать 429 и 503 быстрее темпа CRM.",
    "A plain company of so many deals instead of the planted one.": (
        "Простая компания на столько сделок вместо заготовленной."
    ),
    "The planted company's months.": "Сколько месяцев у заготовленной компании.",
    "The main job on both pretend CRMs: sync, KPIs, write-back, a quiet second run.": (
        "Главное на обеих ненастоящих CRM: чтение, KPI, запись, тихий второй запуск."
    ),
    "Keep the database and the configuration in this folder.": "Оставить базу и конфигурацию в этой папке.",
    # plans
    "Plans and sets of KPIs: agree, check, show; a change is a new version.": (
        "Планы и наборы KPI: согласовать, проверить, показать; изменение — новая версия."
    ),
    "Take plans from a CSV; a changed value is a new version with a reason, nothing is overwritten.": (
        "Взять планы из CSV; изменённое — новая версия с причиной, ничего не затирается."
    ),
    "CSV: user, team or company, kpi, period, value; pipeline, reason.": (
        "CSV: user, team или company, kpi, period, value; pipeline, reason."
    ),
    "The plans in force for a period, those of single pipelines too.": (
        "Действующие планы периода, и по отдельным воронкам тоже."
    ),
    "Agree on one plan. What is over stays as it was; a change is a new version and needs a reason.": (
        "Согласовать один план. Прошедшее не меняется; изменение — новая версия, нужна причина."
    ),
    "In the KPI's unit: money in whole units, 0.30 a share.": "В единицах KPI: деньги целыми, доля как 0.30.",
    "A team, by id or name.": "Команда, по id или имени.",
    "The company's own plan.": "План всей компании.",
    "Of this pipeline only, by id or name.": "Только по этой воронке, id или имя.",
    "Why; needed for a change.": "Почему; нужно для изменения.",
    "Everybody's set: plan, first plan, plan by days worked, fact, attainment, pace, chance, and the set's score.": (
        "Набор каждого: план, первый план, план по отработанным дням, факт, выполнение, темп, шанс и балл набора."
    ),
    "Every version of every plan: who agreed on what, when and why.": (
        "Все версии всех планов: кто что согласовал, когда и почему."
    ),
    "Only this KPI.": "Только этот KPI.",
    "Company, teams, people: each plan beside the sum of its parts, and by how much they miss one another.": (
        "Компания, команды, люди: каждый план рядом с суммой частей и насколько они расходятся."
    ),
    "The sets of the configuration: the goal each serves, whose it is, its KPIs by weight.": (
        "Наборы из конфигурации: какой цели служит, чей, KPI по весу."
    ),
    "What is wrong with sets and plans, and what to do; exit code 1 where anything is and not only doubtful.": (
        "Что не так с наборами и планами и что делать; код выхода 1, если что-то неверно, а не только сомнительно."
    ),
    "A month; left out: the running one.": "Месяц; по умолчанию текущий.",
    "Look for plans that the evidence speaks against; list what was proposed, with chances, reasons, decisions.": (
        "Найти планы, против которых говорят данные; предложенное с шансами, причинами, решениями."
    ),
    "From now on this is the plan; what was agreed on first is kept and shown beside it.": (
        "С этого момента план такой; согласованное сначала хранится и показано рядом."
    ),
    "The proposal's number, from `kpi plan corrections`.": "Номер предложения из `kpi plan corrections`.",
    "Why; it stays in the plan's history.": "Почему; останется в истории плана.",
    "The head, by the id in the CRM; left out: the only one there is.": (
        "Руководитель, id в CRM; по умолчанию единственный."
    ),
    "The plan stands, and nothing is proposed for it again in this period.": (
        "План остаётся, и в этом периоде по нему больше ничего не предлагается."
    ),
    # targets, advice
    "Targets that people reach with an agreed chance.": "Цели, которых достигают с согласованным шансом.",
    "Three targets a person for a month: a usual one, the least and an ambitious one, with what they rest on.": (
        "Три цели на человека на месяц: обычная, наименьшая и смелая, и на чём они стоят."
    ),
    "With which a target is to be reached.": "С каким шансом цель достигается.",
    "The company's plan, to be split by one common chance.": "План компании, разделить с одним общим шансом.",
    "Beside revenue, again for several; left out: those of plans and sets.": (
        "Кроме выручки, можно повторять; по умолчанию из планов и наборов."
    ),
    "What targets and forecasts would have been worth in the months before this one.": (
        "Чего стоили бы цели и прогнозы в прошлые месяцы."
    ),
    "Which KPIs to set for whom, why, and what it would bring.": "Какие KPI кому ставить, почему и что это даст.",
    "The month to set KPIs for, such as 2026-10; default: the running one.": (
        "На какой месяц, например 2026-10; по умолчанию текущий."
    ),
    "One person, by id, name or a part of it; default all.": "Один человек: id, имя или часть имени; по умолчанию все.",
    "What a month would bring more if one factor of one person were this, all else as it is.": (
        "Что прибавилось бы за месяц, будь один фактор одного человека таким, а остальное прежним."
    ),
    "The person, by id, name or a part of it.": "Человек: id, имя или часть имени.",
    "leads, contact, conversion, size or kept.": "leads, contact, conversion, size или kept.",
    "What it would be: 0.25, or an amount.": "Каким он был бы: 0.25 или сумма.",
    "Tasks for heads: open and closed, their answers and effects.": (
        "Задачи руководителям: открытые и закрытые, ответы и что вышло."
    ),
    "Every task with its answer and its effect, the newest first.": (
        "Каждая задача с ответом и с тем, что вышло, новые сначала."
    ),
    "all, open or closed.": "all, open или closed.",
    "About one person, by id or name.": "Об одном человеке, по id или имени.",
    "One task: its text, the answer, the effect with its interval.": (
        "Одна задача: текст, ответ, что вышло, с интервалом."
    ),
    "The task's id, as its text ends: [kpi#1a2b3c4d].": "Id задачи, как в конце её текста: [kpi#1a2b3c4d].",
    # absences, rates, imports, tokens
    "Absences, hires and leavings: import from CSV, list.": (
        "Отсутствия, приёмы и увольнения: загрузить из CSV, показать."
    ),
    "Take absences (vacation, sick, other) and days of hire and leaving from a CSV; past reports stay as they were.": (
        "Взять из CSV отсутствия (vacation, sick, other), дни приёма и увольнения; прошлые отчёты остаются."
    ),
    "CSV with the columns user (id or name), from, to, kind.": "CSV со столбцами user (id или имя), from, to, kind.",
    "The file is all there is: what it does not say is no longer so.": "В файле всё: чего в нём нет, того больше нет.",
    "Who was away, came or left, as known now.": "Кто отсутствовал, пришёл или ушёл, как известно сейчас.",
    "Exchange rates: import from CSV, fetch from a central bank, list.": (
        "Курсы валют: загрузить из CSV, взять у центробанка, показать."
    ),
    "Take rates from a CSV; they stand behind the CRM's own, and the next sync counts what lacked them.": (
        "Взять курсы из CSV; курсы CRM важнее; следующее чтение посчитает то, чему их не хватало."
    ),
    "CSV with the columns currency, day, rate, nominal.": "CSV со столбцами currency, day, rate, nominal.",
    "Ask the central bank of [account.rates_from] for the days of a period that are not known yet.": (
        "Спросить у центробанка из [account.rates_from] ещё неизвестные дни периода."
    ),
    "The rates of a period with their source, and what counts nowhere for want of one.": (
        "Курсы периода с источником и что без курса нигде не учтено."
    ),
    "Facts that the CRM lacks: import from CSV, list, undo.": (
        "Факты, которых нет в CRM: загрузить из CSV, показать, отменить."
    ),
    "Take payments, refunds, ratings, scores, invoices and trainings; all rows or none, the same file twice is one.": (
        "Взять оплаты, возвраты, оценки, баллы, счета и обучение; все строки или ни одной, тот же файл "
        "дважды — один раз."
    ),
    (
        "CSV with the columns key, what, at, and user or deal; by sort amount, currency, number, items, due, "
        "paid, technique, reason (docs/api.md)."
    ): (
        "CSV со столбцами key, what, at и user или deal; по виду строки amount, currency, number, items, "
        "due, paid, technique, reason (docs/api.md)."
    ),
    "The sort of all rows, for a file without that column.": "Вид всех строк, если такого столбца в файле нет.",
    "Only check, and say what would be taken.": "Только проверить и сказать, что было бы взято.",
    "Every import: who brought what, when, and which were undone.": (
        "Все загрузки: кто что принёс, когда, и какие отменены."
    ),
    "One imported row: what every import said of it, the newest first.": (
        "Одна загруженная строка: что о ней говорила каждая загрузка, новые сначала."
    ),
    "The row's key, as explain and diff show it.": "Ключ строки, как его показывают explain и diff.",
    "Take an import back: its rows are gone, or again what they were before it. Past reports stay as they were.": (
        "Отменить загрузку: её строк нет или они прежние. Прошлые отчёты остаются."
    ),
    "The import's number, from `kpi import list`.": "Номер загрузки из `kpi import list`.",
    "Tokens of the HTTP interface: create, list, revoke.": "Токены HTTP-интерфейса: выдать, показать, отозвать.",
    "Make a token and print it, this once: only its hash is kept. --account: for that account alone.": (
        "Выдать токен и напечатать один раз: хранится только хеш. --account: только для этого аккаунта."
    ),
    "Who will use it, such as 1c.": "Кто будет им пользоваться, например 1c.",
    "What it is for: import, read (results, proofs, plans) or metrics.": (
        "Для чего: import, read (числа, доказательства, планы) или metrics."
    ),
    "Every token by name; what it opens, since when, and until when.": (
        "Все токены по имени; что открывает, с какого и до какого времени."
    ),
    "Shut a token out, from the next call on.": "Отозвать токен, со следующего запроса.",
    "The token's name.": "Имя токена.",
    # contests
    "Records that are said to be wrong: open, list, accept, decline.": (
        "Записи, которые оспаривают: открыть, показать, принять, отклонить."
    ),
    "Say that a record is wrong: it counts until the head has decided. The same again is the same contest.": (
        "Сказать, что запись неверна: она считается, пока руководитель не решит. Ещё раз то же — тот же спор."
    ),
    "In whose numbers it is wrong: id or name.": "В чьих числах: id или имя.",
    "One fact by its key, from `kpi explain --json`.": "Один факт по ключу из `kpi explain --json`.",
    "All his facts of this deal.": "Все его факты этой сделки.",
    "All his facts of this call.": "Все его факты этого звонка.",
    "All his facts of this enquiry.": "Все его факты этого обращения.",
    "Of the record only what this KPI counts.": "Из записи только то, что считает этот KPI.",
    "Of the record only facts of this kind.": "Из записи только факты этого вида.",
    "What waits for a decision: whose number, which record, what he says is wrong, and who decides.": (
        "Что ждёт решения: чьё число, какая запись, что в ней неверно и кто решает."
    ),
    "Those that are decided as well.": "И решённые тоже.",
    "Only over this person's, by id or name.": "Только по числам этого человека, id или имя.",
    "The record is wrong: from now on it counts nowhere. Past reports stay; closed months get a correction.": (
        "Запись неверна: с этого момента нигде не считается. Прошлые отчёты остаются; закрытые месяцы "
        "получают поправку."
    ),
    "The contest's number, from `kpi contest list`.": "Номер спора из `kpi contest list`.",
    "The head who decides, by the id in the CRM.": "Руководитель, который решает, id в CRM.",
    "Only what this KPI counts; the rest stays.": "Только то, что считает этот KPI; остальное остаётся.",
    "The record is right: it counts. After an acceptance this undoes it, from now on.": (
        "Запись верна: она считается. После принятия это отменяет его, с этого момента."
    ),
    "Take it back, as long as nobody has decided.": "Забрать спор, пока никто не решил.",
    "Whose contest it is, by id, name or a part of it.": "Чей спор: id, имя или часть имени.",
    "Why, if there is something to say.": "Почему, если есть что сказать.",
    # catalogue, drift, hooks
    "The catalogue: which KPIs there are, their formulas and sources.": (
        "Каталог: какие KPI есть, их формулы и источники."
    ),
    "Every KPI with its formula.": "Все KPI с формулами.",
    "Its KPIs are shown too; default: config.toml, if it is here.": (
        "Показать и её KPI; по умолчанию config.toml, если он здесь."
    ),
    "One KPI: meaning, formula, minimum sample, reasons for no value, what it needs.": (
        "Один KPI: смысл, формула, наименьшая выборка, причины пустого значения, что ему нужно."
    ),
    "The kinds of facts that own KPIs are made of, with what each carries.": (
        "Виды фактов, из которых делают свои KPI, и что каждый несёт."
    ),
    "Check the configuration's own KPIs: what cannot be computed or is not wise, with line and reason.": (
        "Проверить свои KPI конфигурации: что нельзя посчитать или неразумно, со строкой и причиной."
    ),
    "Changes of the CRM that freeze KPIs until somebody has looked.": (
        "Перемены в CRM, из-за которых KPI замерли, пока никто не посмотрел."
    ),
    "What changed in the CRM since the first sync, and which KPIs it holds still.": (
        "Что изменилось в CRM с первого чтения и какие KPI из-за этого замерли."
    ),
    "Only those that wait.": "Только те, что ждут.",
    "Confirm a change: the KPIs it holds still follow the CRM again.": (
        "Подтвердить перемену: замершие KPI снова следуют за CRM."
    ),
    "A number, a code such as stage_outcome, CODE/SUBJECT, or all.": (
        "Номер, код вроде stage_outcome, КОД/ПРЕДМЕТ или all."
    ),
    "Have the CRM tell of changes by itself: numbers follow in seconds.": (
        "Пусть CRM сама сообщает об изменениях: числа меняются за секунды."
    ),
    "How they stand, when the last one came, how many wait. Asks nothing of the CRM.": (
        "Как они, когда пришёл последний, сколько ждут. CRM не спрашивает."
    ),
    "Subscribe at the CRM; needs [web] address, https, reached from outside, and `kpi run` to serve it.": (
        "Подписаться в CRM; нужен [web] address, https, доступный снаружи, и `kpi run`."
    ),
    "Unsubscribe; reading every few minutes goes on as before.": (
        "Отписаться; чтение каждые несколько минут продолжается."
    ),
    "Another secret address, should somebody have seen the old one.": (
        "Другой секретный адрес, если прежний кто-то увидел."
    ),
    "Print the secret address, to enter it by hand as a Bitrix24 outgoing webhook's handler.": (
        "Напечатать секретный адрес, чтобы вписать его обработчиком исходящего вебхука Битрикс24."
    ),
    # people, talks, widget, letters
    "Who may look at the pages: a link to sign in, ending sessions.": (
        "Кто смотрит страницы: ссылка для входа, завершение сеансов."
    ),
    "Print a link by which this person signs in: once, within a day. Only its hash is kept.": (
        "Напечатать ссылку для входа: один раз, в течение суток. Хранится только её хеш."
    ),
    "Whom, by id, name or a part of it.": "Кого: id, имя или часть имени.",
    "End every session of this person, and every link that was not used.": (
        "Завершить все сеансы человека и погасить неиспользованные ссылки."
    ),
    "Transcripts of calls: import, purge, forget.": "Расшифровки звонков: загрузить, вычистить, забыть.",
    "Take transcripts from files; the name or a field tells the call. Bad files are named, the others are taken.": (
        "Взять расшифровки из файлов; звонок говорит имя или поле. Плохие файлы названы, остальные взяты."
    ),
    "A JSON, TXT, SRT or VTT file, or a folder of them.": "Файл JSON, TXT, SRT или VTT либо папка с ними.",
    "Delete the texts that are older than account.quality.keep_days; scores stay. `kpi run` does it by itself.": (
        "Удалить тексты старше account.quality.keep_days; оценки остаются. `kpi run` делает это сам."
    ),
    "Delete the text of one call at once; its scores stay.": "Сразу удалить текст одного звонка; его оценки остаются.",
    "The call's id, as explain shows it.": "Id звонка, как его показывает explain.",
    "Scores of calls: score, look, sample for people, agreement.": (
        "Оценки звонков: оценить, посмотреть, выборка для людей, согласие."
    ),
    "Ask the CRM for transcripts, score what is new, tell the KPIs. `kpi run` does it after each sync.": (
        "Взять расшифровки из CRM, оценить новое, передать в KPI. `kpi run` делает это после каждого чтения."
    ),
    "Calls at most; default: the setting's.": "Не больше стольких звонков; по умолчанию из настроек.",
    "How many transcripts and scores there are, by which scorer and checklist, and what is muted.": (
        "Сколько расшифровок и оценок, чьих и по какому чек-листу, и что не учитывается."
    ),
    "One call: what was said, every score with the words it rests on, and which of them counts.": (
        "Один звонок: что сказано, каждая оценка со словами, на которых стоит, и какая считается."
    ),
    "Draw a week's calls for people to score, or show what was drawn: of each person some of every sort.": (
        "Выбрать звонки недели для оценки людьми или показать выбранное: у каждого понемногу всех видов."
    ),
    "Such as 2026-W40; default: the last whole one.": "Например 2026-W40; по умолчанию последняя полная.",
    "Of the draw; default: of account and week.": "Зерно выборки; по умолчанию от аккаунта и недели.",
    "What is drawn and not scored yet, of one person or of all.": "Что выбрано и ещё не оценено, у одного или у всех.",
    "One person's, by id, name or a part of it.": "Одного человека: id, имя или часть имени.",
    "The questions about a call as JSON, to be filled in and handed to `kpi calls answer`.": (
        "Вопросы о звонке в JSON, чтобы заполнить и отдать `kpi calls answer`."
    ),
    "Who scores, by id, name or a part of it.": "Кто оценивает: id, имя или часть имени.",
    "Take a person's answers about a call that he was asked to score; KPIs follow at once.": (
        "Принять ответы о звонке от того, кого просили оценить; KPI меняются сразу."
    ),
    "JSON: { criterion: yes | no | not_applicable }.": "JSON: { критерий: yes | no | not_applicable }.",
    "Who scored, by id, name or a part of it.": "Кто оценил: id, имя или часть имени.",
    "How far programs agree with people, and people with one another; what is muted in KPIs for it.": (
        "Насколько программы согласны с людьми, а люди между собой; что из-за этого не учтено в KPI."
    ),
    "Of each training whether the technique is used more since, beside untrained colleagues (K-12).": (
        "По каждому обучению: чаще ли с тех пор применяют приём, рядом с необученными (K-12)."
    ),
    "Inside amoCRM: build the widget, print the dashboard's address.": (
        "Внутри amoCRM: собрать виджет, напечатать адрес для рабочего стола."
    ),
    "Make widget.zip to upload in the integration's settings, checked by every rule that is known.": (
        "Собрать widget.zip для загрузки в настройках интеграции, с проверкой по всем известным правилам."
    ),
    "Where people reach the pages; default: [web] address.": "Где людям доступны страницы; по умолчанию [web] address.",
    "Where the archive goes.": "Куда положить архив.",
    "Its version; default: by date and time.": "Его версия; по умолчанию по дате и времени.",
    "Print the address of totals for an iframe on the CRM's dashboard. Whoever has it sees totals, never people.": (
        "Напечатать адрес итогов для iframe на рабочем столе CRM. У кого он есть, видит итоги, но не людей."
    ),
    "Letters about one's own numbers: look at them, send them.": "Письма о своих числах: посмотреть, отправить.",
    "Print the letters that would be sent now; sends nothing.": (
        "Напечатать письма, которые ушли бы сейчас; ничего не отправляет."
    ),
    "daily: to each about himself; weekly: to heads.": "daily: каждому о нём самом; weekly: руководителям.",
    "Only to this person, by id, name or a part of it.": "Только этому человеку: id, имя или часть имени.",
    "Send them now, whatever was sent today; exit code 1 where one could not be delivered.": (
        "Отправить сейчас, что бы ни ушло сегодня; код выхода 1, если какое-то не доставлено."
    ),
}
