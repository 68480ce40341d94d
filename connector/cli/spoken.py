"""The lines that commands answer with, in the language of the account that they speak of. Words only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.kpi.text import Language, Text

if TYPE_CHECKING:
    from connector.pipeline.bench import Workbench

LINES: dict[str, Text] = {
    "written": Text(
        "{path} записан. Впишите аккаунт и его ключ, потом: {check}",
        "{path} written. Fill in an account, set its token, then: {check}",
    ),
    "no_oauth": Text(
        "вход по ключу или вебхуку, подтверждать нечего", "uses a token or webhook, there is nothing to authorise"
    ),
    "open_link": Text("откройте {link}", "open {link}"),
    "code": Text("код или адрес, на который вас вернули", "code or address"),
    "authorised": Text("доступ есть; дальше: kpi check", "authorised; now: kpi check"),
    "new_rates": Text("новых курсов {n}; дальше: kpi sync", "{n} new rates; now: kpi sync"),
    "absences": Text(
        "новых записей {added}, отменено {ended}; дальше: kpi sync",
        "{added} new entries, {ended} taken back; now: kpi sync",
    ),
    "plan_versions": Text("новых версий планов {n}", "{n} new plan versions"),
    "transcripts_gone": Text("удалено расшифровок {n}", "{n} transcripts deleted"),
    "transcript_gone": Text("расшифровка звонка {call} удалена", "the transcript of call {call} is deleted"),
    "scored": Text("звонок {call} оценил {rater}: ответов {n}", "call {call} is scored by {rater}: {n} answers"),
    "drift_accepted": Text("принято {n}; дальше: kpi report", "{n} accepted; now: kpi report"),
    "letters_sent": Text("отправлено {n}", "{n} sent"),
    "no_letters": Text("писать некому", "nobody would get a letter"),
    "link_until": Text("{who}: сработает один раз, до {until}:", "{who}, works once, until {until}:"),
    "ended": Text("завершено {n}", "{n} ended"),
    "destroy": Text(
        "уничтожить всё личное о {ref}? Вернуть будет нельзя",
        "destroy everything personal about {ref}? It cannot be undone",
    ),
    "destroyed": Text("{ref}: стёрто ({rows}); запись {mark}", "{ref} erased ({rows}); record {mark}"),
    "nothing_kept": Text("ни имени, ни телефона не хранилось", "no name or phone was kept"),
    "backups_hold": Text(
        "старые копии ещё хранят эти данные: после kpi restore они будут стёрты снова",
        "older backups hold the data still: restored by `kpi restore`, they are erased again",
    ),
    "nothing_old": Text("ничего не устарело", "nothing was too old"),
    "unready": Text(
        "ничего не пишется, пока не дочитано: {kinds}; дальше: kpi sync",
        "nothing is written until these are read to their end: {kinds}; now: kpi sync",
    ),
    "wrote": Text("запуск {run} записал: {what}", "run {run} wrote: {what}"),
    "undo_returns": Text(
        "запуск {run} от {at}: вернутся значения, что были до него: {what}",
        "run {run} of {at}: the values of before it return: {what}",
    ),
    "undo_undoes": Text(
        "запуск {run} от {at} отменил запуск {of}; вернётся записанное запуском {of}: {what}",
        "run {run} of {at} undid run {of}; what run {of} wrote returns: {what}",
    ),
    "undo_none": Text("запуск {run} от {at}: возвращать нечего", "run {run} of {at}: nothing returns"),
    "undo_completed": Text(
        "задачи, завершённые запуском {run}, останутся завершёнными, заново они не открываются: {n}",
        "tasks that run {run} closed stay closed, they are not opened again: {n}",
    ),
    "undo_kept": Text("позже записано снова и останется как есть: {n}", "written again later, left as it is: {n}"),
    "undo_ask": Text("вернуть там, где с тех пор никто не менял?", "put it back where nobody changed it since?"),
    "undone": Text(
        "запуск {run} отменён запуском {by}: снова стоят значения, что были до него",
        "run {run} is undone by run {by}: the values of before it stand again",
    ),
    "undone_undo": Text(
        "запуск {run}, отменявший запуск {of}, отменён запуском {by}: снова стоит записанное запуском {of}",
        "run {run}, which undid run {of}, is undone by run {by}: what run {of} wrote stands again",
    ),
    "found": Text("{name}: в CRM {what}", "{name} found: {what}"),
    "saw": Text("{name} увидела записей: {n}", "{name} saw {n} writes"),
    "company": Text(
        "Вымышленная компания: {what}; продавцов 8, руководителей 2, месяцев {months}",
        "A pretend company: {what}; 8 sellers, 2 heads, {months} months",
    ),
    "answers_at": Text("{name} отвечает на {address}", "{name} answers at {address}"),
    "its_clock": Text("{name} отвечает на {address} (её часы: {at})", "{name} answers at {address} (its clock: {at})"),
    "stop_it": Text("Ctrl-C остановит", "Ctrl-C stops it"),
    "again": Text("Второй запуск, в CRM ничего не менялось: {what}", "A second run on the quiet CRMs: {what}"),
    "writes_to": Text("записей в {name}", "writes to {name}"),
    "kept": Text(
        "Осталось в папке: {report} и другие команды, что читают базу; сами CRM остановлены",
        "Kept in the folder: {report} and the other commands that read the database; the CRMs themselves are gone",
    ),
    "took": Text("Готово за {seconds} с", "Done in {seconds} s"),
    "interrupted": Text(
        "остановлено; сохранённое остаётся, следующий запуск продолжит с этого места",
        "stopped; what was committed stays, the next run goes on from there",
    ),
    "stopping": Text(
        "останавливаемся после этой страницы; ещё раз — сразу",
        "stopping after the current page; once more ends at once",
    ),
    "surprise": Text("неожиданная ошибка {what}; пожалуйста, сообщите о ней", "unexpected {what}; please report it"),
    "revoked": Text("{name}: отозван", "{name}: revoked"),
    "backed_up": Text("копия сделана: {told}", "backed up: {told}"),
    "whole": Text("копия цела: {told}", "whole: {told}"),
    "restored": Text("восстановлено: {told}", "restored: {told}"),
    "backup_rows": Text(", строк {n}, таблиц {tables}", ", {n} rows in {tables} tables"),
    "backup_size": Text("{path} ({mb} МБ{rows})", "{path} ({mb} MB{rows})"),
    "aside": Text("прежняя база: {path}", "what stood there: {path}"),
    "aside_damaged": Text(
        "прежняя база не читалась, оставлена как есть: {path}",
        "what stood there could not be read, it is kept as it is: {path}",
    ),
    "not_opened": Text(
        "{name} не открыт: стёртые после копии люди в нём ещё есть, их уберёт первая команда, что его откроет ({why})",
        "{name} could not be opened: people erased since the backup are still in it, until a command opens it ({why})",
    ),
    "key_apart": Text(
        "ключа к её токенам в копии нет: храните kpi.key (или KPI_KEY) отдельно",
        "the key that opens its tokens is not in it: keep kpi.key (or KPI_KEY) elsewhere",
    ),
    "backup_account": Text("{name}: {provider}, {host}; {last}", "{name}: {provider}, {host}; {last}"),
    "backup_unmet": Text("к CRM ещё не подключался", "never met its CRM"),
    "backup_last": Text("последний запуск {at} UTC ({age} назад)", "last run {at} UTC ({age} ago)"),
    "backup_no_run": Text("ещё ничего не запускали", "nothing was run yet"),
    "backup_lacks": Text(
        "{name}: в копии его нет, kpi sync прочтёт его заново", "{name} is not in the backup: kpi sync reads it anew"
    ),
    "runs_again": Text(
        "номера запусков после {run} будут выданы снова: перед kpi undo сверьте номер с kpi runs",
        "numbers of runs after {run} are given again: look at kpi runs before kpi undo",
    ),
    "replace": Text("заменить базу на {name}?", "replace the database by {name}?"),
    "run_line": Text(
        "{name}: запуск {run}, {what}, {at}{took}: {counts}; {ended}",
        "{name}: run {run}, {what}, {at}{took}: {counts}; {ended}",
    ),
    "run_took": Text(", {seconds} с", ", {seconds} s"),
    "no_runs": Text("{name}: ещё ничего не запускали", "{name}: nothing was run yet"),
    "widget_made": Text(
        "{path}: версия {version}, {size} байт, для {there}", "{path}: version {version}, {size} bytes, for {there}"
    ),
    "widget_next": Text(
        "Загрузите его в amoCRM: интеграция, её настройки, Виджет; redirect URI на том же сервере.",
        "Upload it in amoCRM: the integration, its settings, Widget; redirect URI of the same host.",
    ),
    "hooks_line": Text(
        "{name}: хуки {state}; {last}; ждут: {waiting}", "{name}: hooks {state}; {last}; {waiting} wait"
    ),
    "hooks_on": Text("включены", "on"),
    "hooks_off": Text("выключены", "off"),
    "hooks_silent": Text("молчат", "silent"),
    "hooks_refused": Text("CRM отказала", "refused by the CRM"),
    "hooks_impossible": Text("невозможны", "not possible"),
    "hooks_last": Text("последний пришёл {at}", "the last one came {at}"),
    "hooks_never": Text("ещё ни одного не было", "none came yet"),
    "hooks_missed": Text("с тех пор чтение само нашло изменений: {n}", "{n} changes found by reading since then"),
    "hooks_far": Text(
        "[web] address не задан: CRM до нас не достучится", "[web] address is not set: the CRM cannot reach us"
    ),
    "month_young": Text(
        "{name}: показан {month}, в нём идёт {day}-й день; прошлый месяц: -p {past}",
        "{name}: {month} is shown, which is on its day {day}; the month before: -p {past}",
    ),
    "nothing": Text("ничего", "nothing"),
    "waiting": Text(
        "ждёт следующего kpi push (предел за раз, или ещё не время): {what}",
        "waiting for the next kpi push (caps of one, or their time has not come): {what}",
    ),
    "previewed": Text(
        "показано, не записано: {what}; kpi push --preview", "in preview, not written: {what}; kpi push --preview"
    ),
    "no_task": Text("нет задачи ({why}): {who}", "no task ({why}): {who}"),
    "wishes": Text("карточек и задач к записи: {n}", "cards and tasks to write: {n}"),
}


def line(key: str, language: Language, **values: object) -> str:
    """One of them, filled in."""
    return LINES[key](language).format(**values)


def of(bench: Workbench, key: str, **values: object) -> str:
    """`ACCOUNT: …` in the account's own language."""
    return f"{bench.settings.name}: {line(key, bench.settings.language, **values)}"
