"""The lines that commands answer with, in the language of the account that they speak of. Words only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.kpi.text import Language, Text

if TYPE_CHECKING:
    from connector.pipeline.bench import Workbench

LINES: dict[str, Text] = {
    "written": Text(
        "{path} записан. Впишите аккаунт и его ключ, потом: kpi check",
        "{path} written. Fill in an account, set its token, then: kpi check",
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
    "link_until": Text("{who}: сработает один раз, до {until} UTC:", "{who}, works once, until {until} UTC:"),
    "ended": Text("завершено {n}", "{n} ended"),
    "no_address": Text("[web] address не задан", "[web] address is not set"),
    "destroy": Text(
        "уничтожить всё личное о {ref}? Вернуть будет нельзя",
        "destroy everything personal about {ref}? It cannot be undone",
    ),
    "destroyed": Text("{ref}: стёрто ({rows}); запись {mark}", "{ref} erased ({rows}); record {mark}"),
    "nothing_kept": Text("ничего не хранилось", "nothing was kept"),
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
    "nothing": Text("ничего", "nothing"),
    "waiting": Text("ждёт (пределы, или ещё не время): {what}", "waiting (caps, or their time has not come): {what}"),
    "previewed": Text(
        "показано, не записано: {what}; kpi push --preview", "in preview, not written: {what}; kpi push --preview"
    ),
    "no_task": Text("нет задачи о {who}: {why}", "no task about {who}: {why}"),
    "wishes": Text("карточек и задач к записи: {n}", "cards and tasks to write: {n}"),
}


def line(key: str, language: Language, **values: object) -> str:
    """One of them, filled in."""
    return LINES[key](language).format(**values)


def of(bench: Workbench, key: str, **values: object) -> str:
    """`ACCOUNT: …` in the account's own language."""
    return f"{bench.settings.name}: {line(key, bench.settings.language, **values)}"
