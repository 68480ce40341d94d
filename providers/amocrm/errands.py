"""Tasks for heads: created once, found again by their marker, completed. Source: crm/amocrm 3.9, 4.5."""

from __future__ import annotations

from collections.abc import Sequence

from connector.errors import NotThere, Refused, TryLater, Uncertain
from connector.wishes import AddTask, CloseTask, Delivered
from providers.amocrm.client import Client
from providers.amocrm.mapping.values import Row, embedded, label, table
from providers.amocrm.paging import Walk, falling
from providers.amocrm.reading import LIMIT, epoch

_ENTITIES = {"deal": "leads", "contact": "contacts", "company": "companies"}
_LOOKED_BACK = 45 * 86400
_FOLLOW_UP = 1
_AT_ONCE = 50


class Errands:
    """AddTask and CloseTask."""

    def __init__(self, calls: Client) -> None:
        self._calls = calls

    def add(self, wish: AddTask) -> Delivered:
        """Look, then create: there is no key that would make a second creation harmless."""
        try:
            found = self.find(wish)
            if found is not None:
                return Delivered(key=wish.key, status="noop", crm_id=found, message="it is there already")
            made = self._calls.write("post", "tasks", [_body(wish)])
        except TryLater as error:
            return Delivered(key=wish.key, status="retry", message=str(error))
        except Uncertain as error:
            return self._unsure(wish, str(error))
        except Refused as error:
            return Delivered(key=wish.key, status="rejected", message=str(error))
        rows = embedded(table(made), "tasks")
        if not rows:
            return self._unsure(wish, "accepted without an answer")
        return Delivered(key=wish.key, status="done", crm_id=str(rows[0]["id"]))

    def _unsure(self, wish: AddTask, why: str) -> Delivered:
        try:
            found = self.find(wish)
        except (TryLater, Refused):
            found = None
        return Delivered(key=wish.key, status="done" if found else "unknown", crm_id=found, message=why)

    def find(self, wish: AddTask) -> str | None:
        """Among this user's tasks of the last weeks, done ones too: he may have been quicker than our lost answer."""
        params = {"filter[responsible_user_id]": wish.user_id, "order[created_at]": "desc"}
        walk = Walk(lambda asked: self._calls.rows("tasks", "tasks", asked), params, falling("created_at"), limit=LIMIT)
        for step in walk.steps(doubt=lambda rows: False):
            for row in step.rows:
                if _marked(row, wish.marker):
                    return str(row["id"])
            if step.rows and step.rows[-1]["created_at"] < epoch(step.told_at) - _LOOKED_BACK:
                return None
        return None

    def close(self, wish: CloseTask) -> Delivered:
        """Complete it; one that a person completed or deleted is left as it is."""
        path = f"tasks/{wish.task_id}"
        try:
            row = self._there(path)
            if row is None:
                return Delivered(key=wish.key, status="rejected", crm_id=wish.task_id, message="the task is not there")
            if row.get("is_completed"):
                return Delivered(key=wish.key, status="noop", crm_id=wish.task_id)
            self._calls.write("patch", path, {"is_completed": True, "result": {"text": wish.text or "KPI"}})
        except TryLater as error:
            return Delivered(key=wish.key, status="retry", crm_id=wish.task_id, message=str(error))
        except Uncertain as error:
            return Delivered(key=wish.key, status="unknown", crm_id=wish.task_id, message=str(error))
        except Refused as error:
            return Delivered(key=wish.key, status="rejected", crm_id=wish.task_id, message=str(error))
        return Delivered(key=wish.key, status="done", crm_id=wish.task_id)

    def replies(self, tasks: Sequence[str]) -> dict[str, str]:
        """The results' texts, by task. An ignored filter would hand out any task."""
        told: dict[str, str] = {}
        for start in range(0, len(tasks), _AT_ONCE):
            some = tasks[start : start + _AT_ONCE]
            params = {"filter[id][]": list(some), "limit": LIMIT, "page": 1}
            for row in self._calls.rows("tasks", "tasks", params).rows:
                text = label(table(row.get("result")).get("text"))
                if str(row.get("id")) in some and text:
                    told[str(row["id"])] = text
        return told

    def _there(self, path: str) -> Row | None:
        try:
            row = self._calls.get(path)
        except NotThere:
            return None
        return None if row is None else table(row)


def _body(wish: AddTask) -> dict[str, object]:
    body: dict[str, object] = {
        "request_id": wish.marker,
        "text": f"{wish.title}\n\n{wish.text}".strip().removesuffix(wish.marker).rstrip() + f" {wish.marker}",
        "complete_till": epoch(wish.due_at),
        "responsible_user_id": int(wish.user_id),
        "task_type_id": _FOLLOW_UP,
    }
    kind, _, id_ = (wish.about or "").partition(":")
    if kind in _ENTITIES and id_.isdigit():
        body |= {"entity_id": int(id_), "entity_type": _ENTITIES[kind]}
    return body


def _marked(row: Row, marker: str) -> bool:
    return label(row.get("text")).endswith(label(marker))
