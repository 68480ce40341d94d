"""Asking about single records, and for every id there is: to confirm what a hook or the sweep suspects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from msgspec.structs import replace

from connector.errors import NotThere, Refused, Unfit
from connector.records import (
    Call,
    Client,
    Deal,
    Gone,
    Lead,
    Meeting,
    Record,
    Refusal,
    Task,
)
from connector.refusing import readable
from providers.amocrm import reading, sources
from providers.amocrm.client import Client as Calls
from providers.amocrm.cursor import At
from providers.amocrm.directory import Directory
from providers.amocrm.makers import Makers
from providers.amocrm.mapping.cards import in_trash
from providers.amocrm.mapping.history import TYPES
from providers.amocrm.mapping.values import Row, each, moment
from providers.amocrm.mapping.work import is_meeting
from providers.amocrm.merges import PATHS
from providers.amocrm.sources import Asking, Source
from providers.amocrm.streams import DIRECTORIES

_AT_ONCE = 50


class Looking:
    """`fetch` and `ids` of the provider."""

    def __init__(self, calls: Calls, directory: Directory, makers: Makers) -> None:
        self._calls, self._directory, self._makers = calls, directory, makers

    def fetch(self, kind: type[Record], ids: Sequence[str]) -> Iterator[Record | Gone]:
        """One answer for each id; those that cannot be read come as Unfit, after the others."""
        yield from readable(kind, self._answers(kind, ids), where=self._calls.http.where)

    def denied(self, records: Sequence[Record]) -> Iterator[str]:
        """Of these calls those that are not on their own card, nor in the lists when they are asked once more.

        A list may be cut or short of rights: what one did not show is there until its own path denies it, too.
        """
        absent = [record.id for record in records if isinstance(record, Call) and self._off_its_card(record)]
        yield from (answer.id for answer in self._calls_of(absent) if isinstance(answer, Gone))

    def ids(self, kind: type[Record]) -> Iterator[str]:
        """Every id there is now. Raises Refused for kinds whose absence proves nothing."""
        if kind in DIRECTORIES:
            yield from (entry.id for entry in self._standing(kind))
        elif kind is Client:
            yield from (f"contact:{id_}" for id_ in self._all(sources.CONTACTS))
            yield from (f"company:{id_}" for id_ in self._all(sources.COMPANIES))
        elif kind is Deal:
            yield from self._all(sources.LEADS)
        elif kind in (Meeting, Task):
            yield from self._errands(kind)
        elif kind is Call:
            for entity in sources.NOTED:
                if entity != "customers" or self._directory.has_customers():
                    yield from self._all(sources.NOTES[entity])
        else:
            raise Refused(f"a {kind.kind} leaves its list when it is dealt with: its absence says nothing")

    def _all(self, source: Source) -> Iterator[str]:
        bare = Source(source.path, source.key, source.stamp, (), source.params, source.paid)
        for turn in reading.from_the_first(Asking(self._calls, bare), At()):
            yield from (str(row["id"]) for row in turn.rows)

    def _errands(self, kind: type[Record]) -> Iterator[str]:
        meetings = self._directory.meeting_types()
        for turn in reading.from_the_first(Asking(self._calls, sources.TASKS), At()):
            yield from (str(row["id"]) for row in turn.rows if is_meeting(row, meetings) == (kind is Meeting))

    def _answers(self, kind: type[Record], ids: Sequence[str]) -> Iterator[Record | Gone | Refusal]:
        if kind in DIRECTORIES:
            yield from self._entries(kind, ids)
        elif kind is Call:
            yield from self._calls_of(ids)
        else:
            for id_ in ids:
                yield self._one(kind, id_)

    def _entries(self, kind: type[Record], ids: Sequence[str]) -> Iterator[Record | Gone | Refusal]:
        self._directory.forget(kind)
        found = {entry.id: entry for entry in self._standing(kind)}
        for id_ in ids:
            yield found.get(id_) or Gone(kind=kind.kind, id=id_)

    def _standing(self, kind: type[Record]) -> list[Record | Refusal]:
        """A directory's entries; one that cannot be read is there none the less."""
        read = self._directory.read(kind)
        return [*read.refused, *read.records]

    def _one(self, kind: type[Record], id_: str) -> Record | Gone | Refusal:
        """A stub of the trash says when it went."""
        path, part = self._path(kind, id_)
        row = self._calls.thing(path, include=sources.LEADS.include if kind is Deal else ())
        if row is None:
            return Gone(kind=kind.kind, id=id_)
        made, refused = each(kind.kind, [row], partial(self._made, kind, part, id_))
        return made[0] if made else replace(refused[0], id=id_)

    def _made(self, kind: type[Record], part: str, id_: str, card: Row) -> Record | Gone:
        """What a card comes to. Raises what the mapping does where it cannot be read."""
        if in_trash(card):
            return Gone(kind=kind.kind, id=id_, at=moment(card.get("updated_at")))
        return self._makers.of(kind, part)(card) or Gone(kind=kind.kind, id=id_)

    def _path(self, kind: type[Record], id_: str) -> tuple[str, str]:
        if kind is Client:
            part, _, number = id_.partition(":")
            if part not in PATHS:
                raise Unfit(f"{id_!r} is no id of a {kind.kind}")
            return f"{PATHS[part]}/{number}", part
        if kind in TYPES:
            return f"events/{id_}", ""
        paths: dict[type[Record], str] = {Deal: "leads", Lead: "leads/unsorted", Meeting: "tasks", Task: "tasks"}
        return f"{paths[kind]}/{id_}", ""

    def _calls_of(self, ids: Sequence[str]) -> Iterator[Record | Gone | Refusal]:
        """A call's id does not tell on which kind of card it lies: all four lists are asked, by id.

        Gone is what none of them shows, which `denied` has still to confirm.
        """
        left = dict.fromkeys(ids)
        for entity in sources.NOTED:
            if entity == "customers" and not self._directory.has_customers():
                continue
            make = self._makers.of(Call, entity)
            wanted = list(left)
            for some in (wanted[n : n + _AT_ONCE] for n in range(0, len(wanted), _AT_ONCE)):
                source = sources.NOTES[entity]
                params = {**source.params, "filter[id][]": some, "page": 1, "limit": 2 * _AT_ONCE}
                made, refused = each(Call.kind, self._calls.rows(source.path, source.key, params).rows, make)
                answers: list[Record | Refusal] = [*made, *refused]
                for answer in answers:
                    if answer.id in left:
                        del left[answer.id]
                        yield answer
        yield from (Gone(kind=Call.kind, id=id_) for id_ in left)

    def _off_its_card(self, call: Call) -> bool:
        """Whether the card that a call hangs on has it no more; False where nobody says."""
        card, _, number = (call.link() or "").partition(":")
        if card not in PATHS:
            return False
        try:
            return self._calls.get(f"{PATHS[card]}/{number}/notes/{call.id}") is None
        except NotThere:
            return True
        except Refused:
            return False
