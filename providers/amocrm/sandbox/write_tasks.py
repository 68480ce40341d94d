"""POST and PATCH of tasks."""

from __future__ import annotations

from typing import Any

from providers.amocrm.sandbox import shapes
from providers.amocrm.sandbox.answers import Answer, good, written
from providers.amocrm.sandbox.items import Item, batch, check_users, checked
from providers.amocrm.sandbox.rows import Task
from providers.amocrm.sandbox.world import ENTITIES, World, encode
from providers.amocrm.sandbox.write_cards import Hand

_TASK = {
    "id", "text", "complete_till", "responsible_user_id", "entity_id", "entity_type", "task_type_id", "duration",
    "is_completed", "result", "created_by", "updated_by", "created_at", "updated_at",
}  # fmt: skip
TASK_TYPES = (1, 2)


class TaskWrites:
    """Tasks, each change with its line of history."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(self, body: Any, hand: Hand) -> Answer:
        items = batch(body)
        checked(items, self._check_new_task)
        rows = [self._create_task(item, hand) for item in items]
        shown = [
            {"id": row.id, **item.echo(), "_links": shapes.link(self._world, f"tasks/{row.id}")}
            for row, item in zip(rows, items, strict=True)
        ]
        return written("tasks", shown, self._url("tasks"))

    def update(self, body: Any, hand: Hand) -> Answer:
        items = batch(body)
        checked(items, self._check_known_task)
        return written("tasks", [self._update_task(item, hand) for item in items], self._url("tasks"))

    def update_one(self, body: Any, hand: Hand, id_: str) -> Answer:
        items = batch([{**body, "id": int(id_)}] if isinstance(body, dict) else [body])
        checked(items, self._check_known_task)
        return good(self._update_task(items[0], hand))

    def _check_new_task(self, item: Item) -> None:
        item.needs("text", "complete_till")
        self._check_task(item)

    def _check_known_task(self, item: Item) -> None:
        item.needs("id")
        item.typed(int, "id")
        if not item.errors and item["id"] not in self._world.tasks.rows:
            item.fail("231", "id", "Task was not found")
        self._check_task(item)

    def _check_task(self, item: Item) -> None:
        item.only(_TASK)
        item.typed(str, "text")
        item.typed(int, "complete_till", "duration", "created_at", "updated_at", "task_type_id")
        item.typed(bool, "is_completed")
        item.typed(dict, "result")
        check_users(self._world, item)
        if isinstance(item.get("text"), str) and not item["text"].strip():
            item.fail("NotBlank", "text", "This value should not be blank.")
        if "task_type_id" in item and item["task_type_id"] not in TASK_TYPES:
            item.unsupported("task_type_id")
        self._check_home(item)

    def _check_home(self, item: Item) -> None:
        """entity_id and entity_type come together and exist (legacy codes 236, 237)."""
        kind, id_ = item.get("entity_type"), item.get("entity_id")
        if kind is None and id_ is None:
            return
        if kind not in ENTITIES:
            item.fail("237", "entity_type", "The entity type is not a valid choice.")
        elif self._world.cards(kind).get(id_ or 0) is None:
            item.fail("236", "entity_id", "The entity was not found.")

    def _create_task(self, item: Item, hand: Hand) -> Task:
        at, by = item.get("created_at", hand.now), item.get("created_by", hand.user)
        task = Task(
            id=self._world.new_id(),
            responsible=item.get("responsible_user_id", hand.user),
            text=item["text"].strip(),
            complete_till=item["complete_till"],
            entity_type=item.get("entity_type"),
            entity_id=item.get("entity_id"),
            task_type=item.get("task_type_id", 1),
            duration=item.get("duration", 0),
            created_by=by,
            updated_by=by,
            created_at=at,
            updated_at=at,
        )
        self._world.add_task(task)
        if item.get("is_completed"):
            self._world.complete(task, _result(item), at, by)
        return task

    def _update_task(self, item: Item, hand: Hand) -> dict[str, Any]:
        world, task = self._world, self._world.tasks.rows[item["id"]]
        by = item.get("updated_by", hand.user)
        if "entity_id" in item and (item["entity_type"], item["entity_id"]) != (task.entity_type, task.entity_id):
            world.tasks.drop(task.id)
            task.entity_type, task.entity_id = item["entity_type"], item["entity_id"]
        self._change_task(task, item, hand.now, by)
        if item.get("is_completed") is False:
            task.completed = False
        elif item.get("is_completed"):
            world.complete(task, _result(item), hand.now, by)
        elif "result" in item:
            task.result = _result(item)
        world.task_changed(task, hand.now, by)
        return {
            "id": task.id,
            "updated_at": task.updated_at,
            **item.echo_if_named(),
            "_links": shapes.link(world, f"tasks/{task.id}"),
        }

    def _change_task(self, task: Task, item: Item, now: int, by: int) -> None:
        """Text, deadline, type and person, each with its line of history."""
        changes = (
            ("text", "text", "task_text_changed", "task", "text"),
            ("complete_till", "complete_till", "task_deadline_changed", "task_deadline", "timestamp"),
            ("task_type", "task_type_id", "task_type_changed", "task_type", "id"),
            ("responsible", "responsible_user_id", "entity_responsible_changed", "responsible_user", "id"),
        )
        for attribute, key, type_, outer, inner in changes:
            if key not in item or item[key] == getattr(task, attribute):
                continue
            before, after = (encode([{outer: {inner: value}}]) for value in (getattr(task, attribute), item[key]))
            setattr(task, attribute, item[key])
            self._world.note_event(type_, "task", task.id, by, now, after, before)
        task.duration = item.get("duration", task.duration)

    def _url(self, path: str) -> str:
        return f"{self._world.base}/api/v4/{path}"


def _result(item: Item) -> str | None:
    given = item.get("result")
    return str(given.get("text", "")) if isinstance(given, dict) else None
