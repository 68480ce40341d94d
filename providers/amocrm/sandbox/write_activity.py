"""POST and PATCH of tasks and notes, POST of calls, accepting and declining of unsorted enquiries."""

from __future__ import annotations

from typing import Any

import msgspec

from providers.amocrm.sandbox import shapes
from providers.amocrm.sandbox.answers import Answer, good, problem, written
from providers.amocrm.sandbox.items import Item, batch, check_users, checked
from providers.amocrm.sandbox.rows import Card, Note, Task
from providers.amocrm.sandbox.world import ENTITIES, LOST, SINGULAR, WON, World, encode
from providers.amocrm.sandbox.write_cards import Hand

_TASK = {
    "id", "text", "complete_till", "responsible_user_id", "entity_id", "entity_type", "task_type_id", "duration",
    "is_completed", "result", "created_by", "updated_by", "created_at", "updated_at",
}  # fmt: skip
_NOTE = {
    "id", "entity_id", "note_type", "params", "created_by", "updated_by", "created_at", "updated_at",
    "responsible_user_id", "is_need_to_trigger_digital_pipeline",
}  # fmt: skip
_PARAMS = {
    "common": ("text",),
    "call_in": ("uniq", "duration", "source", "phone"),
    "call_out": ("uniq", "duration", "source", "phone"),
    "service_message": ("service", "text"),
    "extended_service_message": ("service", "text"),
    "message_cashier": ("status", "text"),
    "geolocation": ("text", "address", "longitude", "latitude"),
    "sms_in": ("text", "phone"),
    "sms_out": ("text", "phone"),
    "attachment": ("original_name", "attachment"),
}
"""What each note type must have in params."""
_CALL = {
    "direction", "duration", "source", "phone", "uniq", "link", "call_result", "call_status", "call_responsible",
    "responsible_user_id", "created_by", "updated_by", "created_at", "updated_at",
}  # fmt: skip
TASK_TYPES = (1, 2)


