"""The words of imports and tokens. Words only."""

from __future__ import annotations

from connector.kpi.text import Text

COUNTS = {
    "new": Text("новых", "new"),
    "changed": Text("изменено", "changed"),
    "same": Text("уже были", "known already"),
    "known": Text("строк уже было", "rows known already"),
    "gone": Text("строк убрано", "rows gone"),
    "restored": Text("возвращено к прежнему", "as before it"),
    "kept": Text("держат более поздние загрузки", "held by later imports"),
    "dossiers": Text("пересчитано клиентов", "clients derived"),
    "facts_added": Text("фактов добавлено", "facts added"),
    "facts_ended": Text("снято", "ended"),
}
IGNORED = Text(
    "{file}: столбцы, которые здесь ничего не значат, пропущены: {columns}",
    "{file}: columns that mean nothing here were ignored: {columns}",
)
WOULD = Text("{name}: было бы взято: {what}; ничего не сохранено", "{name}: would take {what}; nothing was stored")
NOTHING_NEW = Text("{name}: нового нет: {what}", "{name}: nothing new: {what}")
TAKEN = Text("{name}: загрузка {id}: {what}", "{name}: import {id}: {what}")
UNDONE = Text("{name}: загрузка {id} отменена: {what}", "{name}: import {id} undone: {what}")
IMPORT = Text("{name}: загрузка {id}, {at}, {author}, {told}", "{name}: import {id}, {at}, {author}, {told}")
UNDONE_BY = Text("; отменил(а) {who} {at}", "; undone {at} by {who}")
NO_IMPORTS = Text("{name}: ничего не загружали", "{name}: nothing was imported")
SHOWN_ONCE = Text(
    "{name}: показан один раз; храните там, где секреты", "{name}: this is shown once; keep it where secrets are kept"
)
TOKENS = (
    Text("Имя", "Name"),
    Text("Для чего", "Scope"),
    Text("Аккаунт", "Account"),
    Text("Создан, UTC", "Created, UTC"),
    Text("Отозван, UTC", "Revoked, UTC"),
)
ALL = Text("все", "all")
PARTS = {
    "user": Text("user {value}", "user {value}"),
    "paid": Text("оплачено {value}", "paid {value}"),
    "number": Text("число {value}", "number {value}"),
    "of": Text("из {value}", "of {value}"),
    "due": Text("срок {value}", "due {value}"),
}
