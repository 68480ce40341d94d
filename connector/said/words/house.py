"""What `kpi doctor` finds. Words only."""

from __future__ import annotations

HOUSE: dict[str, str] = {
    "file modes": "права на файлы",
    "database": "база",
    "key": "ключ",
    "clock": "часы",
    "hooks": "хуки",
    "open files": "открытые файлы",
    "disk": "диск",
    "backup": "копии",
    "pages": "страницы",
    "versions": "версии",
    "PostgreSQL answers, schema {0}": "PostgreSQL отвечает, схема {0}",
    "SQLite is whole, schema {0}": "SQLite цела, схема {0}",
    "stop kpi, then: kpi restore BACKUP": "остановите kpi, потом: kpi restore КОПИЯ",
    "opens the {0} stored token pairs": "открывает сохранённые пары токенов ({0})",
    "this machine's clock is not the CRM's of {0} ({1})": "часы этой машины расходятся с часами CRM аккаунта {0} ({1})",
    "switch NTP on": "включите NTP",
    "within a minute of every CRM asked so far": "в пределах минуты от каждой CRM, которую спрашивали",
    "{0} wait": "ждут: {0}",
    "is `kpi run` running?": "работает ли `kpi run`?",
    "others may read {0}": "другие могут прочитать {0}",
    "database, key and journals are their owner's alone": "база, ключ и журналы доступны только владельцу",
    "others may change {0}": "другие могут изменить {0}",
    "everybody may write into {0}": "писать в {0} может кто угодно",
    "chmod 600 {0}": "chmod 600 {0}",
    "chmod go-w {0}": "chmod go-w {0}",
    "chmod o-w {0}": "chmod o-w {0}",
    "ulimit -n {0}": "ulimit -n {0}",
    "comes by KPI_KEY": "приходит через KPI_KEY",
    "{0} lies beside the database: whoever copies the folder has both": (
        "{0} лежит рядом с базой: кто скопирует папку, получит и то и другое"
    ),
    "set store.key_file to a place that backups of the folder do not take along, or use KPI_KEY": (
        "укажите в store.key_file место, которое не попадает в копии папки, или задайте KPI_KEY"
    ),
    "{0} is not there, and the database cannot be asked whether it was begun with a key": (
        "{0} нет, а спросить у базы, начата ли она с ключом, нельзя"
    ),
    "mend the database first, then run kpi doctor again": "сначала почините базу, затем снова запустите kpi doctor",
    "lies apart from the database, in {0}": "лежит отдельно от базы, в {0}",
    "at most {0}": "не больше {0}",
    "{0} GB free": "свободно {0} ГБ",
    "free at least 0.5 GB": "освободите хотя бы 0,5 ГБ",
    "{0} is on {1}: SQLite loses data there": "{0} лежит на {1}: SQLite там теряет данные",
    "use a disk of this machine": "возьмите диск этой машины",
    "kpi backup, every night": "kpi backup, каждую ночь",
    "the last one is of {0} UTC": "последняя от {0} UTC",
    "the last one in {0} is of {1}": "последняя в {0} от {1}",
    "there is none in {0}": "в {0} нет ни одной",
    "in clear: {0}": "открытым текстом: {0}",
    "write https://": "напишите https://",
    "every CRM is spoken to over TLS, or is on this machine": "со всеми CRM связь по TLS, или они на этой машине",
    "sign-ins are taken in clear on {0}": "вход на {0} идёт открытым текстом",
    "listen on 127.0.0.1 behind a proxy with TLS, and set web.address to its https:// address": (
        "слушайте на 127.0.0.1 за прокси с TLS и укажите в web.address его https://-адрес"
    ),
    "web.address is http://: sessions travel in clear": "web.address — http://: сессии идут открытым текстом",
    "set it to https://": "поставьте https://",
    "SQLite 3.35 is needed": "нужна SQLite 3.35",
}
