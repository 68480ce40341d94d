"""GET: notes, tasks, events and unsorted enquiries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from providers.amocrm.sandbox import filters, shapes
from providers.amocrm.sandbox import query as ask
from providers.amocrm.sandbox.answers import Answer, Rows, good, problem, whole
from providers.amocrm.sandbox.lists import Listing, Switches, page
from providers.amocrm.sandbox.query import Query
from providers.amocrm.sandbox.reads import SWITCHED_OFF, Reply
from providers.amocrm.sandbox.rows import Event
from providers.amocrm.sandbox.world import SINGULAR, World


class ActivityReads:
    """What hangs on cards, as a reader sees it."""

    def __init__(self, world: World, switches: Switches) -> None:
        self._world, self._switches = world, switches

    def notes(self, query: Query, entity: str, id_: str | None = None) -> Reply:
        """Of one kind of card, or of one card."""
        if entity == "customers":
            return problem(426, SWITCHED_OFF)
        world = self._world
        listing = Listing(
            "notes",
            world.notes[entity],
            lambda row, with_: shapes.note(world, entity, row),
            filters.NOTES,
            ("updated_at", "id"),
            scalar="after",
            among=self._of_cards(world.notes[entity].grouped, id_, query),
        )
        return self._page(listing, query, f"{entity}/notes" if id_ is None else f"{entity}/{id_}/notes")

    @staticmethod
    def _of_cards(grouped: Callable[[Any], list[int]], id_: str | None, query: Query) -> list[int] | None:
        """Ids by the cards they hang on, where the question names cards."""
        if id_ is not None:
            return grouped(int(id_))
        if "entity_id" in query.filter and "id" not in query.filter:
            return [row for card in ask.ids(query.filter["entity_id"]) for row in grouped(card)]
        return None

    def note(self, query: Query, entity: str, id_: str, note: str | None = None) -> Reply:
        """/{entity}/{id}/notes/{note}, and /{entity}/notes/{note} of the documentation."""
        found = self._world.notes[entity].get(int(note if note is not None else id_))
        if found is None or (note is not None and found.entity_id != int(id_)):
            return Answer(204)
        return good(shapes.note(self._world, entity, found))

    def tasks(self, query: Query) -> Reply:
        """No order by updated_at: asked for, it is ignored."""
        world, asked = self._world, query.filter
        among = None
        if "entity_id" in asked and "entity_type" in asked and "id" not in asked:
            groups = [(kind, card) for kind in ask.words(asked["entity_type"]) for card in ask.ids(asked["entity_id"])]
            among = [id_ for group in groups for id_ in world.tasks.grouped(group)]
        listing = Listing(
            "tasks",
            world.tasks,
            lambda row, with_: shapes.task(world, row, with_),
            filters.TASKS,
            ("created_at", "complete_till", "id"),
            scalar="after",
            among=among,
        )
        return self._page(listing, query, "tasks")

    def task(self, query: Query, id_: str) -> Reply:
        row = self._world.tasks.get(int(id_))
        return Answer(204) if row is None else good(shapes.task(self._world, row, query.with_))

    def events(self, query: Query) -> Reply:
        """Newest first, at most 100."""
        world, asked = self._world, query.filter
        wrong = _events_misuse(asked)
        if wrong:
            return problem(400, wrong)
        among = None
        if "id" in asked:
            among = [shapes.event_number(word) for word in ask.words(asked["id"])]
        elif "entity_id" in asked:
            kind = ask.words(asked["entity"])[0]
            among = [id_ for card in ask.ids(asked["entity_id"]) for id_ in world.events.grouped((kind, card))]
        listing = Listing(
            "events",
            world.events,
            lambda row, with_: self._event(row, with_),
            filters.EVENTS,
            ("created_at",),
            ("created_at", True),
            withs=frozenset(f"{kind}_name" for kind in SINGULAR.values()),
            scalar="after",
            among=among,
            events=True,
            keep=False,
        )
        return self._page(listing, query, "events")

    def _event(self, row: Event, with_: frozenset[str]) -> Any:
        """with=lead_name and its like add the name of the card."""
        shown = shapes.event(self._world, row, with_)
        if f"{row.entity_type}_name" in with_:
            plural = next(many for many, one in SINGULAR.items() if one == row.entity_type)
            card = (
                self._world.lead(row.entity_id) if plural == "leads" else self._world.cards(plural).get(row.entity_id)
            )
            shown["_embedded"]["entity"]["name"] = None if card is None else card.name
        return shown

    def event(self, query: Query, id_: str) -> Reply:
        row = self._world.events.get(shapes.event_number(id_))
        return Answer(204) if row is None else good(self._event(row, query.with_))

    def event_types(self, query: Query) -> Reply:
        rows = [{"key": key, "type": n, "lang": words} for n, (key, words) in enumerate(EVENT_TYPES.items(), 1)]
        return whole("events_types", rows, self._url("events/types"))

    def unsorted(self, query: Query) -> Reply:
        world = self._world
        listing = Listing(
            "unsorted",
            world.unsorted,
            lambda row, with_: shapes.unsorted(world, row, with_),
            filters.UNSORTED,
            ("created_at", "updated_at"),
            ("created_at", True),
            keep=False,
        )
        return self._page(listing, query, "leads/unsorted")

    def unsorted_one(self, query: Query, uid: str) -> Reply:
        """404 here, not 204."""
        for row in self._world.unsorted:
            if row.uid == uid:
                return good(shapes.unsorted(self._world, row, query.with_))
        return problem(404, "Unsorted was not found")

    def unsorted_summary(self, query: Query) -> Reply:
        rows = list(self._world.unsorted)
        categories = {kind: sum(row.category == kind for row in rows) for kind in ("sip", "mail", "forms", "chats")}
        return good(
            {
                "total": len(rows),
                "accepted": 0,
                "declined": 0,
                "average_sort_time": 0,
                "categories": {kind: {"total": count} for kind, count in categories.items()},
                "_links": {"self": {"href": self._url("leads/unsorted/summary")}},
            }
        )

    def _page(self, listing: Listing, query: Query, path: str) -> Rows:
        return page(listing, query, self._url(path), self._switches)

    def _url(self, path: str) -> str:
        return f"{self._world.base}/api/v4/{path}"


def _events_misuse(asked: dict[str, Any]) -> str:
    """The rules of crm/amocrm 2 and 3.8."""
    if len(ask.words(asked.get("created_by"))) > 10 or len(ask.words(asked.get("entity_id"))) > 10:
        return "At most 10 created_by and 10 entity_id"
    if "entity_id" in asked and len(ask.words(asked.get("entity"))) != 1:
        return "entity_id needs exactly one entity"
    types = ask.words(asked.get("type"))
    if len(types) > 1 and any(word.startswith("custom_field_") and word[13:14].isdigit() for word in types):
        return "custom_field_{ID}_value_changed must be the only type"
    return ""


EVENT_TYPES = {
    "lead_added": "Новая сделка",
    "lead_deleted": "Сделка удалена",
    "lead_restored": "Сделка восстановлена",
    "lead_status_changed": "Изменение этапа продажи",
    "contact_added": "Новый контакт",
    "company_added": "Новая компания",
    "entity_responsible_changed": "Ответственный изменен",
    "entity_merged": "Выполнено объединение",
    "sale_field_changed": "Изменение поля «Бюджет»",
    "name_field_changed": "Изменение поля «Название»",
    "custom_field_value_changed": "Изменение поля",
    "task_added": "Новая задача",
    "task_deleted": "Задача удалена",
    "task_completed": "Завершение задачи",
    "task_type_changed": "Изменение типа задачи",
    "task_text_changed": "Изменение текста задачи",
    "task_deadline_changed": "Изменение даты исполнения задачи",
    "task_result_added": "Результат по задаче",
    "incoming_call": "Входящий звонок",
    "outgoing_call": "Исходящий звонок",
    "outgoing_sms": "Исходящее SMS",
    "incoming_chat_message": "Входящее сообщение",
    "outgoing_chat_message": "Исходящее сообщение",
    "common_note_added": "Новое примечание",
    "service_note_added": "Новое системное примечание",
}
