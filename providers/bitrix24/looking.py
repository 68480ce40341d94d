"""Looking at single records: to confirm a hook or a deletion, and every id there is, for the sweep.

A record missing from a list may be hidden, not deleted. Deleted is only what `…get` denies to an administrator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from connector.errors import Forbidden, KpiError, NotThere, Refused, Unfit
from connector.records import Call, Client, Gone, Move, Record, Refusal, Task
from connector.refusing import readable
from providers.bitrix24.batch import PAGE, Command, Reply
from providers.bitrix24.lane import Lane, Row
from providers.bitrix24.lists import PREFIX, ids_only, lanes_of
from providers.bitrix24.mapping import activity, sift
from providers.bitrix24.portal import DIRECTORIES
from providers.bitrix24.streams import Streams

_GET = {
    "crm.item.list": ("crm.item.get", "id", "item"),
    "crm.activity.list": ("crm.activity.get", "id", ""),
    "tasks.task.list": ("tasks.task.get", "taskId", "task"),
}
"""List method → the method for one record, its parameter, where its answer keeps the record."""


@dataclass(frozen=True, slots=True)
class Looking:
    """Reads by id through the same lists and mappings as the streams."""

    streams: Streams

    def fetch(self, kind: type[Record], ids: Sequence[str]) -> Iterator[Record | Gone]:
        """One answer for each id; those that cannot be read come as Unfit, after the others.

        Raises Forbidden where absence cannot be told from a missing right.
        """
        yield from readable(kind, self._answers(kind, ids), where=self.streams.kit.account)

    def _answers(self, kind: type[Record], ids: Sequence[str]) -> Iterator[Record | Gone | Refusal]:
        if kind in DIRECTORIES:
            found = {entry.id: entry for entry in self._entries(kind)}
            yield from (found.get(ident) or Gone(kind=kind.kind, id=ident) for ident in dict.fromkeys(ids))
            return
        waiting = dict.fromkeys(ids)
        for lane, numbers in self._by_lane(kind, list(waiting)):
            for record in self._listed(kind, lane, list(numbers.values())):
                if record.id in waiting:
                    del waiting[record.id]
                    yield record
            yield from self._asked(kind, lane, {ident: number for ident, number in numbers.items() if ident in waiting})
            waiting = {ident: None for ident in waiting if ident not in numbers}
        yield from (Gone(kind=kind.kind, id=ident) for ident in waiting)  # leads of a portal that has none

    def ids(self, kind: type[Record]) -> Iterator[str]:
        """Every id there is now; walks whole lists and raises rather than end early."""
        if kind in DIRECTORIES:
            yield from (entry.id for entry in self._entries(kind))
            return
        lanes = [ids_only(lane) for lane in self._lanes(kind)]
        for step in self.streams.walker.walk(lanes, {}, rests=False) if lanes else ():
            for name, rows in step.rows.items():
                yield from (ident for row in rows if (ident := _ident(name, row)) is not None)

    def _entries(self, kind: type[Record]) -> list[Record | Refusal]:
        """A directory as it stands; one that cannot be read is there none the less."""
        portal = self.streams.portal(afresh=True)
        return [*portal.refused[kind], *portal.records[kind]]

    def _lanes(self, kind: type[Record]) -> tuple[Lane, ...]:
        """The lists of a kind. Raises Unfit for kinds whose records are never deleted one by one."""
        if kind is Call or kind is Move:
            raise Unfit(f"Bitrix24 never deletes a single {kind.kind}", where=self.streams.kit.account)
        known = self.streams.portal()
        names, extra = self.streams.kit.keep_names, known.reading.extra
        return lanes_of(kind, classic=known.classic, names=names, extra=extra)

    def _by_lane(self, kind: type[Record], ids: Sequence[str]) -> list[tuple[Lane, dict[str, int]]]:
        """The lists to look in, each with our ids and the portal's numbers. Raises Unfit for an id not of this kind."""
        found: list[tuple[Lane, dict[str, int]]] = [(lane, {}) for lane in self._lanes(kind)]
        for ident in ids:
            prefix, number = _number(kind, ident)
            for lane, numbers in found:
                if prefix in (lane.name, ""):
                    numbers[ident] = number
        return [(lane, numbers) for lane, numbers in found if numbers]

    def _listed(self, kind: type[Record], lane: Lane, numbers: Sequence[int]) -> Iterator[Record]:
        by = "@id" if lane.method == "crm.item.list" else "ID"
        commands = {
            f"{lane.name}_{first}": replace(lane, where={**lane.where, by: list(numbers[first : first + PAGE])}).page(
                0, None
            )
            for first in range(0, len(numbers), PAGE)
        }
        read = self.streams.reader(kind)[lane.name]
        for reply in self.streams.rest.each(commands).values():
            yield from sift(kind, lane.rows(reply.result), read)[0]

    def _asked(self, kind: type[Record], lane: Lane, numbers: Mapping[str, int]) -> Iterator[Record | Gone | Refusal]:
        """What no list shows, one by one: back again, or denied and therefore gone."""
        if numbers and not self.streams.portal().admin:
            raise Forbidden(
                f"{len(numbers)} {kind.kind}s are not to be seen; only an administrator's token can prove them deleted",
                where=self.streams.kit.account,
                todo="make the webhook as an administrator",
            )
        method, word, inside = _GET[lane.method]
        fixed = {name: value for name, value in lane.fixed.items() if name == "entityTypeId"}
        commands = {f"one_{number}": Command(method, {**fixed, word: number}) for number in numbers.values()}
        names = list(commands)
        outcomes: dict[str, Reply | KpiError] = {}
        for first in range(0, len(names), PAGE):
            outcomes |= self.streams.rest.read({name: commands[name] for name in names[first : first + PAGE]})
        for ident, number in numbers.items():
            yield self._verdict(kind, lane, ident, outcomes[f"one_{number}"], inside)

    def _verdict(
        self, kind: type[Record], lane: Lane, ident: str, outcome: Reply | KpiError, inside: str
    ) -> Record | Gone | Refusal:
        # the task methods have one answer for "not there" and "not yours"; an administrator may see every task
        denial = Refused if lane.method == "tasks.task.list" else NotThere
        if isinstance(outcome, denial):
            return Gone(kind=kind.kind, id=ident)
        if isinstance(outcome, Refused):
            return Refusal(kind=kind.kind, id=ident, reason=str(outcome), raw="")
        if isinstance(outcome, KpiError):
            raise outcome
        row = outcome.result.get(inside) if inside and isinstance(outcome.result, dict) else outcome.result
        if not row:
            return Gone(kind=kind.kind, id=ident)
        records, refused = sift(kind, [row], self.streams.reader(kind)[lane.name])
        if refused:
            return structs.replace(refused[0], id=ident)
        return records[0] if records else Gone(kind=kind.kind, id=ident)


def _ident(lane: str, row: Row) -> str | None:
    """Our id of a row that holds little else; None for a task that is not ours to see."""
    number = row.get("id", row.get("ID"))
    if lane == "tasks":
        task = activity.task(row)
        return task.id if task else None
    return PREFIX.get(lane, "") + str(number)


def _number(kind: type[Record], ident: str) -> tuple[str, int]:
    """The list an id of ours belongs to ("" where there is one only) and the portal's number. Raises Unfit."""
    prefix, text = "", ident
    if kind is Client:
        word, _, text = ident.partition(":")
        prefix = {"contact": "contacts", "company": "companies"}.get(word, "nowhere")
    elif kind is Task:
        prefix = "todos" if ident.startswith("activity-") else "tasks"
        text = ident.removeprefix("activity-")
    if not text.isdigit() or prefix == "nowhere":
        raise Unfit(f"{ident!r} is no id of a {kind.kind}")
    return prefix, int(text)
