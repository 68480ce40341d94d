"""The KPI card: one item of our smart process for each person and period, found again by a key field of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from connector.errors import KpiError, NotThere, Refused
from connector.wishes import Delivered, UpsertCard
from providers.bitrix24 import php
from providers.bitrix24.batch import Command, Reply
from providers.bitrix24.client import Client
from providers.bitrix24.jobs import Job, carry_out, slots_of, update
from providers.bitrix24.lane import Lane, Row
from providers.bitrix24.layout import CARDS, KEY, Home, find_homes
from providers.bitrix24.lists import items
from providers.bitrix24.mapping.fields import customs
from providers.bitrix24.values import Slot, compare

_NO_HOME = "there is no smart process for KPI cards: an administrator must run prepare, or the plan forbids it"
_HOMES = f"several smart processes are called {' or '.join(map(repr, CARDS))}: keep one, rename the others"


@dataclass(frozen=True, slots=True)
class Place:
    """The smart process and our fields in it."""

    home: Home
    slots: Mapping[str, Slot]


@dataclass(slots=True)
class Cards:
    """Delivers cards. `home` is where prepare found it; else it is looked for once."""

    client: Client
    home: Home | None = None
    _place: Place | None = None

    def deliver(self, wishes: Sequence[UpsertCard]) -> list[Delivered]:
        """Update the card where it is found, by id or by key; else add it, so a lost answer makes no second one."""
        place = self._find_place()
        if isinstance(place, str):
            return [Delivered(key=wish.key, status="rejected", message=place) for wish in wishes]
        rows = self._current(wishes, place)
        jobs = {f"card_{number}": _job(wish, rows[number], place) for number, wish in enumerate(wishes)}
        sending = {name: job for name, job in jobs.items() if job.change.write or job.crm_id is None}
        standing = [job.standing() for name, job in jobs.items() if name not in sending]
        return standing + carry_out(self.client, sending)

    def _find_place(self) -> Place | str:
        """Or why there is none. Which of two homes a card is in cannot be told, and a second card would be made."""
        if self._place is None:
            try:
                homes = [self.home] if self.home else find_homes(self.client, CARDS)
            except Refused:
                return _NO_HOME
            if len(homes) != 1:
                return _HOMES if homes else _NO_HOME
            fields = self.client.call("crm.item.fields", {"entityTypeId": homes[0].entity_type_id})
            known = customs(php.table(fields.result).get("fields"), ())
            self._place = Place(homes[0], slots_of(known, str(homes[0].type_id)))
        return self._place

    def _current(self, wishes: Sequence[UpsertCard], place: Place) -> list[Row | None]:
        """The card of each wish as it is now, None where there is none yet."""
        rows = self._listed(wishes, place)
        missed = [number for number, row in enumerate(rows) if row is None]
        again = self._missed([wishes[number] for number in missed], place)
        for number, row in zip(missed, again, strict=True):
            rows[number] = row
        return rows

    def _listed(self, wishes: Sequence[UpsertCard], place: Place) -> list[Row | None]:
        lane = _lane(place)
        commands = self._by_key(wishes, place)
        for number, wish in enumerate(wishes):
            if _known(wish):
                commands[f"id_{number}"] = _where(lane, "id", str(wish.crm_id))
        replies = self.client.each(commands)
        return [
            _first(lane, replies.get(f"id_{number}")) or _first(lane, replies.get(f"key_{number}"))
            for number in range(len(wishes))
        ]

    def _missed(self, wishes: Sequence[UpsertCard], place: Place) -> list[Row | None]:
        """Looked for once more: a list that says it has nothing is not believed at once, as a second card is made."""
        gets = {
            f"id_{number}": Command("crm.item.get", {"entityTypeId": place.home.entity_type_id, "id": wish.crm_id})
            for number, wish in enumerate(wishes)
            if _known(wish)
        }
        commands = self._by_key(wishes, place) | gets
        replies = self.client.read(commands) if commands else {}
        for reply in replies.values():
            if isinstance(reply, KpiError) and not isinstance(reply, NotThere):
                raise reply
        return [
            _item(replies.get(f"id_{number}")) or _first(_lane(place), replies.get(f"key_{number}"))
            for number in range(len(wishes))
        ]

    def _by_key(self, wishes: Sequence[UpsertCard], place: Place) -> dict[str, Command]:
        if KEY.code not in place.slots:
            return {}
        name, lane = place.slots[KEY.code].name, _lane(place)
        return {f"key_{number}": _where(lane, name, _key(wish)) for number, wish in enumerate(wishes)}


def _job(wish: UpsertCard, row: Row | None, place: Place) -> Job:
    entity = place.home.entity_type_id
    change = compare(wish.values, wish.last, place.slots, row or {})
    if row is not None:
        crm_id = str(row["id"])
        return Job(wish.key, crm_id, change, place.slots, update(entity, crm_id, change, place.slots))
    slots = place.slots
    fields = {slots[code].name: value for code, value in change.write.items() if value is not None}
    if KEY.code in slots:
        fields[slots[KEY.code].name] = _key(wish)
    fields |= {"title": wish.title, "assignedById": wish.user_id}
    return Job(wish.key, None, change, slots, Command("crm.item.add", {"entityTypeId": entity, "fields": fields}))


def _key(wish: UpsertCard) -> str:
    return f"{wish.user_id}/{wish.period}"


def _known(wish: UpsertCard) -> bool:
    return wish.crm_id is not None and wish.crm_id.isdigit()


def _lane(place: Place) -> Lane:
    names = sorted({slot.name for slot in place.slots.values()})
    return items("cards", place.home.entity_type_id, ("id", *names))


def _where(lane: Lane, name: str, value: str) -> Command:
    return replace(lane, where={f"={name}": value}).page(0, None)


def _first(lane: Lane, outcome: Reply | KpiError | None) -> Row | None:
    return next(iter(lane.rows(outcome.result)), None) if isinstance(outcome, Reply) else None


def _item(outcome: Reply | KpiError | None) -> Row | None:
    row = php.table(php.table(outcome.result).get("item")) if isinstance(outcome, Reply) else {}
    return row if row.get("id") else None
