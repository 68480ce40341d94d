"""Bitrix24's events: which records one may be about, binding them, and the offline queue that loses none.

Online events are sent once and never again; the queue keeps one row for each changed object until we say that we have
it (`clear=0`: the default deletes on reading, and a crash loses what was read). Both need a local application; a
portal's outgoing webhook, set up by hand, sends the same bodies. Fact sheet 5.
"""

from __future__ import annotations

import hmac
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from connector.errors import Refused
from connector.http.form import at, text
from connector.provider import Hints
from connector.records import Call, Client, Deal, Lead, Meeting, Move, Record, Task, User
from providers.bitrix24 import php
from providers.bitrix24.auth import Application
from providers.bitrix24.client import Client as Rest

_NAMED: Mapping[str, tuple[type[Record], str]] = {
    "ONCRMDEAL": (Deal, ""), "ONCRMLEAD": (Lead, ""), "ONCRMCONTACT": (Client, "contact:"),
    "ONCRMCOMPANY": (Client, "company:"),
}  # fmt: skip
"""Beginning of an event's name → the kind, and what stands before its numbers in our ids."""
_STREAMS: Mapping[str, frozenset[type[Record]]] = {
    "ONCRMACTIVITY": frozenset({Call, Meeting, Task}),
    "ONVOXIMPLANTCALLEND": frozenset({Call}),
    "ONUSER": frozenset({User}),
}
_WHOLE = frozenset({"ONCRMDEALMOVETOCATEGORY"})
_ACTIONS = ("ADD", "UPDATE", "DELETE")
EVENTS = (
    *(f"{begin}{action}" for begin in (*_NAMED, "ONCRMACTIVITY") for action in _ACTIONS),
    *(f"ONTASK{action}" for action in _ACTIONS),
    "ONVOXIMPLANTCALLEND",
)
QUEUE = "ONOFFLINEEVENT"
FOLLOWS: Mapping[type[Record], frozenset[type[Record]]] = {Deal: frozenset({Move}), Lead: frozenset({Move})}
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_AT_ONCE = 50


def hints(fields: Mapping[str, Any], known: str | None, token: str | None) -> Hints:
    """Of one body. `known`: the installation's member_id, or the portal's host; `token`: the application's, if any."""
    told = text(at(fields, "auth", "member_id")), text(at(fields, "auth", "domain"))
    if token is not None and not _same(text(at(fields, "auth", "application_token")), token):
        return Hints(refused="its application token is not ours")
    if known is None or known not in told:
        return Hints(refused="it names another portal")
    return of_event(text(fields.get("event")), fields.get("data"))


def _same(posted: str, ours: str) -> bool:
    """As bytes: anybody may post what is no ASCII, and of such texts no two can be compared."""
    return hmac.compare_digest(posted.encode("utf-8", "replace"), ours.encode())


def of_event(event: str, data: Any) -> Hints:
    """Names come in capitals or camel-cased; what is of no use to us is no hint."""
    name = event.upper()
    if name == QUEUE:
        return Hints(queue=True)
    for begin, kinds in _STREAMS.items():
        if name.startswith(begin):
            return Hints(streams=kinds)
    if name.startswith("ONTASK") and name.removeprefix("ONTASK") in _ACTIONS:
        numbers = (text(at(data, side, "ID")) for side in ("FIELDS_AFTER", "FIELDS_BEFORE"))
        return _about(Task, (number for number in numbers if _NUMBER.fullmatch(number)))
    for begin, (kind, prefix) in _NAMED.items():
        if name in _WHOLE or name.removeprefix(begin) in _ACTIONS:
            number = text(at(data, "FIELDS", "ID"))
            if name.startswith(begin) and _NUMBER.fullmatch(number):
                return _about(kind, (prefix + number,))
    return Hints()


def _about(kind: type[Record], ids: Iterable[str]) -> Hints:
    found = frozenset(ids)
    return Hints({kind: found}) if found else Hints()


