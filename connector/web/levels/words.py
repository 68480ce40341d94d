"""The words of switching what is written into the CRM. Words only."""

from __future__ import annotations

from connector import levels as written
from connector.kpi.text import Text


def _more(level: str, told: Text) -> Text:
    """The level's name and what it is about."""
    name = written.LEVELS[level]
    return Text(name.ru + told.ru, name.en + told.en)


LEVELS: dict[str, Text] = {
    "writeback": Text("Запись в CRM", "Writing into the CRM"),
    "level": Text("Уровень", "Level"),
    "written_task": Text("Задача", "Task"),
    "written_title": Text("название", "title"),
    "written_user": Text("кому", "for whom"),
    "written_due": Text("срок", "due"),
    "written_marker": Text("метка программы", "the program's mark"),
    "written_closed": Text("закрыта", "closed"),
    "would_look": Text("Что изменилось бы", "What would change"),
    "would_touch": Text("Сейчас изменилось бы", "Would change now"),
    "level_how": Text(
        "Режим из config.toml действует, пока его не переключат здесь. Если в файле off, включить уровень отсюда"
        " нельзя; если файл потом изменят, действует файл. Переключение действует со следующего запуска;"
        " выключенное перестаёт писать и посреди запуска, после начатой партии (до 50 записей). Изменения по одному:"
        " kpi push --preview.",
        "The mode of config.toml holds until it is switched here. Where the file says off, a level cannot be switched"
        " on from here; where the file is edited later, the file holds. A switch counts from the next run on; what is"
        " switched off stops within a running one too, after the batch on its way (up to 50 writes). The"
        " changes one by one: kpi push --preview.",
    ),
    "level_deal_fields": written.LEVELS["deal_fields"],
    "level_kpi_card": written.LEVELS["kpi_card"],
    "level_tasks": _more("tasks", Text(" руководителям и напоминания продавцам", " for heads, reminders for sellers")),
    "level_contests": _more(
        "contests", Text(": галочка и текст на карточке сделки", ": a box and a text on deal cards")
    ),
    **{f"setting_{code}": told for code, told in written.SETTINGS.items()},
    "by_file": Text("так в config.toml", "as config.toml says"),
    "by_person": Text("переключено: {who}, {at}", "switched by {who}, {at}"),
    "level_barred": Text("config.toml держит этот уровень выключенным", "config.toml holds this level off"),
    "level_switch": Text("Переключить", "Switch"),
    "level_to": Text("Новый режим", "New mode"),
    "level_sure": Text(
        "Понимаю: «пишет в CRM» меняет карточки и задачи в CRM. Отменить запись можно: kpi undo.",
        "I understand: “on” changes cards and tasks in the CRM. What was written can be put back: kpi undo.",
    ),
    "level_unsure": Text(
        "Ничего не переключено: отметьте, что понимаете, что произойдёт.",
        "Nothing was switched: tick that you understand what will happen.",
    ),
    "level_refused": Text(
        "Ничего не переключено: в config.toml этот уровень выключен; открыть его может только файл.",
        "Nothing was switched: config.toml holds this level off; only the file can open it.",
    ),
    "level_undo": Text("Отмена", "Undo"),
    "wish_planned": Text("ждёт", "waits"),
    "wish_approved": Text("одобрено", "approved"),
    "wish_sending": Text("отправляется", "being sent"),
    "wish_done": Text("записано", "written"),
    "wish_noop": Text("уже так", "was so already"),
    "wish_conflict": Text("изменено человеком", "changed by a person"),
    "wish_rejected": Text("отвергнуто CRM", "refused by the CRM"),
    "wish_retry": Text("повторим", "tried again later"),
    "wish_unknown": Text("неизвестно, дошло ли", "not known whether it arrived"),
    "wish_dead": Text("брошено после повторов", "given up after retries"),
    "wish_undone": Text("отменено", "put back"),
    "run_sync": Text("чтение", "sync"),
    "run_sweep": Text("сверка удалений", "sweep"),
    "run_push": Text("запись", "push"),
    "run_undo": Text("отмена записи", "undo"),
    "run_hooks": Text("события CRM", "hooks"),
    "run_score": Text("оценка разговоров", "scoring"),
    "run_import": Text("загрузка", "import"),
    "run_contest": Text("решение по спору", "contest"),
    "run_restore": Text("восстановление из копии", "restore"),
    "run_erase": Text("стирание личных данных", "erase"),
    "run_digest daily": Text("письма за день", "daily letters"),
    "run_digest weekly": Text("письма за неделю", "weekly letters"),
    "level_audit": Text("Кто переключал", "Who switched"),
}
