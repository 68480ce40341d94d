"""Rows -> records with what this account knows: its stages, people, currency, and what the program wants kept.

Stages and people are asked for with the first row: a quiet cycle needs none.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from connector.errors import Refused
from connector.provider import Kit
from connector.records import (
    Call,
    Client,
    Deadline,
    Deal,
    Done,
    Lead,
    LossReason,
    Meeting,
    Message,
    Move,
    Owner,
    Price,
    Record,
    Ref,
    Removal,
    Stage,
    Task,
    User,
)
from providers.amocrm.client import Client as Calls
from providers.amocrm.directory import Directory
from providers.amocrm.mapping import cards, history, work
from providers.amocrm.mapping.values import Row, embedded, ref, table

Make = Callable[[Row], Record | None]


class Makers:
    """Each method gives the function that makes one kind."""

    def __init__(self, kit: Kit, calls: Calls, directory: Directory) -> None:
        self._kit, self._calls, self._directory = kit, calls, directory
        self._customers: dict[str, tuple[Ref, ...]] = {}

    def of(self, kind: type[Record], part: str = "") -> Make:
        """`part`: which of the kind's lists, `contact` or `company` for clients, the entity for calls."""
        plain: dict[type[Record], Make] = {
            Lead: cards.enquiry, Move: history.move, Owner: history.owner, Removal: history.removal, Done: history.done,
            Deadline: history.deadline, Message: history.message, Meeting: work.meeting, Task: work.task,
        }  # fmt: skip
        if kind is Client:
            return lambda row: cards.client(part, row, self._kit.hash_phone, self._kit.keep_names)
        if kind is Deal:
            return self._deal()
        if kind is Price:
            currency = self.currency()
            return lambda row: history.price(row, currency)
        if kind is Call:
            return self._call(part)
        return plain[kind]

    def currency(self) -> str | None:
        """The account's, where it tells."""
        told = self._directory.account().get("currency")
        return str(told) if told else None

    def meet(self, records: list[Record]) -> None:
        """Let the directory see whom and what these records name."""
        people = {getattr(record, "owner_id", None) or getattr(record, "user_id", None) for record in records}
        self._directory.meet(User, people)
        self._directory.meet(Stage, {getattr(record, "stage_id", None) for record in records})
        self._directory.meet(LossReason, {getattr(record, "loss_reason_id", None) for record in records})

    def _deal(self) -> Make:
        kit = self._kit

        @cache
        def how() -> cards.Reading:
            stages = self._directory.unsorted()
            wanted = (*kit.wanted_fields, *kit.optional_fields)
            return cards.Reading(self.currency(), stages, wanted, kit.currency_field, kit.test_words)

        return lambda row: cards.deal(row, how())

    def _call(self, entity: str) -> Make:
        users = cache(lambda: self._directory.known(User))
        return lambda row: work.call(row, self._on(entity, row), users(), self._kit.hash_phone)

    def _on(self, entity: str, row: Row) -> tuple[Ref, ...]:
        """What a call hangs on; a customer («Покупатель») is none of our records, its company or contact is."""
        found = ref(entity, row.get("entity_id"))
        if found is None or entity != "customers":
            return (found,) if found else ()
        if found not in self._customers:
            self._customers[found] = self._clients_of(str(row["entity_id"]))
        return self._customers[found]

    def _clients_of(self, customer: str) -> tuple[Ref, ...]:
        try:
            card = table(self._calls.get(f"customers/{customer}", include=("contacts", "companies")))
        except Refused:
            return ()
        refs = [ref(kind, item.get("id")) for kind in ("companies", "contacts") for item in embedded(card, kind)]
        return tuple(found for found in refs if found)
