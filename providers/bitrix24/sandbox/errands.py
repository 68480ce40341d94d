"""Tasks of the plan: bound to their deal (tasks.task), or to-dos in its timeline (crm.activity.todo)."""

from __future__ import annotations

from connector.pretend.happenings import Rescheduled, TaskDone, TaskSet
from providers.bitrix24.sandbox.portal import Portal
from providers.bitrix24.sandbox.rows import DEAL, LEAD, Activity, TaskRow

DONE = 5
_TITLE = "Связаться с клиентом"


class Errands:
    """Remembers which task, or which activity, a task of the company became."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self._tasks: dict[int, TaskRow] = {}
        self._todos: dict[int, Activity] = {}

    def set(self, h: TaskSet) -> None:
        """On the deal, or the lead that it still is; nothing where neither is there any more."""
        kind = DEAL if self.portal.items[DEAL].get(h.deal) else LEAD
        if self.portal.items[kind].get(h.deal) is None:
            return
        if h.todo:
            id = self.portal.activities.next_id()
            self._todos[h.task] = Activity(
                id, 6, "CRM_TODO", "TODO", _TITLE, h.user, h.user, h.at, h.at, h.due, h.due, [(kind, h.deal)],
                editor=h.user,
            )  # fmt: skip
            self.portal.bindings.add(self._todos[h.task])
            return
        id, bound = self.portal.tasks.next_id(), f"{'D' if kind == DEAL else 'L'}_{h.deal}"
        task = TaskRow(id, _TITLE, "", h.user, h.user, h.at, h.at, h.user, deadline=h.due, bindings=[bound])
        self._tasks[h.task] = task
        self.portal.tasks.put(id, task)

    def rescheduled(self, h: Rescheduled) -> None:
        """Nothing tells it but the new deadline."""
        if (todo := self._todos.get(h.task)) is not None:
            todo.start = todo.end = h.due
            self._touch_todo(todo, h)
        elif (task := self._tasks.get(h.task)) is not None:
            task.deadline = h.due
            self._touch_task(task, h)

    def done(self, h: TaskDone) -> None:
        """A task keeps the moment, a to-do only that of its last edit."""
        if (todo := self._todos.get(h.task)) is not None:
            todo.completed = True
            self._touch_todo(todo, h)
        elif (task := self._tasks.get(h.task)) is not None:
            task.status, task.closed, task.closed_by = DONE, h.at, h.by
            self._touch_task(task, h)

    def _touch_todo(self, todo: Activity, h: Rescheduled | TaskDone) -> None:
        todo.updated, todo.editor = h.at, h.by
        self.portal.activities.touch(todo.id)

    def _touch_task(self, task: TaskRow, h: Rescheduled | TaskDone) -> None:
        task.changed, task.changed_by = h.at, h.by
        self.portal.tasks.touch(task.id)