class Events:
    """Bound handlers and the queue of one portal."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._looked_back = False
        self._open: set[str] = set()
        """Parcels handed out here and not settled: nobody is given them again who does not look back."""

    def on(self, address: str) -> None:
        """Bind what is not bound yet: what a second bind of the same answers is nowhere written."""
        self._needs_an_application()
        bound = self._bound()
        for event in (*EVENTS, QUEUE):
            if (event, address) not in bound:
                self._rest.call("event.bind", {"event": event, "handler": address}, kind="write")
        for event in EVENTS:
            if (event, "") not in bound:
                self._rest.call("event.bind", {"event": event, "event_type": "offline"}, kind="write")

    def off(self, address: str) -> None:
        """Unbind ours, of both sorts."""
        self._needs_an_application()
        for event, handler in self._bound():
            if handler == address:
                self._rest.call("event.unbind", {"event": event, "handler": address}, kind="write")
            elif handler == "":
                self._rest.call("event.unbind", {"event": event, "event_type": "offline"}, kind="write")

    def state(self, address: str) -> Literal["on", "off", "disabled"]:
        """Whether every event is told to this address."""
        self._needs_an_application()
        return "on" if {(event, address) for event in EVENTS} <= self._bound() else "off"

    def queued(self) -> Iterator[tuple[str, Hints]]:
        """What was taken and never settled, by an earlier process or here, then what waits, 50 rows at a time."""
        if not isinstance(self._rest.grant, Application):
            return
        if self._open or not self._looked_back:
            yield from self._left_behind()
            self._looked_back = True
        while True:
            told = php.table(self._rest.call("event.offline.get", {"clear": 0, "limit": _AT_ONCE}, kind="write").result)
            rows = php.rows(told.get("events"))
            parcel = php.key(told.get("process_id"))
            if not rows or parcel is None:
                return
            self._open.add(parcel)
            yield parcel, _together(rows)
            if len(rows) < _AT_ONCE:
                return

    def settle(self, parcel: str) -> None:
        """These rows need not wait any longer."""
        self._rest.call("event.offline.clear", {"process_id": parcel}, kind="write")
        self._open.discard(parcel)

    def _left_behind(self) -> Iterator[tuple[str, Hints]]:
        by_parcel: dict[str, list[Any]] = defaultdict(list)
        for row in php.rows(self._rest.call("event.offline.list", {}).result):
            if isinstance(row, dict) and (parcel := php.key(row.get("PROCESS_ID"))) is not None:
                by_parcel[parcel].append(row)
        self._open = set(by_parcel)
        for parcel, rows in by_parcel.items():
            yield parcel, _together(rows)

    def _bound(self) -> set[tuple[str, str]]:
        """(event, address); the address of offline ones is empty."""
        found = set()
        for row in map(php.table, php.rows(self._rest.call("event.get", {}).result)):
            offline = php.truth(row.get("offline")) or False
            found.add((str(row.get("event", "")).upper(), "" if offline else str(row.get("handler", ""))))
        return found

    def _needs_an_application(self) -> None:
        if not isinstance(self._rest.grant, Application):
            raise Refused(
                "an incoming webhook cannot bind events",
                where=self._rest.http.where,
                done="reading goes on as before, every few minutes",
                todo="in the portal make an outgoing webhook with this address, or connect by a local application",
            )


def _together(rows: Iterable[Any]) -> Hints:
    """Rows of the queue as one hint; what is no row hints at nothing."""
    ids: dict[type[Record], set[str]] = defaultdict(set)
    streams: set[type[Record]] = set()
    for row in (row for row in rows if isinstance(row, dict)):
        data = row.get("EVENT_DATA")
        found = of_event(str(row.get("EVENT_NAME", "")), _texts(data) if isinstance(data, dict) else None)
        streams |= found.streams
        for kind, some in found.ids.items():
            ids[kind] |= some
    return Hints({kind: frozenset(some) for kind, some in ids.items()}, frozenset(streams))


def _texts(data: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers of JSON as the texts they are in a form, as deep as an id stands: FIELDS, and in it ID."""
    return {name: _flat(value) if isinstance(value, dict) else _text(value) for name, value in data.items()}


def _flat(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in fields.items()}


def _text(value: Any) -> str:
    return "" if isinstance(value, dict | list) else php.plain(value)
