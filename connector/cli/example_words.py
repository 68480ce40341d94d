"""The comments of config.example.toml in Russian, by the English that stands there. Words only."""

from __future__ import annotations

REMARKS: dict[str, str] = {
    (
        "kpi-connector: everything it may do in your CRM, in one file. Unknown keys are errors; `kpi check` says what"
        " is wrong."
    ): "kpi-connector: всё, что ему можно в вашей CRM, одним файлом. Незнакомый ключ — ошибка; её покажет `kpi check`.",
    (
        'Secrets never stand here: { env = "NAME" } takes one from the environment, { file = "PATH" } from a file'
        " beside this one."
    ): 'Секретов здесь не бывает: { env = "ИМЯ" } берёт его из переменной, { file = "ПУТЬ" } — из файла рядом с этим.',
    "or postgresql+psycopg://user@host/database": "или postgresql+psycopg://user@host/database",
    "seals OAuth tokens; made on first use; the variable KPI_KEY wins over it": (
        "запечатывает токены OAuth; появится сам; переменная KPI_KEY важнее"
    ),
    "`kpi run` then serves pages and takes facts in (docs/web.md, docs/api.md)": (
        "тогда `kpi run` показывает страницы и принимает факты (docs/web.md, docs/api.md)"
    ),
    "where people reach the pages, behind a proxy with TLS; left out: as listened on": (
        "где люди открывают страницы, за прокси с TLS; не указано: как в listen"
    ),
    "an amoCRM account": "аккаунт amoCRM",
    "yours to choose; --account moscow picks it": "любое имя; --account moscow выберет его",
    "amocrm (amoCRM, Kommo) or bitrix24; a dotted module loads anyone's": (
        "amocrm (amoCRM, Kommo) или bitrix24; модуль через точку — чужой"
    ),
    "how often `kpi run` syncs: 30s, 5m, 2h": "как часто читает `kpi run`: 30s, 5m, 2h",
    "when ids are compared to find deletions, local time (--fleet: within the hour from then)": (
        "когда сверяются id, чтобы найти удалённое, местное время (с --fleet: в течение часа после)"
    ),
    "left out: asked of the CRM": "не указано: спросим у CRM",
    "of what is printed, shown and written into the CRM: ru or en": (
        "чего напечатано, показано и записано в CRM: ru или en"
    ),
    "keep clients' names; without it only ids and keyed hashes of phones are kept": (
        "хранить имена клиентов; без этого — только номера записей и хеши телефонов с ключом"
    ),
    "*.amocrm.ru, *.amocrm.com, *.kommo.com": "*.amocrm.ru, *.amocrm.com, *.kommo.com",
    "a long-lived token of a private integration": "долгосрочный токен приватной интеграции",
    "OAuth instead of the token (run `kpi authorise` once):": "OAuth вместо токена (один раз `kpi authorise`):",
    "amoCRM does not say who leads a group": "amoCRM не говорит, кто руководит группой",
    "names or ids; left out: all of them": "названия или id; не указано: все",
    "a call that reached a person": "звонок, который дошёл до человека",
    "a call in which something was said": "звонок, в котором что-то сказано",
    "working minutes to the first connected contact": "рабочих минут до первого дозвона",
    "enquiries lost for these count nowhere": "обращения с таким отказом не считаются нигде",
    "our own: calls with them count nowhere; kept as keyed hashes only": (
        "свои: звонки с ними не считаются нигде; хранятся хешами с ключом"
    ),
    "whole words in a deal's or enquiry's name; then kpi sync --full once": (
        "целые слова в названии сделки или обращения; потом один раз kpi sync --full"
    ),
    "whose deals, calls, meetings and tasks are tests; test_pipelines likewise": (
        "чьи сделки, звонки, встречи и задачи — проверочные; так же test_pipelines"
    ),
    "leave out deals that no person made and none closed": "без сделок, которые люди не заводили и не закрывали",
    "users who are programs": "пользователи, за которыми программы",
    'production calendar; "" for none': 'производственный календарь; "" — без него',
    "reaction time runs in each person's own zone, where the CRM tells one": (
        "время реакции — в поясе каждого, где CRM его знает"
    ),
    "custom deal field by name, code or id": "поле сделки по названию, коду или id",
    "left out: the moment the deal was last changed": "не указано: когда сделку меняли последний раз",
    "of deals still open; left out: the moment they were last changed": (
        "у ещё открытых сделок; не указано: когда их меняли последний раз"
    ),
    "such refunds stand apart and are not held against the seller": "такие возвраты отдельно и не в вину продавцу",
    "first_ever: a deal won twice was won when it was won first": (
        "first_ever: выигранная дважды выиграна в первый раз"
    ),
    "as of the win; live: as they stand now, and what was changed is listed": (
        "на момент выигрыша; live: как сейчас, изменения перечислены"
    ),
    "wins of one client within so many days are one purchase (average_purchase)": (
        "выигрыши одного клиента за столько дней — одна покупка (average_purchase)"
    ),
    'by when an open deal is hoped to be won; Bitrix24\'s own is "closedate"': (
        'к какому дню ждут выигрыша; в Битрикс24 своё: "closedate"'
    ),
    "amoCRM: the field that says a deal is not in the account's currency": (
        "amoCRM: поле, по которому видно, что сделка не в валюте аккаунта"
    ),
    "kpi run closes a month once its grace is over; manual: only kpi close does": (
        "kpi run закрывает месяц, когда кончилась отсрочка; manual: только kpi close"
    ),
    "working days after a month's end in which its numbers follow late changes": (
        "рабочих дней после месяца, пока числа следуют за поздними изменениями"
    ),
    "a team that works otherwise; what is left out is as above, teams below follow": (
        "команда с другими часами; не указанное — как выше, команды под ней так же"
    ),
    "name or id": "название или id",
    "override or complete the CRM's own; a missing rate is reported, never 1": (
        "вместо курсов CRM или вдобавок; о нехватке курса сказано, он никогда не 1"
    ),
    "a central bank behind the CRM's own rates; left out: nobody is asked": (
        "банк вдобавок к курсам CRM; не указано: никого не спрашиваем"
    ),
    "off | preview | on, each; nothing is written before you say on": (
        "off | preview | on, каждый; пока не скажете on, не пишется ничего"
    ),
    "the deal's own facts and its owner's headline KPIs, in the deal card": (
        "факты сделки и главные KPI её ответственного, в карточке сделки"
    ),
    "one card for each person and month": "карточка на человека и месяц",
    "tasks for the heads, with evidence": "задачи руководителям, с доказательствами",
    "on: by a box and a text on deals their owners say that a record is wrong; answered there": (
        "on: галочкой и текстом в сделке её ответственный говорит, что запись неверна; ответ там же"
    ),
    "a run": "за запуск",
    "in 24 hours, of what goes out by itself; raise it where more deals are open. 0: only kpi push writes": (
        "за 24 часа, само по себе; увеличьте, если открытых сделок больше. 0: пишет только kpi push"
    ),
    "the same of tasks; beyond either it waits and asks, a person's kpi push goes on": (
        "то же для задач; сверх того и другого ждёт и спрашивает, kpi push человека пишет дальше"
    ),
    "how often people are asked; nothing is while writeback.tasks is not on": (
        "как часто спрашивать людей; пока writeback.tasks не on — никогда"
    ),
    "for a head, in any seven days": "руководителю, за любые семь дней",
    "quiet for a person and KPI after a task about it": "тишины о человеке и показателе после задачи",
    "for a seller, about single deals, enquiries and calls that wait; 0: none": (
        "продавцу, об отдельных сделках, обращениях и звонках, что ждут; 0: ни одной"
    ),
    "on so many days within two weeks he is told himself before his head is": (
        "столько дней за две недели сначала самому, потом руководителю"
    ),
    "nothing is said of whoever came so lately": "о новичке не говорится ничего",
    "how long after a talk its KPI is measured again": "через сколько после беседы мерить показатель заново",
    "kpi quality and kpi gaming: from what on something is worth a look": (
        "kpi quality и kpi gaming: с чего начиная стоит посмотреть"
    ),
    "records created in one second": "записей за одну секунду",
    "what one person does in so many minutes is one go": "сделанное одним человеком за столько минут — за раз",
    "stage moves at one go; also bulk_deadlines, bulk_losses, bulk_meetings": (
        "смен этапов за раз; есть и bulk_deadlines, bulk_losses, bulk_meetings"
    ),
    "nearly equal wins of one client within so many days": "почти равные выигрыши одного клиента за столько дней",
    "conversations scored: K-10 to K-12; left out: no transcript is ever asked for": (
        "оценка разговоров: K-10–K-12; не указано: расшифровок не просим никогда"
    ),
    "local (rules, no network), llm or off": "local (правила, без сети), llm или off",
    "a TOML file or a folder of them; left out: the Russian starter": (
        "файл TOML или папка с ними; не указано: русский, что в поставке"
    ),
    "objections by meaning as well: pip install kpi-connector[embeddings]": (
        "возражения и по смыслу: pip install kpi-connector[embeddings]"
    ),
    "ask the CRM for transcripts that it made or that a service wrote into notes": (
        "брать в CRM расшифровки: её собственные или из примечаний сервиса"
    ),
    "then a transcript's text is deleted; scores stay": "потом текст удаляется; оценки остаются",
    "phones, e-mails, cards and names are taken out before a transcript is kept": (
        "телефоны, почта, карты и имена вынимаются до того, как текст сохранён"
    ),
    "shorter talks are not scored": "короче — не оценивается",
    "kappa with people under which a criterion counts in no KPI, from mute_from = 20 calls": (
        "согласие с людьми (каппа), ниже которого критерий не считается, с mute_from = 20 звонков"
    ),
    "any endpoint of OpenAI's shape: llama.cpp, Ollama, vLLM": "любой адрес вида OpenAI: llama.cpp, Ollama, vLLM",
    "true: masked transcripts may leave this machine": "true: замаскированные тексты могут покинуть эту машину",
    "recordings to text on this machine: pip install kpi-connector[stt]": (
        "записи в текст на этой машине: pip install kpi-connector[stt]"
    ),
    "a folder of a CTranslate2 model; nothing is downloaded": "папка модели CTranslate2; ничего не скачивается",
    "from where recordings may be fetched, https only": "откуда можно брать записи, только https",
    "calls that people score, drawn by chance each week": "звонки, которые оценивают люди, случайные каждую неделю",
    "scored twice, to see whether people agree": "оценить дважды, чтобы видеть, согласны ли люди",
    "the web page; left out: tasks name the command": "страница; не указано: в задаче стоит команда",
    "days after which what no number is made of goes, every night; `kpi purge`": (
        "дней, после которых уходит то, из чего чисел не делают, каждую ночь; `kpi purge`"
    ),
    "phones and names of clients after the CRM deleted them": "телефоны и имена клиентов, удалённых в CRM",
    "letters: daily to each about himself, weekly to heads; left out: nobody gets any": (
        "письма: каждый день каждому о нём, раз в неделю руководителям; не указано: никому"
    ),
    "on working days": "в рабочие дни",
    'Monday; weekly_at = "09:00"': 'понедельник; weekly_at = "09:00"',
    "the part of the CRM's limit to use": "какую часть лимита CRM занимать",
    "or: kpi plan import plans.csv": "или: kpi plan import plans.csv",
    "of a changed value: without it the change is not taken": "почему изменён: без этого изменение не принимается",
    (
        'Instead of user: team = "Розница", or company = true. pipeline = "Опт": measured on the facts of that one'
        " only."
    ): 'Вместо user: team = "Розница" или company = true. pipeline = "Опт": меряется только по ней.',
    "A month that is over keeps its plan: what comes after close_grace_days is refused, here as everywhere.": (
        "Прошедший месяц остаётся при своём плане: после close_grace_days изменения не принимаются, как и везде."
    ),
    (
        "Who is judged by which few KPIs, and for which goal of the business. `kpi plan check` tells what is wrong with"
        " it: a set"
    ): "Кого по каким немногим KPI судят и ради какой цели. `kpi plan check` скажет, что не так: у набора есть",
    (
        "names its goal, has a financial, a process, a client and a quality KPI and five in all at most, and an"
        " activity stands"
    ): "цель, финансовый, процессный, клиентский показатель и показатель качества, всего не больше пяти, а активность",
    (
        "beside the KPI that shows what chasing it costs. Weights are shares of their sum; a KPI counts up to `cap` of"
        " its plan."
    ): "стоит рядом с тем, что показывает её цену. Веса — доли своей суммы; показатель засчитан до `cap` плана.",
    'or users = ["501"], or all = true; the nearest one holds': 'или users = ["501"], или all = true; верно ближайшее',
    (
        "KPIs of your own, from the words of the catalogue: count, clients, sum, mean, median, percentile, share,"
        " ratio, conversion."
    ): "Свои показатели из слов каталога: count, clients, sum, mean, median, percentile, share, ratio, conversion.",
    "`kpi kpis kinds` lists what they can be of; `kpi kpis lint` tells what is wrong, with the line and the reason.": (
        "Из чего: `kpi kpis kinds`; что не так, со строкой и причиной: `kpi kpis lint`."
    ),
    'or { ru = "…", en = "…" }; left out: the key': 'или { ru = "…", en = "…" }; не указано: ключ',
    "of the calls out, those with 3 minutes of talk or more": "из исходящих — с разговором от 3 минут",
    "the KPI that shows what chasing this one costs": "показатель, по которому видна цена погони за этим",
    "only those old enough count; source: as the CRM names it": "считаются только дозревшие; source: как в CRM",
    'or "days" (worked), or { plan = "revenue" }': 'или "days" (отработанные), или { plan = "revenue" }',
    "a Bitrix24 account": "аккаунт Битрикс24",
    '"USER/SECRET", the two parts of an incoming webhook\'s address': (
        '"ПОЛЬЗОВАТЕЛЬ/СЕКРЕТ", две части адреса входящего вебхука'
    ),
    "true: read once a day who is marked absent in his calendar (scope calendar)": (
        "true: раз в день читать отсутствия из календаря (право calendar)"
    ),
    "true: the Enterprise plan's wider limits": "true: широкие лимиты тарифа «Энтерпрайз»",
    "OAuth of a local application instead of the webhook:": "OAuth локального приложения вместо вебхука:",
}
