"""Tasks for a head: added with a tag by which a lost answer is looked up, later completed. Fact sheet 4.3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.errors import KpiError, Refused
from connector.wishes import AddTask, CloseTask, Delivered
from providers.bitrix24 import php
from providers.bitrix24.batch import MOST, Command, Reply
from providers.bitrix24.client import Client
from providers.bitrix24.jobs import failed, send
from providers.bitrix24.mapping.activity import TAG

_BINDINGS = {"deal": "D", "lead": "L", "contact": "C", "company": "CO"}
_DONE = "5"


@dataclass(frozen=True, slots=True)
class Tasks:
    """Adds and completes tasks."""

    client: Client

    def add(self, wishes: Sequence[AddTask]) -> list[Delivered]:
        """Look for each marker first: a task that is there already is never made twice."""
        there = self.find(wishes)
        outcomes = [
            Delivered(key=wish.key, status="noop", crm_id=there[wish.key]) for wish in wishes if wish.key in there
        ]
        missing = {f"task_{number}": wish for number, wish in enumerate(wishes) if wish.key not in there}
        sent = send(
            self.client, {name: Command("tasks.task.add", {"fields": _fields(w)}) for name, w in missing.items()}
        )
        return outcomes + [_added(missing[name].key, outcome) for name, outcome in sent.items()]

    def find(self, wishes: Sequence[AddTask]) -> dict[str, str]:
        """Wish key -> id of the task that carries its marker, for those that exist."""
        select = ["ID", "TAGS"]
        commands = {
            f"find_{number}": Command(
                "tasks.task.list", {"filter": {"TAG": tag_of(wish.marker)}, "select": select, "order": {"ID": "asc"}}
            )
            for number, wish in enumerate(wishes)
        }
        found = {}
        for name, reply in self.client.each(commands).items():
            rows = php.rows(php.table(reply.result).get("tasks"))
            wish = wishes[int(name.removeprefix("find_"))]
            if ident := next((php.key(row.get("id")) for row in rows if _carries(row, tag_of(wish.marker))), None):
                found[wish.key] = ident
        return found

    def close(self, wishes: Sequence[CloseTask]) -> list[Delivered]:
        """Complete what is still open. `text` has no place but a comment, which would notify people: it is not sent."""
        commands = {
            f"look_{number}": Command("tasks.task.list", {"filter": {"ID": wish.task_id}, "select": ["ID", "STATUS"]})
            for number, wish in enumerate(wishes)
        }
        outcomes, open_tasks = [], {}
        for name, reply in self.client.each(commands).items():
            wish = wishes[int(name.removeprefix("look_"))]
            row = next(iter(php.rows(php.table(reply.result).get("tasks"))), None)
            if row is None:
                outcomes.append(Delivered(key=wish.key, status="rejected", message="the task is not there (any more)"))
            elif str(row.get("status")) == _DONE:
                outcomes.append(Delivered(key=wish.key, status="noop", crm_id=wish.task_id))
            else:
                open_tasks[name] = wish
        sent = send(
            self.client, {name: Command("tasks.task.complete", {"taskId": w.task_id}) for name, w in open_tasks.items()}
        )
        return outcomes + [_closed(open_tasks[name], outcome) for name, outcome in sent.items()]

    def replies(self, tasks: Sequence[str]) -> dict[str, str]:
        """The last result of each task; where none was marked as one, the last comment of the old task card.

        In the new card people write into a chat, and only what they mark as the result is told to us.
        """
        told = self._texts(tasks, "tasks.task.result.list", "taskId", "text")
        rest = [task for task in tasks if task not in told]
        return told | self._texts(rest, "task.commentitem.getlist", "TASKID", "POST_MESSAGE")

    def _texts(self, tasks: Sequence[str], method: str, asked: str, field: str) -> dict[str, str]:
        told: dict[str, str] = {}
        for start in range(0, len(tasks), MOST):
            commands = {f"task_{id}": Command(method, {asked: id}) for id in tasks[start : start + MOST]}
            for name, reply in self.client.read(commands).items():
                if isinstance(reply, Refused):
                    continue  # the task is gone, or this portal has no such method
                if isinstance(reply, KpiError):
                    raise reply
                rows = sorted(map(php.table, php.rows(reply.result)), key=_number)
                texts = [str(row.get(field) or "").strip() for row in rows]
                if any(texts):
                    told[name.removeprefix("task_")] = next(text for text in reversed(texts) if text)
        return told


def _number(row: Mapping[str, Any]) -> int:
    return int(php.key(row.get("id", row.get("ID"))) or 0)


def tag_of(marker: str) -> str:
    """The marker as a tag: `#` would start another one."""
    return marker.lstrip("#")


def _fields(wish: AddTask) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "TITLE": wish.title,
        "DESCRIPTION": wish.text,
        "RESPONSIBLE_ID": wish.user_id,
        "DEADLINE": wish.due_at.isoformat(timespec="seconds"),
        "TAGS": [TAG, tag_of(wish.marker)],
    }
    kind, _, ident = (wish.about or "").partition(":")
    if kind in _BINDINGS and ident:
        fields["UF_CRM_TASK"] = [f"{_BINDINGS[kind]}_{ident}"]
    return fields


def _carries(row: Any, tag: str) -> bool:
    """Whether the row really has this tag: an ignored filter would hand out any task."""
    tags = php.rows(row.get("tags") or None) if isinstance(row, dict) else []
    return any(str(one.get("title") if isinstance(one, dict) else one).casefold() == tag.casefold() for one in tags)


def _added(key: str, outcome: Reply | KpiError) -> Delivered:
    if isinstance(outcome, KpiError):
        return failed(key, outcome)
    ident = php.key(php.table(php.table(outcome.result).get("task")).get("id"))
    if ident is None:
        return Delivered(key=key, status="unknown", message="the portal answered without a task")
    return Delivered(key=key, status="done", crm_id=ident)


def _closed(wish: CloseTask, outcome: Reply | KpiError) -> Delivered:
    if isinstance(outcome, KpiError):
        return failed(wish.key, outcome)
    return Delivered(key=wish.key, status="done", crm_id=wish.task_id)
