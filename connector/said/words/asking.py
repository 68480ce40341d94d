"""A command or a page that asks for what cannot be. Words only."""

from __future__ import annotations

ASKING: dict[str, str] = {
    # which account, whom, which period
    "there is no account {0}; the configuration has: {1}": "аккаунта {0} нет; в конфигурации есть: {1}",
    "--account: name one of {0}": "--account: назовите один из {0}",
    "--account: name the one account of amoCRM; there are {0}": "--account: назовите один аккаунт amoCRM; их здесь {0}",
    "authorise: a code is good for one account, name it with --account": (
        "authorise: код годится для одного аккаунта, назовите его через --account"
    ),
    "user: {0} is nobody of this account; there are: {1}": "user: {0} — никто из этого аккаунта; есть: {1}",
    "user: {0} is nobody of this account: nobody was read yet, `kpi sync` does it": (
        "user: {0} — никто из этого аккаунта: людей ещё не читали, это делает `kpi sync`"
    ),
    "{0}: user {1} {2}; there are: {3}": "{0}: user {1}: {2}; есть: {3}",
    "none; run `kpi sync`": "никого; запустите `kpi sync`",
    "is more than one, give the id": "таких несколько, назовите id",
    "is nobody active here": "никто из активных",
    "{0}: {1} may be {2}; say the id": "{0}: {1} — это может быть {2}; назовите id",
    "team: {0} {1}; there are: {2}": "team: {0} {1}; есть: {2}",
    "team: {0} {1}; there are: {2}, The whole company (company)": ("team: {0} {1}; есть: {2}, Вся компания (company)"),
    "The whole company (company)": "Вся компания (company)",
    "is no team": "— такой команды нет",
    "names several teams, give the id": "— таких команд несколько, назовите id",
    "{0} {1} is {2}; there are: {3}": "{0} {1}: {2}; есть: {3}",
    "nobody": "никого",
    "nobody here": "никого здесь",
    "not there": "нет",
    "more than one": "несколько",
    "more than one, give the id": "таких несколько, назовите id",
    "{0}: nobody is known yet; run `kpi sync` first": "{0}: людей ещё не читали; сначала запустите `kpi sync`",
    "--period: {0}": "--period: {0}",
    "--period: {0} has not begun": "--period: {0} ещё не начался",
    (
        "{0} is no period: 2026-09 (month), 2026-Q3 (quarter), 2026-W36 (week), 2026-09-03 (day) or"
        " 2026-01-01..2026-02-15"
    ): (
        "{0} — не период: 2026-09 (месяц), 2026-Q3 (квартал), 2026-W36 (неделя), 2026-09-03 (день) или"
        " 2026-01-01..2026-02-15"
    ),
    "{0}: its end {1} is before its start {2}; turn them round": (
        "{0}: конец {1} раньше начала {2}; поменяйте их местами"
    ),
    "report: give either --user or --team": "report: назовите либо --user, либо --team",
    "explain: give either --user or --team": "explain: назовите либо --user, либо --team",
    "explain: a user or a team": "explain: человек или команда",
    "diff: --from must lie before --to": "diff: --from должен быть раньше --to",
    "{0}: nothing is known yet: the CRM was never read; now: kpi sync": (
        "{0}: ещё ничего не известно: CRM ни разу не читали; дальше: kpi sync"
    ),
    "{0}: at {1} nothing was known: the CRM was first read at {2}; ask for a later moment": (
        "{0}: на {1} ещё ничего не было известно: впервые CRM прочитали {2}; спросите о более позднем моменте"
    ),
    "{0} is no KPI; near it: {1}; `kpi kpis list` shows them all": (
        "{0} — не показатель; похожи: {1}; все показывает `kpi kpis list`"
    ),
    "{0} is no KPI; `kpi kpis list` shows them all": "{0} — не показатель; все показывает `kpi kpis list`",
    "{0} is no sum: plans of its parts make no whole": "{0} — не сумма: планы частей не складываются в целое",
    # closing, plans, targets, advice
    "{0}: only a month is closed, such as 2026-08": "{0}: закрывают только месяц, например 2026-08",
    "{0} is closed already; kpi reopen opens it": "{0} уже закрыт; kpi reopen откроет его заново",
    "{0} is not closed": "{0} не закрыт",
    "{0} is not over; it can be closed from {1} on": "{0} не закончился; закрыть можно с {1}",
    "{0} can be closed from {1} on ({2} working days); --force closes now": (
        "{0} можно закрыть с {1} (рабочих дней: {2}); --force закроет сейчас"
    ),
    "not read to the end yet: {0}; first kpi sync": "ещё не дочитано: {0}; сначала kpi sync",
    "the data only reaches {0}; first kpi sync": "данные есть только до {0}; сначала kpi sync",
    "{0} is closed: its plan stands as it was; agree on a later month": (
        "{0} закрыт: его план остаётся как был; согласуйте на более поздний месяц"
    ),
    "{0} is over and its grace ended on {1}: a plan is never set backwards; agree on a later month": (
        "{0} закончился, и дни на исправления вышли {1}: задним числом план не ставят; согласуйте на месяц позже"
    ),
    "a reason is missing: a change stays in the history with its reason, and so does a plan that comes after its "
    "period; give one": (
        "не названа причина: изменение остаётся в истории с причиной, как и план после своего периода; назовите её"
    ),
    "{0} is no period such as 2026-09": "{0} — не период вроде 2026-09",
    "{0}: its facts are of no pipeline; agree on a plan for all of them": (
        "{0}: его факты ни к какой воронке не относятся; согласуйте план на все сразу"
    ),
    "{0}: {1} is more than the whole; 30 % is written as 0.30": "{0}: {1} — больше целого; 30 % пишется как 0.30",
    "proposal {0}: a reason is missing; it stays in the plan's history": (
        "предложение {0}: не названа причина; она останется в истории плана"
    ),
    "proposal {0}: there is none; `kpi plan corrections` names them": (
        "предложение {0}: такого нет; все показывает `kpi plan corrections`"
    ),
    "proposal {0}: it is {1} already; `kpi plan set` changes a plan at any time": (
        "предложение {0}: решение уже есть ({1}); `kpi plan set` меняет план когда угодно"
    ),
    "proposal {0}: the plan was changed since; `kpi plan corrections` looks anew": (
        "предложение {0}: план с тех пор изменили; `kpi plan corrections` посмотрит заново"
    ),
    "proposal {0}: {1} is over; a plan is never changed backwards": (
        "предложение {0}: {1} закончился; задним числом план не меняют"
    ),
    "proposal {0}: --by: who decides? There are: {1}": "предложение {0}: --by: кто решает? Есть: {1}",
    "a correction of the plan is proposed: {0}, {1} {2}, {3} -> {4} (no. {5}); `kpi plan corrections -p {6}` "
    "shows why": (
        "предложено исправить план: {0}, {1} {2}, {3} → {4} (№ {5}); почему, покажет `kpi plan corrections -p {6}`"
    ),
    "targets are of a month such as 2026-10, not of {0}": "цели ставят на месяц, например 2026-10, а не на {0}",
    "advice is for a month such as 2026-10, not for {0}": "рекомендации бывают на месяц, например 2026-10, а не на {0}",
    "{0}: nobody won anything in the months before {1}; not read yet? kpi sync": (
        "{0}: в месяцы до {1} никто ничего не выиграл; может быть, ещё не читали? kpi sync"
    ),
    "{0}: user {1} sold nothing and was asked nothing; there are: {2}": (
        "{0}: user {1} ничего не продал, и обращений у него не было; есть: {2}"
    ),
    "factor: {0} is none; there are: {1}": "factor: {0} — такого нет; есть: {1}",
    "value: {0} is a share between 0 and 1 (leads a day and size: above 0), not {1}": (
        "value: {0} — доля от 0 до 1 (обращения в день и размер: больше 0), а не {1}"
    ),
    "there is no task {0}; `kpi feedback list` shows them all": "задачи {0} нет; все показывает `kpi feedback list`",
    "{0} says of {1} that the data is wrong: {2}": "{0} говорит о {1}: данные неверны: {2}",
    # contests
    "one of --fact, --deal, --call and --lead": "одно из --fact, --deal, --call и --lead",
    "either a fact by its key or a record (deal, call, lead), one of the two": (
        "либо факт по ключу, либо запись (сделка, звонок, обращение), одно из двух"
    ),
    "{0}: nothing of that is in the numbers of {1}; `kpi explain --json` names facts": (
        "{0}: в числах {1} ничего такого нет; факты показывает `kpi explain --json`"
    ),
    "{0}: it is in the numbers of {1}, not of {2}": "{0}: это в числах {1}, а не {2}",
    "fact {0}: no such key; `kpi explain --json` names them": (
        "факт {0}: такого ключа нет; ключи показывает `kpi explain --json`"
    ),
    "kind {0} is unknown; there are: {1}": "вид фактов {0} неизвестен; есть: {1}",
    "contest {0}: there is nothing of {1} in it to part from the rest": (
        "спор {0}: в нём нет ничего из {1}, что можно отделить от остального"
    ),
    "{0}: it counts nowhere already ({1}); {2}": "{0}: это и так нигде не учтено ({1}); {2}",
    "a new decision over the earlier contest undoes that": "отменит это новое решение по прежнему спору",
    "mend it in the CRM": "исправьте в CRM",
    "a reason is missing: say what is wrong with the record": "не названа причина: скажите, что в записи не так",
    "contest {0}: a reason is missing; it stays in the history": (
        "спор {0}: не названа причина; она останется в истории"
    ),
    "contest {0}: it is {1}; only a head's new decision changes that": (
        "спор {0}: он уже {1}; изменит это только новое решение руководителя"
    ),
    "contest {0}: there is none of this account; `kpi contest list` names them": (
        "спор {0}: в этом аккаунте такого нет; все показывает `kpi contest list`"
    ),
    "open": "открыт",
    "accepted": "принят",
    "declined": "отклонён",
    "withdrawn": "отозван",
    "approved": "принято",
    "overtaken": "устарело",
    "{0}: contested on its card, and cannot be: {1}": "{0}: оспорено на карточке, а нельзя: {1}",
    "kept, not derived yet: {0}": "сохранено, но ещё не пересчитано: {0}",
    "{0} is no user of this account": "{0} — не из этого аккаунта",
    "{0} is not active in the CRM any more": "{0} больше не активен в CRM",
    "only {0} may do that: it is in his numbers": "это может только {0}: речь о его числах",
    "{0} cannot decide over his own numbers; {1}": "{0} не может решать о собственных числах; {1}",
    "{0} does not lead {1}; {2}": "{0} не руководит: {1}; {2}",
    "it is for {0}": "решает {0}",
    "nobody leads him, and there is no administrator": "над ним нет руководителя, и администратора нет",
    # other commands
    "--fleet serves all accounts of the configuration: leave --account out": (
        "--fleet обслуживает все аккаунты конфигурации: уберите --account"
    ),
    "the second run wrote into a quiet CRM": "второй запуск что-то записал в CRM, где ничего не менялось",
    "{0}: exists already; left as it is": "{0}: уже есть; оставлен как был",
    "--env {0}: this program's own, never sent to a CRM": (
        "--env {0}: принадлежит этой программе, в CRM не отправляется"
    ),
    "the backup holds {0}, and the configuration has {1}: not one account in common": (
        "в копии {0}, в конфигурации {1}: ни одного общего аккаунта"
    ),
    "{0} is {1} in the backup and {2} in the configuration": "{0} в копии — {1}, в конфигурации — {2}",
    "{0} is account {1} at {2} in the backup and {3} at {4} in the database": (
        "{0} в копии — аккаунт {1} на {2}, в базе — {3} на {4}"
    ),
    "{0} is at {1} in the backup and at {2} in the configuration": "{0} в копии живёт на {1}, в конфигурации — на {2}",
    "restore: nothing was replaced; name the backup or the configuration that is meant, or say --other-accounts": (
        "restore: ничего не заменено; назовите нужную копию или конфигурацию либо добавьте --other-accounts"
    ),
    "erase: say --reason, such as the date of the person's request: it stands in the record": (
        "erase: назовите --reason, например дату обращения человека: она войдёт в запись"
    ),
    "say --client contact:701 or --user 501, one of them": "назовите --client contact:701 или --user 501, одно из двух",
    "{0}: there is no {1} here (contact:…, company:… or user:…)": (
        "{0}: {1} здесь нет (contact:…, company:… или user:…)"
    ),
    "[web] address: left out; say where people reach the pages, or give --address": (
        "[web] address: не указан; напишите, где люди открывают страницы, или дайте --address"
    ),
    "[web] address: left out, and every line of a letter leads there": (
        "[web] address: не указан, а каждая строка письма ведёт туда"
    ),
    "{0}: no [account.digest], so nobody gets letters": "{0}: нет [account.digest], поэтому писем никто не получает",
    "{0}: digest.to: {1} is {2}": "{0}: digest.to: {1}: {2}",
    "{0} by {1}: {2}": "{0}, {1}: {2}",
    "{0}: hooks need [web] address, where the CRM reaches this program": (
        "{0}: хукам нужен [web] address, по которому CRM достучится до программы"
    ),
    "[web] address is not set, so the CRM has nowhere to call; write how this program is reached from outside, such as "
    'address = "https://kpi.acme.ru", into [web] of {0}': (
        "[web] address не задан, CRM некуда звонить; впишите, как программу видно снаружи, например "
        'address = "https://kpi.acme.ru", в [web] файла {0}'
    ),
    "{0}: [web] address must be https:// for hooks: their secret is in it": (
        "{0}: для хуков [web] address должен быть https://: в нём их секрет"
    ),
    "{0}: run {1} wrote nothing; `kpi runs` lists the runs": (
        "{0}: запуск {1} ничего не записал; запуски показывает `kpi runs`"
    ),
    "{0}: there is no run {1}; `kpi runs` lists the runs": "{0}: запуска {1} нет; запуски показывает `kpi runs`",
    "{0}: run {1} is undone already, by run {2}": "{0}: запуск {1} уже отменён запуском {2}",
    "{0}: what run {1} wrote stands again by run {2}; to put it back: `kpi undo {3}`": (
        "{0}: записанное запуском {1} снова стоит после запуска {2}; чтобы вернуть прежнее: `kpi undo {3}`"
    ),
    "{0}: no drift {1} waits; there are: {2}": "{0}: изменение {1} подтверждения не ждёт; есть: {2}",
    'writeback.{0} = "off" in the configuration; only the file opens it': (
        'в конфигурации writeback.{0} = "off"; открыть можно только в файле'
    ),
    "--scope: {0} is none; there are: {1}": "--scope: {0} — такого нет; есть: {1}",
    "token: the name {0} is taken or empty; names stay taken when a token is revoked": (
        "token: имя {0} пустое или занято; имена остаются занятыми и после отзыва"
    ),
    "token: there is none called {0}; `kpi token list` names them": (
        "token: {0} — такого нет; все показывает `kpi token list`"
    ),
    "token: {0} was revoked already on {1}": "token: {0} уже отозван {1}",
    "none": "нет",
}
