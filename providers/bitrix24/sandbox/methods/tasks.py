"""tasks.task.*: asked in UPPER_CASE, answered in camelCase text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from providers.bitrix24.sandbox.answers import RestError, Result
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.filters import read_moment, split
from providers.bitrix24.sandbox.listing import order_of
from providers.bitrix24.sandbox.methods.registry import method
from providers.bitrix24.sandbox.php import listed, whole
from providers.bitrix24.sandbox.rows import TaskRow

DONE = 5
_RENAMED = {"TAG": "TAGS"}


def _refused(text: str) -> RestError:
    """Tasks give their texts with markup and a code of no meaning."""
    return RestError("ERROR_CORE", f"{text}<br>")


@method("tasks.task.list", "task")
def task_list(call: Call) -> Result:
    """Newest first unless asked otherwise; UF_CRM_TASK only where selected by name."""
    view = call.shelf.tasks()
    order = order_of(call.params.map("order")) or (("ID", True),)
    if any(name not in view.columns for name, _ in order):
        raise RestError("0", "Invalid sorting key (internal error)")
    found = call.paged(call.portal.tasks, view, conditions=_conditions(call), order=order, names=_names(call))
    found.value = {"tasks": found.value}
    return found


def _conditions(call: Call) -> dict[str, Any]:
    """TAG asks for one tag of many; a meta-status is asked as STATUS with a negative number."""
    conditions = dict(call.params.map("filter"))
    tag = conditions.pop("TAG", None)
    if tag is not None:
        tagged = [t.id for t in call.portal.tasks.rows.values() if set(map(str, listed(tag))) & set(t.tags)]
        conditions["@ID"] = tagged or [0]
    for key in [key for key in conditions if split(key)[1] == "STATUS" and whole(conditions[key]) == -1]:
        del conditions[key]
        conditions |= {"<DEADLINE": call.now(), "!REAL_STATUS": DONE}
    return conditions


def _names(call: Call) -> tuple[str, ...]:
    view = call.shelf.tasks()
    return view.names([_RENAMED.get(str(name), str(name)) for name in call.params.list("select")] or ["*"])


def _shown(call: Call, task: TaskRow) -> Result:
    names = call.shelf.tasks().names(["*", "UF_*"])
    return Result({"task": call.one(call.portal.tasks, call.shelf.tasks(), task.id, names)})


def _task(call: Call) -> TaskRow:
    task = call.portal.tasks.get(call.params.number("taskId", call.params.number("id", 0)))
    if task is None:
        raise RestError("1048582", "TASKS_ERROR_EXCEPTION_#8; Задача не найдена или недоступна; 8/TE/ACTION_FAILED")
    return task


@method("tasks.task.get", "task")
def task_get(call: Call) -> Result:
    """One task."""
    task = _task(call)
    return Result({"task": call.one(call.portal.tasks, call.shelf.tasks(), task.id, _names(call))})


@method("tasks.task.add", "task")
def task_add(call: Call) -> Result:
    """A new task; nothing keeps a client from making it twice."""
    fields = {key.upper(): value for key, value in call.params.map("fields").items()}
    if not str(fields.get("TITLE") or "").strip():
        raise _refused("Не указано название задачи.")
    responsible = whole(fields.get("RESPONSIBLE_ID") or 0)
    if responsible not in call.portal.people.rows:
        raise _refused("Не указан исполнитель.")
    now = call.portal.now
    task = TaskRow(
        call.portal.tasks.next_id(),
        "",
        "",
        responsible,
        whole(fields.get("CREATED_BY") or call.user),
        now,
        now,
        call.user,
    )
    _fill(call, task, fields)
    call.portal.tasks.put(task.id, task)
    call.wrote()
    return _shown(call, task)


@method("tasks.task.update", "task")
def task_update(call: Call) -> Result:
    """Fields that differ; an update without a field is refused."""
    fields = {key.upper(): value for key, value in call.params.map("fields").items()}
    if not fields:
        raise RestError(100, "Invalid value {} to match with parameter {fields}. Should be value of type array.")
    task = _task(call)
    _fill(call, task, fields)
    _stamp(call, task)
    call.wrote()
    return _shown(call, task)


@method("tasks.task.complete", "task")
def task_complete(call: Call) -> Result:
    """Done, by the token's user."""
    task = _task(call)
    if task.status == DONE:
        raise RestError(
            "1048582", "TASKS_ERROR_EXCEPTION_#8; Действие над задачей не разрешено; 8/TE/ACTION_NOT_ALLOWED"
        )
    task.status, task.closed, task.closed_by = DONE, call.portal.now, call.user
    _stamp(call, task)
    call.wrote()
    return _shown(call, task)


@method("tasks.task.delete", "task")
def task_delete(call: Call) -> Result:
    """Gone."""
    call.portal.tasks.drop(_task(call).id)
    call.wrote()
    return Result({"task": True})


def _stamp(call: Call, task: TaskRow) -> None:
    task.changed, task.changed_by = call.portal.now, call.user
    call.portal.tasks.touch(task.id)


def _fill(call: Call, task: TaskRow, fields: dict[str, Any]) -> None:
    """Set what is known of the fields."""
    if "TITLE" in fields:
        task.title = str(fields["TITLE"]).strip()
    if "DESCRIPTION" in fields:
        task.description = str(fields["DESCRIPTION"] or "")
    if "RESPONSIBLE_ID" in fields:
        task.responsible = whole(fields["RESPONSIBLE_ID"])
    if "DEADLINE" in fields:
        task.deadline = _deadline(call, fields["DEADLINE"])
    if "UF_CRM_TASK" in fields:
        task.bindings = [str(ref) for ref in listed(fields["UF_CRM_TASK"])]
    _fill_more(task, fields)


def _fill_more(task: TaskRow, fields: dict[str, Any]) -> None:
    if "TAGS" in fields:
        task.tags = [str(tag) for tag in listed(fields["TAGS"])]
    if "PRIORITY" in fields:
        task.priority = whole(fields["PRIORITY"])
    if "GROUP_ID" in fields:
        task.group = whole(fields["GROUP_ID"])
    if "XML_ID" in fields:
        task.xml_id = str(fields["XML_ID"] or "") or None
    if "STATUS" in fields:
        task.status = whole(fields["STATUS"])


def _deadline(call: Call, value: Any) -> datetime | None:
    if value in (None, "", False):
        return None
    found = read_moment(str(value), call.portal.zone)
    if found is None:
        raise _refused("Неверный формат крайнего срока.")
    return found
