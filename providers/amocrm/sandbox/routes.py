"""Which address does what, who may, and what amoCRM says to wrong addresses and verbs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from providers.amocrm.sandbox.answers import Answer, problem
from providers.amocrm.sandbox.directories import Directories
from providers.amocrm.sandbox.lists import Switches
from providers.amocrm.sandbox.query import Query
from providers.amocrm.sandbox.read_activity import ActivityReads
from providers.amocrm.sandbox.reads import Reads, Reply
from providers.amocrm.sandbox.world import World
from providers.amocrm.sandbox.write_calls import CallWrites, UnsortedWrites
from providers.amocrm.sandbox.write_cards import CardWrites, Hand
from providers.amocrm.sandbox.write_fields import FieldWrites
from providers.amocrm.sandbox.write_hooks import HookWrites
from providers.amocrm.sandbox.write_lists import ListWrites
from providers.amocrm.sandbox.write_notes import NoteWrites
from providers.amocrm.sandbox.write_tasks import TaskWrites

CARDS = "(leads|contacts|companies)"
ALL_CARDS = "(leads|contacts|companies|customers)"
FIELDED = r"(leads|contacts|companies|customers|catalogs/\d+)"


@dataclass(frozen=True, slots=True)
class Call:
    """One authorised call of the API: path below /api/v4/, the body already decoded."""

    method: str
    path: str
    query: Query
    body: Any
    user: int
    admin: bool
    now: datetime

    @property
    def hand(self) -> Hand:
        return Hand(self.user, int(self.now.timestamp()))


Do = Callable[..., Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """`admin`: others get 403."""

    method: str
    pattern: re.Pattern[str]
    do: Do
    admin: bool = False


class Routes:
    """The table."""

    def __init__(self, world: World, switches: Switches) -> None:
        self._switches = switches
        self._routes = (*self._reads(world, switches), *self._writes(world, switches))

    def answer(self, call: Call) -> Reply:
        """What this call gets."""
        verbs = set()
        for route in self._routes:
            found = route.pattern.fullmatch(call.path)
            if found is None:
                continue
            verbs.add(route.method)
            if route.method != call.method:
                continue
            if route.admin and (not call.admin or (self._switches.external and call.path.startswith("users"))):
                return problem(403, "Forbidden")
            return self._do(route, call, [part for part in found.groups() if part is not None])
        if verbs:
            return problem(405, f"Method {call.method} is not allowed")
        return problem(404, f"Cannot {call.method} /api/v4/{call.path}")

    @staticmethod
    def _do(route: Route, call: Call, parts: list[str]) -> Reply:
        if call.path == "account":
            return route.do(call.query, call.user, call.now)
        return route.do(call.query if call.method == "GET" else call.body, *_hand(call), *parts)

    @staticmethod
    def _reads(world: World, switches: Switches) -> list[Route]:
        reads, hanging, told = Reads(world, switches), ActivityReads(world, switches), Directories(world, switches)
        table: list[tuple[str, Do]] = [
            ("account", told.account),
            ("users", told.users),
            (r"users/(\d+)", told.user),
            ("roles", told.roles),
            ("leads/pipelines", told.pipelines),
            (r"leads/pipelines/(\d+)", told.pipeline),
            (r"leads/pipelines/(\d+)/statuses", told.statuses),
            ("leads/loss_reasons", told.loss_reasons),
            (r"leads/loss_reasons/(\d+)", told.loss_reason),
            ("leads/unsorted", hanging.unsorted),
            ("leads/unsorted/summary", hanging.unsorted_summary),
            (r"leads/unsorted/(\w+)", hanging.unsorted_one),
            (ALL_CARDS, reads.cards),
            (rf"{ALL_CARDS}/(\d+)", reads.card),
            (rf"{CARDS}/(\d+)/links", reads.links),
            (rf"{ALL_CARDS}/notes", hanging.notes),
            (rf"{ALL_CARDS}/(\d+)/notes", hanging.notes),
            (rf"{ALL_CARDS}/notes/(\d+)", hanging.note),
            (rf"{ALL_CARDS}/(\d+)/notes/(\d+)", hanging.note),
            ("tasks", hanging.tasks),
            (r"tasks/(\d+)", hanging.task),
            ("events", hanging.events),
            ("events/types", hanging.event_types),
            (r"events/(\w{26})", hanging.event),
            (rf"{FIELDED}/custom_fields", told.fields),
            (rf"{FIELDED}/custom_fields/(\d+)", told.field),
            (rf"{FIELDED}/custom_fields/groups", told.field_groups),
            ("catalogs", told.catalogs),
            (r"catalogs/(\d+)", told.catalog),
            (r"catalogs/(\d+)/elements", told.elements),
            (r"catalogs/(\d+)/elements/(\d+)", told.element),
            ("webhooks", told.webhooks),
            (rf"{ALL_CARDS}/tags|sources", lambda query, *_: Answer(204)),
        ]
        admins = ("users", r"users/(\d+)", "roles", "webhooks")
        return [Route("GET", re.compile(path), do, path in admins) for path, do in table]

    @staticmethod
    def _writes(world: World, switches: Switches) -> list[Route]:
        cards, tasks, notes, calls = CardWrites(world), TaskWrites(world), NoteWrites(world), CallWrites(world)
        unsorted, lists = UnsortedWrites(world), ListWrites(world)
        table: list[tuple[str, str, Do]] = [
            ("POST", CARDS, cards.create),
            ("PATCH", CARDS, cards.update),
            ("PATCH", rf"{CARDS}/(\d+)", cards.update_one),
            ("POST", "tasks", tasks.create),
            ("PATCH", "tasks", tasks.update),
            ("PATCH", r"tasks/(\d+)", tasks.update_one),
            ("POST", rf"{CARDS}/notes", notes.create),
            ("POST", rf"{CARDS}/(\d+)/notes", notes.create),
            ("PATCH", rf"{CARDS}/notes", notes.update),
            ("PATCH", rf"{CARDS}/(\d+)/notes", notes.update),
            ("POST", "calls", calls.create),
            ("POST", r"leads/unsorted/(\w+)/accept", unsorted.take),
            ("DELETE", r"leads/unsorted/(\w+)/decline", unsorted.decline),
            ("POST", r"catalogs/(\d+)/elements", lists.create_elements),
            ("PATCH", r"catalogs/(\d+)/elements", lists.update_elements),
            ("PATCH", r"catalogs/(\d+)/elements/(\d+)", lists.update_elements),
        ]
        plain = [Route(method, re.compile(path), do) for method, path, do in table]
        return plain + Routes._admin_writes(world, lists, Directories(world, switches))

    @staticmethod
    def _admin_writes(world: World, lists: ListWrites, told: Directories) -> list[Route]:
        fields, hooks = FieldWrites(world, told), HookWrites(world)
        table: list[tuple[str, str, Do]] = [
            ("POST", rf"{FIELDED}/custom_fields", fields.create),
            ("PATCH", rf"{FIELDED}/custom_fields", fields.update),
            ("PATCH", rf"{FIELDED}/custom_fields/(\d+)", fields.update),
            ("DELETE", rf"{FIELDED}/custom_fields/(\d+)", fields.delete),
            ("POST", rf"{CARDS}/custom_fields/groups", fields.create_groups),
            ("POST", "catalogs", lists.create_catalogs),
            ("POST", "webhooks", hooks.create),
            ("DELETE", "webhooks", hooks.delete),
        ]
        return [Route(method, re.compile(path), do, admin=True) for method, path, do in table]


def _hand(call: Call) -> tuple[Hand, ...]:
    return () if call.method == "GET" else (call.hand,)
