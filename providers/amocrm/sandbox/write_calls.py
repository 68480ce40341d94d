"""POST of calls, and what becomes of unsorted enquiries."""

from __future__ import annotations

from typing import Any

import msgspec

from providers.amocrm.sandbox import shapes
from providers.amocrm.sandbox.answers import Answer, good, problem
from providers.amocrm.sandbox.items import Item, batch, check_users, checked
from providers.amocrm.sandbox.rows import Card, Note
from providers.amocrm.sandbox.world import LOST, SINGULAR, WON, World
from providers.amocrm.sandbox.write_cards import Hand

_CALL = {
    "direction", "duration", "source", "phone", "uniq", "link", "call_result", "call_status", "call_responsible",
    "responsible_user_id", "created_by", "updated_by", "created_at", "updated_at",
}  # fmt: skip


class CallWrites:
    """Calls find their card by the phone."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(self, body: Any, hand: Hand) -> Answer:
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


class UnsortedWrites:
    """Enquiries are accepted or declined."""

    def __init__(self, world: World) -> None:
        self._world = world

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
