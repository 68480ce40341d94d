"""What is wrong in the configuration. Words only."""

from __future__ import annotations

CONFIGURING: dict[str, str] = {
    "{0}: there is no such file; `kpi init` writes a commented one": (
        "{0}: такого файла нет; `kpi init` запишет файл с пояснениями"
    ),
    "{0}: there is no *.toml file in this folder": "{0}: в этой папке нет файлов *.toml",
    "{0}: brackets are nested too deeply": "{0}: скобки вложены слишком глубоко",
    "{0}: {1}: the environment variable {2} is missing or empty": (
        "{0}: {1}: переменная окружения {2} не задана или пуста"
    ),
    "{0}: {1}: the file {2} is missing or empty": "{0}: {1}: файла {2} нет, или он пуст",
    "the configuration names no account: add an [[account]] section": (
        "в конфигурации нет ни одного аккаунта: добавьте раздел [[account]]"
    ),
    "provider: {0} is not known; amocrm, bitrix24, or a dotted module": (
        "provider: {0} не известен; нужен amocrm, bitrix24 или модуль через точку"
    ),
    "rules.sales_pipelines: {0} is no pipeline; the CRM has: {1}": (
        "rules.sales_pipelines: {0} — не воронка; в CRM есть: {1}"
    ),
    "rules: {0}": "rules: {0}",
    "account.kpi.{0}: {1}": "account.kpi.{0}: {1}",
    "account.name: {0} stands twice": "account.name: {0} указано дважды",
    "account.name: {0} stands {1} times": "account.name: {0} указано раз: {1}",
    "account.name: {0} stands in {1} and in {2}": "account.name: {0} есть и в {1}, и в {2}",
    "[{0}] stands in {1}: keep one": "[{0}] есть в {1}: оставьте один",
    "{0}: the plan for {1} of {2} needs a user, a team or company = true": (
        "{0}: плану по {1} за {2} нужен user, team или company = true"
    ),
    "{0}: two plans for {1} of {2} are for the same subject": "{0}: два плана по {1} за {2} — об одном и том же",
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
    "String should have at least {0} character": "нужен хотя бы один знак",
    "String should have at least {0} characters": "нужно знаков не меньше {0}",
    "String should have at most {0} characters": "нужно знаков не больше {0}",
    "String should match pattern {0}": "нужно по образцу {0}",
    # our own checks
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
