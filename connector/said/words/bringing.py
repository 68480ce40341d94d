"""Files that are brought: facts, rates, absences, plans; what is wrong with a line of them. Words only."""

from __future__ import annotations

BRINGING: dict[str, str] = {
    "{0}: line {1}: {2}": "{0}: строка {1}: {2}",
    "line {0}: {1}": "строка {0}: {1}",
    "line {0}": "строке {0}",
    "nothing was taken": "ничего не взято",
    "the first line must name the columns {0}; {1} missing": "первая строка называет столбцы {0}; не хватает: {1}",
    "the first line must name the columns {0}; it has {1}": "первая строка называет столбцы {0}; в ней {1}",
    "user, team or company, kpi, period, value": "user, team или company, kpi, period, value",
    "the file is no CSV from here on ({0}); nothing was taken": "дальше файл не CSV ({0}); ничего не взято",
    "more than {0} lines; the rest was not read": "больше {0} строк; остальные не прочитаны",
    "more than {0} rows at once; send the rest in another call": "больше {0} строк за раз; остальные пришлите отдельно",
    "not UTF-8 ({0} at byte {1})": "не UTF-8 ({0}, байт {1})",
    "no JSON ({0})": "не JSON ({0})",
    # what a system says of a file or an address
    "No such file or directory": "такого файла или папки нет",
    "Permission denied": "не хватает прав",
    "Is a directory": "это папка, а не файл",
    "Not a directory": "на пути к нему файл вместо папки",
    "Address already in use": "адрес и порт заняты",
    "Cannot assign requested address": "у этой машины такого адреса нет",
    # absences and rates
    "{0} of {1} stands in line {2} already": "{0}, {1}: уже есть в строке {2}",
    "kind {0} is none of vacation, sick, other, hired, left (отпуск, больничный, …)": (
        "kind {0}: нужен vacation, sick, other, hired или left (отпуск, больничный, …)"
    ),
    "{0} is one day; leave the second date empty": "{0} — один день; вторую дату оставьте пустой",
    "{0} of {1} stands in line {2} with another rate": "{0} за {1}: в строке {2} другой курс",
    "currency {0} is no code such as USD": "currency {0} — не код вроде USD",
    "{0} is no day such as 2026-09-01 or 01.09.2026": "{0} — не день вроде 2026-09-01 или 01.09.2026",
    "{0} for {1} units is no rate above 0": "{0} за {1} единиц — не курс больше 0",
    "{0} is the account's own currency: its rate is one": "{0} — валюта самого аккаунта: её курс единица",
    "the table of rates has a document type of its own; it was not read": (
        "у таблицы курсов собственный тип документа; она не прочитана"
    ),
    "the answer is no table of rates: ValCurs with a Date is missing": "ответ — не таблица курсов: нет ValCurs с Date",
    "the table of rates is no XML ({0})": "таблица курсов — не XML ({0})",
    "{0}: no [account.rates_from] is configured, so nobody may be asked": (
        "{0}: не указан [account.rates_from], спрашивать некого"
    ),
    "no rates from {0}: {1}": "нет курсов от {0}: {1}",
    "the table for {0} holds no rates of that day": "в таблице за {0} нет курсов этого дня",
    "check account.rates_from.url": "проверьте account.rates_from.url",
    "the address of the rates answered {0}": "адрес курсов ответил {0}",
    "absences of the CRM: {0}": "отсутствия из CRM: {0}",
    # facts
    "key {0} stands in {1} already": "ключ {0} уже есть в {1}",
    "{0} {1} is not {2}": "{0} {1}: ожидается {2}",
    "a text of at most {0} signs in one line": "текст не длиннее {0} знаков в одну строку",
    "one of {0}": "одно из {0}",
    "a day or moment such as 2026-09-20, 20.09.2026 14:30 or 2026-09-20T14:30:00+03:00": (
        "день или момент вроде 2026-09-20, 20.09.2026 14:30 или 2026-09-20T14:30:00+03:00"
    ),
    "over yet: it lies in the future": "прошлое: это ещё в будущем",
    "anybody's id or name": "чьё-нибудь id или имя",
    "one person's name; give the id: {0}": "имя одного человека; назовите id: {0}",
    "a deal that this account knows": "сделка, известная этому аккаунту",
    "a client that this account knows": "клиент, известный этому аккаунту",
    "one client: {0}": "один клиент: {0}",
    "a currency such as RUB": "валюта вроде RUB",
    "a part of 1 (0.8, 80 %, yes, no), or points with how many there are in items": (
        "часть единицы (0.8, 80 %, yes, no) или баллы, а их число в items"
    ),
    "a number": "число",
    "a number above 0": "число больше 0",
    "an amount {0} in {1} (the column currency names another one)": (
        "сумма {0} в {1} (другую валюту называет столбец currency)"
    ),
    "from 0 on": "от 0",
    "above 0": "больше 0",
    "key is missing: it names the row, so that the same row again is the same": (
        "нет key: он называет строку, чтобы та же строка ещё раз была той же"
    ),
    "{0} is missing: a {1} needs it": "нет {0}: для {1} он нужен",
    "{0} {1} says nothing of a {2}": "{0} {1} ничего не говорит о {2}",
    "user is missing: somebody was trained": "нет user: кого-то же обучали",
    "neither user nor deal: it would be credited to nobody": "нет ни user, ни deal: не зачлось бы никому",
    "key {0} is a {1} already: keys are unique whatever they name": (
        "ключ {0} уже занят ({1}): ключи не повторяются, что бы они ни называли"
    ),
    "number {0} of {1} items is more than all, or less than none": "number {0} из {1}: больше всех или меньше нуля",
    "{0}: no import ever brought a row with the key {1}": "{0}: ни одна загрузка не приносила строку с ключом {1}",
    # plans
    "account.plan no. {0}: {1}": "account.plan № {0}: {1}",
    "plan: {0}": "план: {0}",
    "{0} {1} {2} stands in {3} already": "{0} {1} {2} уже есть в {3}",
    "a user, a team or the company, one of them": "человек, команда или компания, одно из трёх",
    "period {0} is no month such as 2026-09": "period {0} — не месяц вроде 2026-09",
    "value {0} is no number from 0 on": "value {0} — не число от 0",
}
