"""Who is away on which whole days: events of people's calendars that say "absent" (calendar.accessibility.get).

The method is documented (b24-rest-docs, api-reference/calendar/calendar-event/calendar-accessibility-get.md): by user,
the events that keep him busy, each with ACCESSIBILITY busy, absent, quest or free, and DT_SKIP_TIME for whole days. It
tells no kind of absence, so all are "other"; the event's name is private and not kept. It needs the scope `calendar`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from connector.errors import Broken
from connector.records import Absence
from providers.bitrix24 import php
from providers.bitrix24.batch import Command
from providers.bitrix24.client import Client
from providers.bitrix24.lane import Row

USERS = 20
"""People a command: a busy month of each is a hundred events."""
STRETCH = timedelta(days=31)
_METHOD = "calendar.accessibility.get"


def absences(client: Client, users: Sequence[str], first: date, last: date) -> list[Absence]:
    """Every whole day away of these people that touches the days from `first` to `last`, both included.

    Raises Forbidden without the scope, and Broken for an answer of another shape. An absence whose days cannot be read
    is told to `client.noticed` and left out.
    """
    replies = client.each(dict(_commands(users, first, last)))
    found: dict[str, Absence] = {}
    unread = 0
    try:
        for reply in replies.values():
            for user, events in php.table(reply.result).items():
                for row in php.rows(events):
                    if isinstance(row, dict) and _away(row):
                        one = _absence(user, row)
                        unread += one is None
                        found |= {} if one is None else {one.id: one}
    except ValueError as error:
        raise Broken(f"absences cannot be read: {error}", where=client.http.where) from None
    if unread:
        client.noticed(f"{unread} absences in calendars have days that cannot be read; they pause nobody's time")
    return [found[id] for id in sorted(found)]


def _commands(users: Sequence[str], first: date, last: date) -> Iterator[tuple[str, Command]]:
    start = first
    while start <= last:
        end = min(start + STRETCH, last)
        for n in range(0, len(users), USERS):
            asked = {"from": start.isoformat(), "to": end.isoformat(), "users": list(users[n : n + USERS])}
            yield f"away_{start:%Y%m%d}_{n}", Command(_METHOD, asked)
        start = end + timedelta(days=1)


def _away(row: Row) -> bool:
    return row.get("ACCESSIBILITY") == "absent" and str(row.get("DT_SKIP_TIME")).upper() == "Y"


def _absence(user: str, row: Row) -> Absence | None:
    """One event; None where its days are written in a way that nobody documented."""
    try:
        days = [php.day(row.get(name)) for name in ("DATE_FROM", "DATE_TO")]
    except ValueError:
        return None
    first, last = (date.fromisoformat(day) if day else None for day in days)
    return None if first is None or last is None or last < first else Absence.of(user, "other", first, last)
