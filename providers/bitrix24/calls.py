"""Calls: the telephony's statistics, or the CRM's own call activities where the statistics may not be read.

Statistics only grow, but a row gets its client and activity later: every hour the last two days are read again, from
the id that was reached then, so that no condition on time is needed. A call never names its deal; its activity may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace

from connector.errors import Forbidden, NotThere
from connector.provider import Page
from connector.records import Call
from providers.bitrix24 import php
from providers.bitrix24.batch import PAGE, Command
from providers.bitrix24.client import Client
from providers.bitrix24.cursor import Cursor, Mark, ms
from providers.bitrix24.lane import Row
from providers.bitrix24.lists import CALL_ACTIVITIES, CALLS
from providers.bitrix24.mapping import activity, sift
from providers.bitrix24.walk import Step, Walker

WINDOW = timedelta(days=2)
"""How long a call's row may still change."""
EVERY = timedelta(hours=1)
"""How often that window is read again."""
_BY_ACTIVITIES = (
    "call statistics may not be read: calls are taken from activities, with talk time as end minus start;"
    " give the webhook's owner «Статистика звонков — просмотр» and the webhook the scope telephony"
)


@dataclass(frozen=True, slots=True)
class Calls:
    """Reads calls from whichever source is open."""

    client: Client
    walker: Walker
    hash_phone: Callable[[str], str]
    noticed: Callable[[str], None]

    def pull(self, cursor: Cursor) -> Iterator[Page]:
        """Pages of calls. The source may change between pulls; a source not read before is read from its start."""
        begun = False
        try:
            for page in self._statistics(cursor):
                begun = True
                yield page
        except (Forbidden, NotThere):
            if begun:
                raise
            self.noticed(_BY_ACTIVITIES)
            yield from self._activities(cursor)

    def find(self, ids: Iterable[str]) -> dict[str, Row]:
        """Activities by id, 50 a command; those deleted or hidden are left out."""
        wanted = list(dict.fromkeys(ids))
        select = ["ID", "OWNER_ID", "OWNER_TYPE_ID"]
        commands = {
            f"activities_{first}": Command(
                "crm.activity.list", {"select": select, "filter": {"ID": wanted[first : first + PAGE]}, "start": -1}
            )
            for first in range(0, len(wanted), PAGE)
        }
        found = [row for reply in self.client.each(commands).values() for row in php.rows(reply.result)]
        return {str(row["ID"]): row for row in found if isinstance(row, dict) and "ID" in row}

    def _statistics(self, cursor: Cursor) -> Iterator[Page]:
        mark = cursor.marks.get(CALLS.name, Mark())
        now = ms(self.client.now())
        if mark.now is None and mark.since is not None and now - cursor.reread >= EVERY.total_seconds() * 1000:
            mark, cursor = replace(mark, id=cursor.tail), replace(cursor, reread=now)
        elif mark.since is None and not cursor.reread:
            cursor = replace(cursor, reread=now)
        settled = True
        first = mark.since is None
        for step in self.walker.walk((CALLS,), {CALLS.name: mark}, enrich=self._of_rows):
            rows = step.rows.get(CALLS.name, [])
            read = partial(activity.call, activities=step.extra, hash_phone=self.hash_phone)
            records, refused = sift(Call, rows, read)
            if first:
                cursor = _first_read(cursor, rows, step)
            else:
                last, settled = _settled(rows, step.told_at - WINDOW) if settled else (0, False)
                cursor = replace(cursor, marks=step.marks, tail=max(cursor.tail, last))
            yield Page(records, cursor.encode(), step.told_at, refused, step.total)

    def _of_rows(self, rows: Mapping[str, list[Row]]) -> dict[str, Row]:
        """The activities that these calls name."""
        calls = rows.get(CALLS.name, [])
        return self.find(ident for row in calls if (ident := php.key(row.get("CRM_ACTIVITY_ID"))))

    def _activities(self, cursor: Cursor) -> Iterator[Page]:
        for step in self.walker.walk((CALL_ACTIVITIES,), cursor.marks):
            records, refused = sift(Call, step.rows.get(CALL_ACTIVITIES.name, []), activity.call_activity)
            yield Page(records, Cursor(marks=step.marks).encode(), step.told_at, refused, step.total)


def _first_read(cursor: Cursor, rows: list[Row], step: Step) -> Cursor:
    """Rows come in no order: what is settled lies before the lowest id that may still change."""
    changing = [CALLS.ids(row) for row in rows if not _settled([row], step.told_at - WINDOW)[1]]
    lowest = min([*changing, *([cursor.fresh] if cursor.fresh is not None else [])], default=None)
    if not step.ended:
        return replace(cursor, marks=step.marks, fresh=lowest)
    tail = step.marks[CALLS.name].id if lowest is None else lowest - 1
    return replace(cursor, marks=step.marks, fresh=None, tail=tail)


def _settled(rows: list[Row], before: datetime) -> tuple[int, bool]:
    """The last id among the leading rows that began before this moment, which no longer change; whether all did."""
    last = 0
    for row in rows:
        try:
            began = php.instant(row.get("CALL_START_DATE"))
        except ValueError:
            began = None  # refused with its reason elsewhere
        if began is not None and began >= before:
            return last, False
        last = CALLS.ids(row)
    return last, True
