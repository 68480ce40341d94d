"""What is wrong in the configuration. Words only."""

from __future__ import annotations

CONFIGURING: dict[str, str] = {
    "{0}: there is no such file; `kpi init` writes a commented one": (
        "{0}: такого файла нет; `kpi init` запишет файл с пояснениями"
    ),
    "{0}: there is no *.toml file in this folder": "{0}: в этой папке нет файлов *.toml",
    "{0}: brackets are nested too deeply": "{0}: скобки вложены слишком глубоко",
    "the environment variable {0} is missing or empty: export {1}=…": (
        "переменная окружения {0} не задана или пуста: export {1}=…"
    ),
    "the file {0} is missing or empty": "файла {0} нет, или он пуст",
    "the configuration names no account: add an [[account]] section": (
        "в конфигурации нет ни одного аккаунта: добавьте раздел [[account]]"
    ),
    "{0} is no pretend CRM; there are: {1}": "ненастоящей CRM {0} нет; есть: {1}",
    "{0} is not known; amocrm, bitrix24, or a dotted module": (
        "{0} не известен; нужен amocrm, bitrix24 или модуль через точку"
    ),
    "rules.sales_pipelines: {0} is no pipeline; the CRM has: {1}": (
        "rules.sales_pipelines: {0} — не воронка; в CRM есть: {1}"
    ),
    "rules: {0}": "rules: {0}",
    "account.kpi.{0}: {1}": "account.kpi.{0}: {1}",
    "{0} stands twice": "{0} указано дважды",
    "{0} stands {1} times": "{0} указано раз: {1}",
    "account.name: {0} stands in {1} and in {2}": "account.name: {0} есть и в {1}, и в {2}",
    "[{0}] stands in {1}: keep one": "[{0}] есть в {1}: оставьте один",
    "the plan for {0} of {1} needs a user, a team or company = true": (
        "плану по {0} за {1} нужен user, team или company = true"
    ),
    "two plans for {0} of {1} are for the same subject": "два плана по {0} за {1} — об одном и том же",
    "there is no such key": "такого ключа нет",
    "there is no such key; allowed are {0}": "такого ключа нет; можно: {0}",
    "there is no such key, {0} perhaps; allowed are {1}": "такого ключа нет, возможно, {0}; можно: {1}",
    # what pydantic says
    "Field required": "обязательное поле",
    "Input should be {0}": "ожидается {0}",
    "Input should be a valid string": "нужна строка",
    "Input should be a valid integer": "нужно целое число",
    "Input should be a valid number": "нужно число",
    "Input should be a valid boolean": "нужно true или false",
    "Input should be a valid boolean, unable to interpret input": "нужно true или false",
    "Input should be a valid decimal": "нужно число",
    "Input should be a valid list": "нужен список",
    "Input should be a valid tuple": "нужен список",
    "Input should be a valid dictionary": "нужна таблица",
    "Input should be a valid dictionary or instance of {0}": "нужна таблица {0}",
    "Input should be a valid integer, unable to parse string as an integer": "нужно целое число",
    "Input should be a valid number, unable to parse string as a number": "нужно число",
    "Input should be greater than {0}": "нужно больше {0}",
    "Input should be greater than or equal to {0}": "нужно не меньше {0}",
    "Input should be less than {0}": "нужно меньше {0}",
    "Input should be less than or equal to {0}": "нужно не больше {0}",
    "Tuple should have at least {0} item after validation, not {1}": "нужно хотя бы {0}, а здесь {1}",
    "Tuple should have at least {0} items after validation, not {1}": "нужно хотя бы {0}, а здесь {1}",
    "String should have at least {0} character": "нужен хотя бы один знак",
    "String should have at least {0} characters": "нужно знаков не меньше {0}",
    "String should have at most {0} characters": "нужно знаков не больше {0}",
    "String should match pattern {0}": "нужно по образцу {0}",
    "one of {0}": "одно из: {0}",
    # what TOML cannot read
    "this is no TOML: {0}": "это не TOML: {0}",
    "these letters are not UTF-8: save the file as UTF-8": "эти буквы не в UTF-8: сохраните файл в UTF-8",
    'this is no value: text stands in quotes, such as name = "moscow", numbers, true, false without': (
        'это не значение: текст пишут в кавычках, например name = "moscow", числа, true и false — без них'
    ),
    'a line is a [section], a key = "value", or a # comment': (
        'строка — это [раздел], ключ = "значение" или # пояснение'
    ),
    "a key is of Latin letters, digits, _ and -, any other stands in quotes": (
        "ключ — из латинских букв, цифр, _ и -, любой другой пишут в кавычках"
    ),
    'a key is followed by = and its value, such as name = "moscow"': (
        'за ключом идут = и значение, например name = "moscow"'
    ),
    "the line goes on after its value: each key has a line of its own": (
        "после значения строка продолжается: каждый ключ — на своей строке"
    ),
    "the name of a section ends with ], such as [store] or [[account]]": (
        "имя раздела кончается на ], например [store] или [[account]]"
    ),
    "this section stands in the file already: join the two": "такой раздел в файле уже есть: соедините их",
    "this key stands in its section already: keep one": "такой ключ в разделе уже есть: оставьте один",
    "a list is not closed: ] is missing": "список не закрыт: не хватает ]",
    "a table in braces is not closed: its closing brace is missing": (
        "таблица в фигурных скобках не закрыта: не хватает скобки"
    ),
    'a text is not closed: " is missing': 'текст не закрыт: не хватает "',
    "a text that begins with three quotes ends with three": "текст, начатый тремя кавычками, ими и кончается",
    'a text is not closed on its line: " is missing': 'текст не закрыт на своей строке: не хватает "',
    "a \\ in a text is written twice, or the text stands in single quotes": (
        "знак \\ в тексте пишут дважды, или сам текст — в одинарных кавычках"
    ),
    'no such day or time, in quotes, such as "2026-09-30", it is a text': (
        'нет такого дня или времени, а в кавычках, например "2026-09-30", это текст'
    ),
    # our own checks
    "up to 40 Latin letters, digits, dots, dashes or underscores, such as moscow": (
        "до 40 латинских букв, цифр, точек, дефисов или подчёркиваний, например moscow"
    ),
    "small Latin letters, digits, _, a letter first, such as long_call_share": (
        "строчные латинские буквы, цифры, _, первой буква, например long_call_share"
    ),
    "the name of a mail server, such as smtp.acme.ru": "имя почтового сервера, например smtp.acme.ru",
    "https:// and a host, such as https://api.telegram.org (or http://127.0.0.1:PORT)": (
        "https:// и сервер, например https://api.telegram.org (или http://127.0.0.1:PORT)"
    ),
    'the number of a chat in quotes, such as "123456789"': 'номер чата в кавычках, например "123456789"',
    "an address such as https://kpi.example.ru, without a query": (
        "адрес вроде https://kpi.example.ru, без параметров"
    ),
    "an IP address or a network, such as 10.0.0.0/8": "IP-адрес или сеть, например 10.0.0.0/8",
    'a currency in three capital letters, such as "RUB"': 'валюта тремя заглавными буквами, например "RUB"',
    "a mail address such as kpi@acme.ru": "почтовый адрес вроде kpi@acme.ru",
    'a month such as "2026-09"': 'месяц вроде "2026-09"',
    "the part of the address before .amocrm.ru, such as acme": "часть адреса перед .amocrm.ru, например acme",
    'a kind of facts such as "win", or {{ of = "win", where = ["amount > 0"] }}': (
        'вид фактов, например "win", или {{ of = "win", where = ["amount > 0"] }}'
    ),
    'a text, or {{ ru = "…", en = "…" }}': 'текст или {{ ru = "…", en = "…" }}',
    '"days" (the days worked), {{ plan = "revenue" }}, or a measure such as {{ count = "call_out" }}': (
        '"days" (отработанные дни), {{ plan = "revenue" }} или мера вроде {{ count = "call_out" }}'
    ),
    'days, such as "60d", up to "{0}d"': 'дни, например "60d", до "{0}d"',
    "exactly one of {0}; {1} stands here": "ровно одно из {0}; здесь {1}",
    "an https:// address without a query, such as https://www.cbr.ru/scripts/XML_daily.asp": (
        "адрес https:// без параметров, например https://www.cbr.ru/scripts/XML_daily.asp"
    ),
    'a country of the holidays library, such as "RU"; "" for none': (
        'страна из библиотеки holidays, например "RU"; "" — без праздников'
    ),
    'a time span such as "30s", "5m", "2h" or "1d"': 'промежуток времени, например "30s", "5m", "2h" или "1d"',
    'a time of day such as "03:30"': 'время дня, например "03:30"',
    "{0} is not a date such as 2026-12-31": "{0} — не дата вроде 2026-12-31",
    'opening before closing, such as "09:00-18:00"': 'открытие раньше закрытия, например "09:00-18:00"',
    "{0}: opening before closing, such as 09:00-18:00": "{0}: открытие раньше закрытия, например 09:00-18:00",
    "{0}: no holidays known; an ISO country code such as RU, KZ or BY": (
        "{0}: праздники неизвестны; нужен код страны ISO, например RU, KZ или BY"
    ),
    "a zone of the IANA database, such as Europe/Moscow": "пояс из базы IANA, например Europe/Moscow",
    "sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE": (
        "sqlite:///ФАЙЛ или postgresql+psycopg://USER@HOST/DATABASE"
    ),
    'HOST:PORT, such as "127.0.0.1:8800"': 'HOST:PORT, например "127.0.0.1:8800"',
    "security none is for a server on this machine only": "security none — только для сервера на этой машине",
    "user and password, both or neither": "user и password: оба или ни одного",
    "to {0}: an email with [smtp], or a chat with [telegram]": "to {0}: почта при [smtp] или чат при [telegram]",
    "an address such as http://127.0.0.1:8080/v1, without a query": (
        "адрес вроде http://127.0.0.1:8080/v1, без параметров"
    ),
    "a host such as records.example.ru, or *.example.ru": "имя сервера вроде records.example.ru или *.example.ru",
    "base_url is another machine: set remote = true to let masked transcripts go there": (
        "base_url — другая машина: поставьте remote = true, и замаскированные расшифровки пойдут туда"
    ),
    "base_url of another machine must be https://": "base_url другой машины должен быть https://",
    "USER/SECRET, the two parts between /rest/ and the last slash of the webhook's address": (
        "USER/SECRET: две части адреса вебхука между /rest/ и последней косой чертой"
    ),
    "either webhook, or client_id and client_secret": "либо webhook, либо client_id и client_secret",
    "auth_server is one of {0}": "auth_server — один из {0}",
    "https:// and a host ending in {0} (or http://127.0.0.1:PORT)": (
        "https:// и сервер с окончанием {0} (или http://127.0.0.1:PORT)"
    ),
    "base_url or subdomain, one of them": "base_url или subdomain, одно из двух",
    "token, or client_id with client_secret and redirect_uri": (
        "token или client_id вместе с client_secret и redirect_uri"
    ),
}