class ActivityWrites:
    """What hangs on cards."""

    def __init__(self, world: World) -> None:
        self._world = world

    # -- tasks ----------------------------------------------------------------------------------------------------

    def create_tasks(self, body: Any, hand: Hand) -> Answer:
        items = batch(body)
        checked(items, self._check_new_task)
        rows = [self._create_task(item, hand) for item in items]
        shown = [
            {"id": row.id, **item.echo(), "_links": shapes.link(self._world, f"tasks/{row.id}")}
            for row, item in zip(rows, items, strict=True)
        ]
        return written("tasks", shown, self._url("tasks"))

    def update_tasks(self, body: Any, hand: Hand) -> Answer:
        items = batch(body)
        checked(items, self._check_known_task)
        return written("tasks", [self._update_task(item, hand) for item in items], self._url("tasks"))

    def update_task(self, body: Any, hand: Hand, id_: str) -> Answer:
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

    # -- notes ----------------------------------------------------------------------------------------------------

    def create_notes(self, body: Any, hand: Hand, entity: str, id_: str | None = None) -> Answer:
        if id_ is not None and isinstance(body, list):
            body = [{**data, "entity_id": int(id_)} if isinstance(data, dict) else data for data in body]
        items = batch(body)
        checked(items, lambda item: self._check_new_note(entity, item))
        shown = [self._create_note(entity, item, hand) for item in items]
        return written("notes", shown, self._url(f"{entity}/notes"))

    def update_notes(self, body: Any, hand: Hand, entity: str, id_: str | None = None) -> Answer:
        """note_type and params of known notes."""
        items = batch(body if isinstance(body, list) else [body])
        checked(items, lambda item: self._check_known_note(entity, item))
        shown = []
        for item in items:
            note = self._world.notes[entity].rows[item["id"]]
            note.note_type, note.params = item.get("note_type", note.note_type), item.get("params", note.params)
            note.updated_at, note.updated_by = hand.now, item.get("updated_by", hand.user)
            note.seen.clear()
            self._world.notes[entity].put(note)
            shown.append({"id": note.id, "entity_id": note.entity_id, "updated_at": hand.now, **item.echo_if_named()})
        return written("notes", shown, self._url(f"{entity}/notes"))

    def _check_new_note(self, entity: str, item: Item) -> None:
        item.needs("entity_id", "note_type", "params")
        self._check_note(item)
        if not item.errors and self._world.cards(entity).get(item["entity_id"]) is None:
            item.unsupported("entity_id")

    def _check_known_note(self, entity: str, item: Item) -> None:
        item.needs("id")
        item.typed(int, "id")
        if not item.errors and item["id"] not in self._world.notes[entity].rows:
            item.fail("282", "id", "Note was not found")
        self._check_note(item)

    def _check_note(self, item: Item) -> None:
        item.only(_NOTE)
        item.typed(int, "entity_id", "created_at", "updated_at")
        item.typed(dict, "params")
        check_users(self._world, item)
        if "note_type" in item and item["note_type"] not in _PARAMS:
            item.unsupported("note_type")
        elif isinstance(item.get("params"), dict):
            for key in _PARAMS.get(item.get("note_type", ""), ()):
                if item["params"].get(key) is None:
                    code, words = ("NotNullable", "null") if key in item["params"] else ("FieldMissing", "missing")
                    item.fail(code, f"params.{key}", f"This value should not be {words}.")

    def _create_note(self, entity: str, item: Item, hand: Hand) -> dict[str, Any]:
        at, by = item.get("created_at", hand.now), item.get("created_by", hand.user)
        note = Note(
            id=self._world.new_id(),
            entity_id=item["entity_id"],
            responsible=item.get("responsible_user_id", by),
            note_type=item["note_type"],
            params=item["params"],
            created_by=by,
            updated_by=by,
            created_at=at,
            updated_at=item.get("updated_at", at),
        )
        self._world.add_note(entity, note)
        return {
            "id": note.id,
            "entity_id": note.entity_id,
            **item.echo(),
            "_links": shapes.link(self._world, f"{entity}/{note.entity_id}/notes/{note.id}"),
        }

    # -- calls ----------------------------------------------------------------------------------------------------

    def create_calls(self, body: Any, hand: Hand) -> Answer:
        """Each goes to the card found by the last ten digits of its phone; a stranger's call is an error of its own."""
        items = batch(body)
        checked(items, self._check_call)
        added: list[dict[str, Any]] = []
        errors: list[dict[str, Any]] = []
        for item in items:
            home = self._by_phone(str(item["phone"]))
            if home is None:
                words = "Entity not found"
                error = {"title": words, "type": "https://httpstatus.es/404", "status": 263, "detail": words}
                errors.append({**error, **item.echo()})
            else:
                added.append(self._create_call(item, hand, *home))
        body_out = {"_total_items": len(added), "errors": errors, "_embedded": {"calls": added}}
        return Answer(200 if added else 400, msgspec.json.encode(body_out))

    def _check_call(self, item: Item) -> None:
        item.only(_CALL)
        item.needs("direction", "duration", "source", "phone")
        item.typed(int, "duration", "created_at", "updated_at")
        item.typed(str, "source")
        item.typed(str, "link", "call_result", "uniq", null=True)
        check_users(self._world, item)
        if "direction" in item and item["direction"] not in ("inbound", "outbound"):
            item.unsupported("direction")
        if item.get("call_status") not in (None, *range(1, 8)):
            item.unsupported("call_status")

    def _by_phone(self, phone: str) -> tuple[str, Card] | None:
        digits = "".join(filter(str.isdigit, phone))[-10:]
        for entity in ("contacts", "companies"):
            phones = {field.id for field in self._world.fields[entity].values() if field.code == "PHONE"}
            for card in self._world.cards(entity):
                held = [item["value"] for id_ in phones for item in card.fields.get(id_, ())]
                if any("".join(filter(str.isdigit, str(value)))[-10:] == digits for value in held):
                    return entity, card
        return None

    def _create_call(self, item: Item, hand: Hand, entity: str, card: Card) -> dict[str, Any]:
        """On the only active deal of the card, else on the card itself."""
        world = self._world
        leads = [world.leads.get(id_) for id_ in getattr(card, "leads", [])]
        active = [lead for lead in leads if lead is not None and lead.status not in (WON, LOST)]
        home: tuple[str, Card] = ("leads", active[0]) if len(active) == 1 else (entity, card)
        by = item.get("created_by", item.get("responsible_user_id", hand.user))
        note = Note(
            id=world.new_id(),
            entity_id=home[1].id,
            responsible=item.get("responsible_user_id", by),
            note_type="call_in" if item["direction"] == "inbound" else "call_out",
            params={
                key: item.get(key)
                for key in (
                    "uniq", "duration", "source", "link", "phone", "call_result", "call_status", "call_responsible"
                )
            },
            created_by=by,
            updated_by=by,
            created_at=item.get("created_at", hand.now),
            updated_at=item.get("updated_at", item.get("created_at", hand.now)),
        )  # fmt: skip
        world.add_note(home[0], note)
        entity_link = shapes.link(world, f"{home[0]}/{home[1].id}")
        return {
            "id": note.id,
            "entity_id": note.entity_id,
            "entity_type": SINGULAR[home[0]],
            "account_id": world.account_id,
            **item.echo(),
            "_embedded": {"entity": {"id": note.entity_id, "_links": entity_link}},
        }

    # -- unsorted -------------------------------------------------------------------------------------------------

    def take(self, body: Any, hand: Hand, uid: str) -> Answer:
        """accept: into a stage, perhaps to a person."""
        found = next((row for row in self._world.unsorted if row.uid == uid), None)
        if found is None:
            return problem(404, "Unsorted was not found")
        asked = body if isinstance(body, dict) else {}
        lead = self._world.leads.rows[found.lead]
        first = next(stage.id for stage in self._world.pipelines[lead.pipeline].statuses if stage.kind == 0)
        self._world.move(lead, lead.pipeline, asked.get("status_id", first), hand.now, hand.user)
        if "user_id" in asked:
            self._world.reassign("leads", lead, asked["user_id"], hand.now, hand.user)
        self._world.touch("leads", lead, hand.now, hand.user)
        return good({"uid": uid, "category": found.category, "_embedded": {"leads": [{"id": lead.id}]}})

    def decline(self, body: Any, hand: Hand, uid: str) -> Answer:
        """decline: the deal goes into the trash."""
        found = next((row for row in self._world.unsorted if row.uid == uid), None)
        if found is None:
            return problem(404, "Unsorted was not found")
        self._world.delete_lead(self._world.leads.rows[found.lead], hand.now, hand.user)
        return good({"uid": uid, "category": found.category, "_embedded": {"leads": [{"id": found.lead}]}})

    def _url(self, path: str) -> str:
        return f"{self._world.base}/api/v4/{path}"


def _result(item: Item) -> str | None:
    given = item.get("result")
    return str(given.get("text", "")) if isinstance(given, dict) else None
