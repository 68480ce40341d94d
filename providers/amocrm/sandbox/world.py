"""The few ways in which the pretend account changes. Every change writes its history and moves the row.

Both the company's happenings (replay.py) and what clients write (write_*.py) go through these verbs, so that a deal
moved by a person of the plan and one moved by a PATCH leave the same traces.
"""

from __future__ import annotations

from typing import Any

from providers.amocrm.sandbox.fields import NUMBERS
from providers.amocrm.sandbox.rows import Card, Contact, FieldDef, Firm, Lead, Note, Task, Values
from providers.amocrm.sandbox.state import ENTITIES, LOST, MOMENTS, OURS_FROM, SINGULAR, WON, State, encode

__all__ = ["ENTITIES", "LOST", "MOMENTS", "OURS_FROM", "SINGULAR", "WON", "World", "encode"]


class World(State):
    """One account."""

    def add_lead(self, lead: Lead) -> None:
        """A new deal: linked to its people, with its first line of history."""
        self.leads.put(lead)
        for contact in lead.contacts:
            self._link(self.contacts.get(contact), lead.id)
        if lead.company is not None:
            self._link(self.companies.get(lead.company), lead.id)
        note = self.say("note", {"id": 700_000_000 + lead.id})
        self.note_event("lead_added", "lead", lead.id, lead.created_by, lead.created_at, note)

    @staticmethod
    def _link(card: Contact | Firm | None, lead: int) -> None:
        if card is not None and lead not in card.leads:
            card.leads.append(lead)
            card.seen.clear()

    def add_contact(self, contact: Contact) -> None:
        """A new person, in his company's list too."""
        self.contacts.put(contact)
        firm = self.companies.get(contact.company) if contact.company is not None else None
        if firm is not None and contact.id not in firm.contacts:
            firm.contacts.append(contact.id)
            firm.seen.clear()
        self._added("contact", contact)

    def add_company(self, firm: Firm) -> None:
        self.companies.put(firm)
        self._added("company", firm)

    def _added(self, entity: str, card: Card) -> None:
        note = self.say("note", {"id": 700_000_000 + card.id})
        self.note_event(f"{entity}_added", entity, card.id, card.created_by, card.created_at, note)

    def move(self, lead: Lead, pipeline: int, status: int, at: int, by: int) -> None:
        """To a stage: closing sets closed_at, reopening clears it, leaving «Неразобранное» accepts the enquiry."""
        if (pipeline, status) == (lead.pipeline, lead.status):
            return
        before = self.said_status(lead.pipeline, lead.status)
        lead.pipeline, lead.status = pipeline, status
        lead.closed_at = at if status in (WON, LOST) else None
        if status != LOST:
            lead.loss_reason = None
        if lead.unsorted is not None:
            self.unsorted.drop(lead.id)
            lead.unsorted = None
        after = self.said_status(pipeline, status)
        self.note_event("lead_status_changed", "lead", lead.id, by, at, after, before)

    def price(self, lead: Lead, amount: int, at: int, by: int) -> None:
        """Minor units; amoCRM knows no difference between none and 0."""
        if amount == lead.amount:
            return
        before, after = (self.say("sale_field_value", {"sale": value // 100}) for value in (lead.amount, amount))
        lead.amount = amount
        self.note_event("sale_field_changed", "lead", lead.id, by, at, after, before)

    def rename(self, entity: str, card: Card, name: str, at: int, by: int) -> None:
        if name == card.name:
            return
        before, after = (encode([{"name_field_value": {"name": text}}]) for text in (card.name, name))
        card.name = name
        self.note_event("name_field_changed", SINGULAR[entity], card.id, by, at, after, before)

    def reassign(self, entity: str, card: Card, owner: int, at: int, by: int) -> None:
        if owner == card.responsible:
            return
        before, after = (self.say("responsible_user", {"id": user}) for user in (card.responsible, owner))
        card.responsible = owner
        self.note_event("entity_responsible_changed", SINGULAR[entity], card.id, by, at, after, before)

    def set_fields(self, entity: str, card: Card, changes: Values, at: int, by: int) -> None:
        """Each listed field's values are replaced whole; [] empties the field. What stays the same leaves no trace."""
        for id_, values in changes.items():
            before = card.fields.get(id_, [])
            if values == before:
                continue
            if values:
                card.fields[id_] = values
            else:
                card.fields.pop(id_, None)
            field = self.fields[entity][id_]
            said = (self._said_values(field, shown) for shown in (values, before))
            self.note_event(f"custom_field_{id_}_value_changed", SINGULAR[entity], card.id, by, at, *said)

    @staticmethod
    def _said_values(field: FieldDef, values: list[dict[str, Any]]) -> bytes:
        return encode(
            [
                {
                    "custom_field_value": {
                        "field_id": field.id,
                        "field_type": NUMBERS[field.type],
                        "enum_id": value.get("enum_id"),
                        "text": str(value["value"]),
                    }
                }
                for value in values
            ]
        )

    def delete_lead(self, lead: Lead, at: int, by: int) -> None:
        """Into the trash: gone from every list but the one asked with only_deleted."""
        if lead.deleted:
            return
        self.leads.drop(lead.id)
        lead.deleted = True
        self._forget_links(lead)
        self.touch("leads", lead, at, by)
        if lead.unsorted is not None:
            self.unsorted.drop(lead.id)
            lead.unsorted = None
        self.note_event("lead_deleted", "lead", lead.id, by, at)

    def restore_lead(self, lead: Lead, at: int, by: int) -> None:
        if not lead.deleted:
            return
        self.trash.drop(lead.id)
        lead.deleted = False
        self._forget_links(lead)
        self.touch("leads", lead, at, by)
        self.note_event("lead_restored", "lead", lead.id, by, at)

    def _forget_links(self, lead: Lead) -> None:
        """Its people show it no more, or again."""
        for card in (*map(self.contacts.get, lead.contacts), self.companies.get(lead.company or 0)):
            if card is not None:
                card.seen.clear()

    def merge_leads(self, lead: Lead, into: int, at: int, by: int) -> None:
        """One deal swallows another: the swallowed one is in no list and in no trash."""
        self.leads.drop(lead.id)
        self._forget_links(lead)
        self.touch("leads", self.leads.rows[into], at, by)
        self.note_event("entity_merged", "lead", into, by, at)

    def purge(self, id_: int) -> None:
        """Out of the trash for good: from now on only its absence tells."""
        self.trash.drop(id_)

    # -- notes and tasks -----------------------------------------------------------------------------------------

    def add_note(self, entity: str, note: Note) -> None:
        """A call is told as incoming_call or outgoing_call."""
        self.notes[entity].put(note)
        types = {"call_in": "incoming_call", "call_out": "outgoing_call", "common": "common_note_added"}
        type_ = types.get(note.note_type, "service_note_added")
        after = encode([{"note": {"id": note.id}}])
        self.note_event(type_, SINGULAR[entity], note.entity_id, note.created_by, note.created_at, after)

    def add_task(self, task: Task) -> None:
        self.tasks.put(task)
        self.note_event("task_added", "task", task.id, task.created_by, task.created_at)
        self._closest(task)

    def complete(self, task: Task, result: str | None, at: int, by: int) -> None:
        """Done, with what came of it."""
        if result is not None:
            task.result = result
        if task.completed:
            return
        task.completed = True
        self.note_event("task_completed", "task", task.id, by, at)
        if result:
            after = self.say("note", {"id": 800_000_000 + task.id})
            self.note_event("task_result_added", "task", task.id, by, at, after)

    def postpone(self, task: Task, until: int, at: int, by: int) -> None:
        """Another deadline, earlier or later."""
        if until == task.complete_till:
            return
        before, after = (self.say("task_deadline", {"timestamp": moment}) for moment in (task.complete_till, until))
        task.complete_till = until
        self.note_event("task_deadline_changed", "task", task.id, by, at, after, before)

    def task_changed(self, task: Task, at: int, by: int) -> None:
        """After any change of a task: its moment, and its card's next task."""
        task.updated_at, task.updated_by = at, by
        task.seen.clear()
        self.tasks.put(task)
        self._closest(task)

    def drop_task(self, id_: int, at: int, by: int) -> None:
        """As a person deletes one: only history tells."""
        task = self.tasks.rows[id_]
        self.tasks.drop(id_)
        self.note_event("task_deleted", "task", id_, by, at)
        self._closest(task)

    def _closest(self, task: Task) -> None:
        """The card's closest open task; amoCRM does not call that an update of the card."""
        if task.entity_type is None or task.entity_id is None:
            return
        card = self.lead(task.entity_id) if task.entity_type == "leads" else self._card(task)
        if card is None:
            return
        siblings = (self.tasks.rows[id_] for id_ in self.tasks.grouped((task.entity_type, task.entity_id)))
        card.closest_task_at = min((t.complete_till for t in siblings if not t.completed), default=None)
        card.seen.clear()

    def _card(self, task: Task) -> Card | None:
        found: Card | None = self.cards(task.entity_type or "").get(task.entity_id or 0)
        return found
