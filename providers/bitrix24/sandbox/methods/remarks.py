"""Comments of the old task card, and results: comments that somebody marked as what came of the task."""

from __future__ import annotations

from typing import Any

from providers.bitrix24.sandbox.answers import RestError, Result
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.methods.registry import method
from providers.bitrix24.sandbox.php import whole
from providers.bitrix24.sandbox.rows import Remark


def _task(call: Call, name: str) -> int:
    task = whole(call.params.get(name, 0))
    if call.portal.tasks.get(task) is None:
        raise RestError("1048582", "TASKS_ERROR_EXCEPTION_#8; Задача не найдена или недоступна; 8/TE/ACTION_FAILED")
    return task


@method("task.commentitem.add", "task")
def comment_add(call: Call) -> Result:
    """By the token's user, or by AUTHOR_ID."""
    task, fields = _task(call, "TASKID"), call.params.map("FIELDS")
    text = str(fields.get("POST_MESSAGE") or "").strip()
    if not text:
        raise RestError("ERROR_CORE", "Не указано сообщение<br>")
    author = whole(fields.get("AUTHOR_ID") or call.user)
    number = len(call.portal.talk) + 1
    call.portal.talk.append(Remark(number, task, author, text, call.portal.now))
    call.wrote()
    return Result(number)


@method("task.commentitem.getlist", "task")
def comment_list(call: Call) -> Result:
    """Upper-case texts."""
    task = _task(call, "TASKID")
    return Result([_comment(call, one) for one in call.portal.talk if one.task == task])


def _comment(call: Call, one: Remark) -> dict[str, Any]:
    at = one.at.astimezone(call.portal.zone).isoformat(timespec="seconds")
    return {"ID": str(one.id), "AUTHOR_ID": str(one.author), "POST_DATE": at, "POST_MESSAGE": one.text}


@method("tasks.task.result.addFromComment", "task")
def result_add(call: Call) -> Result:
    """Marks a comment as a result."""
    number = whole(call.params.get("commentId", 0))
    found = next((one for one in call.portal.talk if one.id == number), None)
    if found is None:
        raise RestError("0", "Comment not found")
    found.result = found.result or 1 + sum(one.result is not None for one in call.portal.talk)
    call.wrote()
    return Result(_result(call, found))


@method("tasks.task.result.list", "task")
def result_list(call: Call) -> Result:
    """The newest first; numbers are numbers here."""
    task = _task(call, "taskId")
    marked = [one for one in call.portal.talk if one.task == task and one.result is not None]
    return Result([_result(call, one) for one in reversed(marked)])


def _result(call: Call, one: Remark) -> dict[str, Any]:
    at = one.at.astimezone(call.portal.zone).isoformat(timespec="seconds")
    return {
        "id": one.result, "taskId": one.task, "commentId": one.id, "createdBy": one.author, "createdAt": at,
        "updatedAt": at, "status": 0, "text": one.text, "formattedText": one.text, "files": [],
    }  # fmt: skip
