"""The words of check, status and sync. Words only."""

from __future__ import annotations

from connector.kpi.text import Language, Text

_WORDS: dict[str, Text] = {
    "account": Text("аккаунт", "account"),
    "account_told": Text(
        "{name} ({id}), {host}; часовой пояс {zone}; валюта {currency}",
        "{name} ({id}) at {host}; zone {zone}; currency {currency}",
    ),
    "clock": Text("часы", "clock"),
    "clock_told": Text("часы CRM {skew} от этой машины{far}", "the CRM is {skew} from this machine{far}"),
    "clock_far": Text("; проверьте часы этой машины (NTP)", "; check this machine's clock (NTP)"),
    "reads": Text("читает", "reads"),
    "history": Text("история", "history"),
    "history_told": Text("ответственные {}, суммы {}, сроки {}", "owners {}, amounts {}, deadlines {}"),
    "exact": Text("точно", "exact"),
    "observed": Text("по наблюдению", "observed"),
    "writes": Text("пишет", "writes"),
    "nothing": Text("ничего", "nothing"),
    "add_task": Text("новые задачи", "new tasks"),
    "close_task": Text("закрытие задач", "closing of tasks"),
    "set_fields": Text("поля сделок", "deal fields"),
    "upsert_card": Text("карточки KPI", "KPI cards"),
    "limits": Text("пределы", "limits"),
    "not_known": Text("неизвестны", "not known"),
    "note": Text("заметка", "note"),
    "pipeline": Text("воронка", "pipeline"),
    "pipeline_told": Text(
        "{name} ({id}): этапов {stages}; выигрыш: {won}", "{name} ({id}): {stages} stages; won: {won}"
    ),
    "no_won": Text("нет", "none"),
    "people": Text("люди", "people"),
    "people_told": Text("{active} активных из {all}", "{active} active of {all}"),
    "fields": Text("поля", "fields"),
    "unset": Text("не задано", "not set"),
    "unset_told": Text(
        "[account.rules] {setting}: пока пусто, нет источника: {kpis}",
        "[account.rules] {setting}: while it is empty there is no source of {kpis}",
    ),
    "missing": Text("нет в CRM", "not there"),
    "problem": Text("проблема", "problem"),
    "error": Text("ошибка", "error"),
    "stream": Text("Поток", "Stream"),
    "as_of": Text("Данные на", "Data as of"),
    "rows": Text("Прочитано строк", "Rows read"),
    "trouble": Text("Проблема", "Problem"),
    "never": Text("ещё не читали", "never read"),
    "stale": Text(" (устарело)", " (stale)"),
    "daemon": Text(
        "работает kpi run: машина {host}, процесс {process}, с {since}",
        "kpi run is at work: host {host}, process {process}, since {since}",
    ),
    "daemons": Text(
        "внимание: kpi run работает на этом аккаунте не один ({n}); дважды ничего не делается, но лишний остановите",
        "attention: kpi run is at work {n} times on this account; nothing is done twice, but stop what is not meant",
    ),
    "run": Text("запуск {id} {what} {when}: {counts}; {told}", "run {id} {what} {when}: {counts}; {told}"),
    "ok": Text("всё хорошо", "ok"),
    "running": Text("идёт или оборван", "running or killed"),
    "outbox": Text("очередь записи: {what}", "outbox: {what}"),
    "dirty": Text("часть клиентов ждёт пересчёта: kpi sync", "some clients wait to be derived: kpi sync"),
    "notice": Text("извещение {code} {subject}: {text} (раз: {count})", "notice {code} {subject}: {text} (x{count})"),
    "all_kpis": Text("все {n}", "all {n}"),
    "some_kpis": Text("{n} из {all}", "{n} of {all}"),
    "numbers": Text("показатели, {when}: {which}", "numbers {when}: {which}"),
    "numbers_most": Text("показатели, {when}: {which}{rest}", "numbers {when}: {which} KPIs{rest}"),
    "all_but": Text(", кроме этих:", ", all but these:"),
    "old": Text("возраст {age}", "{age} old"),
    "unit_d": Text("дн.", "d"),
    "unit_h": Text("ч", "h"),
    "unit_min": Text("мин", "min"),
    "unit_s": Text("с", "s"),
    "synced": Text(
        "{name}: {rows}, запросов {requests}; пересчитано клиентов {dossiers}, фактов добавлено {added}, снято {ended}",
        "{name}: {rows} in {requests} requests; {dossiers} clients derived, {added} facts added, {ended} ended",
    ),
    "row_rows": Text("строк", "rows"),
    "row_changed": Text("новых и изменённых", "new or changed"),
    "row_gone": Text("удалено", "gone"),
    "refused": Text("; не прочитано строк {n}, подробнее kpi status", "; {n} rows could not be read, see kpi status"),
    "stopped": Text(
        " (остановлено по просьбе; следующий запуск продолжит)",
        " (stopped on request; the next run goes on from there)",
    ),
}


def word(key: str, language: Language, **values: object) -> str:
    """One of them, filled in."""
    told = _WORDS[key](language)
    return told.format(**values) if values else told


def known(code: str, language: Language) -> str:
    """A code in words; itself where there are none for it."""
    return _WORDS[code](language) if code in _WORDS else code
