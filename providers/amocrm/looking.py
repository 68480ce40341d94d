"""Asking about single records, and for every id there is: to confirm what a hook or the sweep suspects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connector.errors import NotThere, Refused
from connector.records import (
    Call,
    Client,
    Deal,
    Gone,
    Lead,
    Meeting,
    Record,
    Task,
)
from providers.amocrm import reading, sources
from providers.amocrm.client import Client as Calls
from providers.amocrm.cursor import At
from providers.amocrm.directory import Directory
from providers.amocrm.makers import Makers
from providers.amocrm.mapping.cards import in_trash
from providers.amocrm.mapping.history import TYPES
from providers.amocrm.mapping.values import moment, table
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
        """One answer for each id; what cannot be read raises ValueError with the reason."""
        if kind in DIRECTORIES:
            yield from self._entries(kind, ids)
        elif kind is Call:
            yield from self._calls_of(ids)
        else:
            for id_ in ids:
                yield self._one(kind, id_)

    def ids(self, kind: type[Record]) -> Iterator[str]:
        """Every id there is now. Raises Refused for kinds whose absence proves nothing."""
        if kind in DIRECTORIES:
            yield from (record.id for record in self._directory.read(kind).records)
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

    def _entries(self, kind: type[Record], ids: Sequence[str]) -> Iterator[Record | Gone]:
        self._directory.forget(kind)
        found = {record.id: record for record in self._directory.read(kind).records}
        for id_ in ids:
            yield found.get(id_) or Gone(kind=kind.kind, id=id_)

    def _one(self, kind: type[Record], id_: str) -> Record | Gone:
        """204 and 404 both say that it is not there; a stub of the trash says when it went."""
        path, part = self._path(kind, id_)
        include = sources.LEADS.include if kind is Deal else ()
        try:
            row = self._calls.get(path, include=include)
        except NotThere:
            row = None
        if row is None:
            return Gone(kind=kind.kind, id=id_)
        card: Mapping[str, Any] = table(row)
        if in_trash(card):
            return Gone(kind=kind.kind, id=id_, at=moment(card.get("updated_at")))
        return self._makers.of(kind, part)(card) or Gone(kind=kind.kind, id=id_)

    def _path(self, kind: type[Record], id_: str) -> tuple[str, str]:
        if kind is Client:
            part, _, number = id_.partition(":")
            return f"{PATHS[part]}/{number}", part
        if kind in TYPES:
            return f"events/{id_}", ""
        paths: dict[type[Record], str] = {Deal: "leads", Lead: "leads/unsorted", Meeting: "tasks", Task: "tasks"}
        return f"{paths[kind]}/{id_}", ""

    def _calls_of(self, ids: Sequence[str]) -> Iterator[Record | Gone]:
        """A call's id does not tell on which kind of card it lies: all four lists are asked, by id."""
        left = dict.fromkeys(ids)
        for entity in sources.NOTED:
            if entity == "customers" and not self._directory.has_customers():
                continue
            make = self._makers.of(Call, entity)
            wanted = list(left)
            for some in (wanted[n : n + _AT_ONCE] for n in range(0, len(wanted), _AT_ONCE)):
                source = sources.NOTES[entity]
                params = {**source.params, "filter[id][]": some, "page": 1, "limit": 2 * _AT_ONCE}
                for row in self._calls.rows(source.path, source.key, params).rows:
                    if str(row.get("id")) in left and (made := make(row)) is not None:
                        del left[made.id]
                        yield made
        yield from (Gone(kind=Call.kind, id=id_) for id_ in left)
