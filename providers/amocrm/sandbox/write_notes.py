"""POST and PATCH of notes."""

from __future__ import annotations

from typing import Any

from providers.amocrm.sandbox import shapes
from providers.amocrm.sandbox.answers import Answer, written
from providers.amocrm.sandbox.items import Item, batch, check_users, checked
from providers.amocrm.sandbox.rows import Note
from providers.amocrm.sandbox.world import World
from providers.amocrm.sandbox.write_cards import Hand

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


class NoteWrites:
    """Notes in cards."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(self, body: Any, hand: Hand, entity: str, id_: str | None = None) -> Answer:
        if id_ is not None and isinstance(body, list):
            body = [{**data, "entity_id": int(id_)} if isinstance(data, dict) else data for data in body]
        items = batch(body)
        checked(items, lambda item: self._check_new_note(entity, item))
        shown = [self._create_note(entity, item, hand) for item in items]
        return written("notes", shown, self._url(f"{entity}/notes"))

    def update(self, body: Any, hand: Hand, entity: str, id_: str | None = None) -> Answer:
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

    def _url(self, path: str) -> str:
        return f"{self._world.base}/api/v4/{path}"
