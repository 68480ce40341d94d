"""Wishes into the portal: look, write in batches, judge each command alone, believe only what reads back. Sheet 4.

A chunk of wishes of one sort is one batch that looks and one that writes. Where the portal stops us before anything of
a chunk ran, the rest is told "retry" and the error goes up; where an answer is lost, only that chunk is "unknown".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from connector.errors import NeedsPerson, TryLater
from connector.wishes import AddTask, CloseTask, Delivered, SetFields, UpsertCard, Wish
from providers.bitrix24.cards import Cards
from providers.bitrix24.client import Client
from providers.bitrix24.jobs import Job, carry_out, slots_of, update
from providers.bitrix24.lane import Lane, Row
from providers.bitrix24.layout import Home
from providers.bitrix24.lists import DEAL, items
from providers.bitrix24.streams import Streams
from providers.bitrix24.tasks import Tasks
from providers.bitrix24.values import Slot, compare

CHUNK = 25
"""Wishes of one sort at a time: looking takes up to two commands each."""
Deliver = Callable[[Sequence[Any]], list[Delivered]]


@dataclass(slots=True)
class Writing:
    """Delivers wishes to one portal."""

    client: Client
    streams: Streams
    account: str
    cards: Cards = field(init=False)
    tasks: Tasks = field(init=False)

    def __post_init__(self) -> None:
        self.cards = Cards(self.client)
        self.tasks = Tasks(self.client)

    def settle(self, home: Home | None) -> None:
        """Where cards live from now on; None: look for it again."""
        self.cards = Cards(self.client, home)

    def apply(self, wishes: Sequence[Wish]) -> Iterator[Delivered]:
        """One outcome for each wish. Raises, after telling "retry" for the rest, what stops the whole account."""
        waiting = list(_chunks(wishes))
        sorts: dict[type[Wish], Deliver] = {
            SetFields: self._set_fields,
            UpsertCard: self.cards.deliver,
            AddTask: self.tasks.add,
            CloseTask: self.tasks.close,
        }
        for place, chunk in enumerate(waiting):
            try:
                outcomes = sorts[type(chunk[0])](chunk)
            except (TryLater, NeedsPerson) as error:
                rest = [wish for later in waiting[place:] for wish in later]
                yield from (Delivered(key=wish.key, status="retry", message=str(error)) for wish in rest)
                raise
            yield from outcomes

    def find(self, wish: AddTask) -> str | None:
        """The id of the task with this wish's marker."""
        return self.tasks.find([wish]).get(wish.key)

    def replies(self, tasks: Sequence[str]) -> dict[str, str]:
        """What people wrote on closed tasks."""
        return self.tasks.replies(tasks)

    def _set_fields(self, wishes: Sequence[SetFields]) -> list[Delivered]:
        slots = slots_of(self.streams.portal().customs)
        rows = self._current(wishes, slots)
        outcomes: list[Delivered] = []
        jobs: dict[str, Job] = {}
        for place, wish in enumerate(wishes):
            row = rows.get(wish.deal_id)
            if row is None:
                told = "the deal is not there (any more), or hidden from the webhook's owner"
                outcomes.append(Delivered(key=wish.key, status="rejected", message=told))
                continue
            change = compare(wish.values, wish.last, slots, row)
            job = Job(wish.key, wish.deal_id, change, slots, update(DEAL, wish.deal_id, change, slots))
            if change.write:
                jobs[f"deal_{place}"] = job
            else:
                outcomes.append(job.standing())
        return outcomes + carry_out(self.client, jobs)

    def _current(self, wishes: Sequence[SetFields], slots: Mapping[str, Slot]) -> dict[str, Row]:
        """What stands in our fields on these deals now. Those that are missed are asked for once more: a wish whose
        deal is not there is refused, and not tried again.
        """
        ids = {int(wish.deal_id) for wish in wishes if wish.deal_id.isdigit()}
        names = {slots[code].name for wish in wishes for code in wish.values if code in slots}
        lane = items("deals", DEAL, ("id", *sorted(names)))
        rows = self._listed(lane, ids)
        return rows | self._listed(lane, ids - {int(id) for id in rows})

    def _listed(self, lane: Lane, ids: Set[int]) -> dict[str, Row]:
        if not ids:
            return {}
        asked = replace(lane, where={"@id": sorted(ids)})
        reply = self.client.each({"deals": asked.page(0, None)})["deals"]
        return {str(lane.ids(row)): row for row in lane.rows(reply.result)}


def _chunks(wishes: Sequence[Wish]) -> Iterator[list[Wish]]:
    for _, alike in groupby(sorted(wishes, key=lambda wish: type(wish).__name__), key=type):
        same = list(alike)
        yield from (same[first : first + CHUNK] for first in range(0, len(same), CHUNK))
