"""amoCRM's webhooks: which records one may be about, and keeping them subscribed.

They bear no signature: that the account named in the body is ours is all there is to check. Their content is never
used; it is full of v2 names and texts for numbers anyway (crm/amocrm fact sheet 5).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from connector.errors import NotThere
from connector.http.form import at, rows, text
from connector.provider import Hints
from connector.records import Call, Client, Deadline, Deal, Done, Lead, Meeting, Move, Owner, Price, Record, Task
from providers.amocrm.client import Client as Calls

EVENTS = (
    *(f"{what}_{whom}" for whom in ("lead", "contact", "company", "task") for what in ("add", "update", "delete")),
    *(f"restore_{whom}" for whom in ("lead", "contact", "company")),
    *("status_lead", "responsible_lead"),
    *(f"note_{whom}" for whom in ("lead", "contact", "company")),
)
FOLLOWS: Mapping[type[Record], frozenset[type[Record]]] = {
    Deal: frozenset({Move, Owner, Price}),
    Lead: frozenset({Move}),
    Task: frozenset({Done, Deadline}),
    Meeting: frozenset({Done, Deadline}),
}
_NUMBER = re.compile(r"^[1-9]\d{0,17}$")
_UID = re.compile(r"^[0-9a-f]{8,64}$")
_CALLS = frozenset({"10", "11"})
"""Numeric types of notes: a call that came in, a call that went out."""
Named = tuple[type[Record], str]


def hints(fields: Mapping[str, Any], known: str | None) -> Hints:
    """Of one body. `known` None: the account was never met, nothing is looked at."""
    told = text(at(fields, "account", "id"))
    if known is None or told != known:
        return Hints(refused="it names another account")
    found: dict[type[Record], set[str]] = defaultdict(set)
    for kind, id_ in _named(fields):
        found[kind].add(id_)
    return Hints({kind: frozenset(ids) for kind, ids in found.items()})


def _named(fields: Mapping[str, Any]) -> Iterator[Named]:
    for entity in ("leads", "contacts", "companies", "customers", "task", "tasks", "unsorted"):
        actions = fields.get(entity)
        for action, items in actions.items() if isinstance(actions, dict) else ():
            for item in rows(items):
                yield from _of(entity, action, item)


def _of(entity: str, action: str, item: Any) -> Iterator[Named]:
    if action == "note":
        yield from _note(at(item, "note"))
    elif entity == "unsorted":
        uid = text(at(item, "uid"))
        yield from ((Lead, uid),) if _UID.match(uid) else ()
    elif entity in ("task", "tasks"):
        # one sample of the vendor nests a further level; what a task is, only looking can tell
        for id_ in (id_ for row in (item, *rows(item)) if (id_ := _id(row))):
            yield from ((Task, id_), (Meeting, id_))
    elif id_ := _id(item):
        yield from _card(entity, id_, company=text(at(item, "type")) == "company")


def _card(entity: str, id_: str, *, company: bool) -> Iterator[Named]:
    """Companies come as contacts of another type."""
    if entity == "leads":
        yield Deal, id_
    elif entity == "companies" or company:
        yield Client, f"company:{id_}"
    elif entity == "contacts":
        yield Client, f"contact:{id_}"


def _note(note: Any) -> Iterator[Named]:
    if (id_ := _id(note)) and text(at(note, "note_type")) in _CALLS:
        yield Call, id_


def _id(item: Any) -> str:
    found = text(at(item, "id"))
    return found if _NUMBER.match(found) else ""


class Subscription:
    """The account's webhooks by address; needs an administrator's token."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def on(self, address: str) -> None:
        """The same address again only changes what is told: amoCRM keeps one of each."""
        self._calls.write("post", "webhooks", {"destination": address, "settings": list(EVENTS)})

    def off(self, address: str) -> None:
        """None where there was none."""
        try:
            self._calls.write("delete", "webhooks", {"destination": address})
        except NotThere:
            return

    def state(self, address: str) -> Literal["on", "off", "disabled"]:
        """amoCRM gives up after a hundred bad answers within two hours, and only people can change that."""
        told = self._calls.rows("webhooks", "webhooks", {"filter[destination]": address}).rows
        ours = [hook for hook in told if hook.get("destination") == address]
        if not ours:
            return "off"
        return "disabled" if ours[0].get("disabled") else "on"
