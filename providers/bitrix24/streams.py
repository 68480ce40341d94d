"""Pulls: each kind's lists walked from a cursor, rows mapped, pages with the cursor to store beside them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC

import msgspec

from connector.errors import NotThere
from connector.provider import Kit, Page
from connector.records import Call, Client, Deal, Lead, Meeting, Move, Record, Refusal, Stage, Task, User
from providers.bitrix24.calls import Calls
from providers.bitrix24.client import Client as Rest
from providers.bitrix24.cursor import Cursor, decode, ms
from providers.bitrix24.history import returned
from providers.bitrix24.lane import Lane, Row
from providers.bitrix24.lists import PREFIX, lanes_of
from providers.bitrix24.mapping import activity, crm, sift
from providers.bitrix24.portal import DIRECTORIES, GOOD_FOR, Portal, learn
from providers.bitrix24.walk import Step, Walker

KINDS: tuple[type[Record], ...] = (*DIRECTORIES, Client, Lead, Deal, Move, Call, Meeting, Task)
Read = Callable[[Row], Record | None]


@dataclass(slots=True)
class Streams:
    """Reads one portal. Keeps what it knows of the portal for an hour, or until a row names an id not known."""

    rest: Rest
    kit: Kit
    noticed: Callable[[str], None]
    walker: Walker = field(init=False)
    _portal: Portal | None = None
    _stale: bool = False
    _strangers: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.walker = Walker(self.rest, self.noticed)

    def portal(self, *, afresh: bool = False) -> Portal:
        """Directories, fields and rights; read again after an hour, or when asked."""
        with self._lock:
            known = self._portal
            if known is None or afresh or self._stale or self.rest.now() - known.read_at > GOOD_FOR:
                known = self._portal = learn(self.rest, self.kit)
                self._stale = False
                for note in known.notes:
                    self.noticed(note)
            return known

    def pull(self, kind: type[Record], cursor: str | None) -> Iterator[Page]:
        """Pages of what changed since `cursor`. Raises NotThere for a kind this CRM has no source for."""
        if kind not in KINDS:
            raise NotThere(f"Bitrix24 has no source for {kind.kind}", where=self.kit.account)
        if kind in DIRECTORIES:
            return self._directory(kind, decode(cursor))
        if kind is Call:
            return Calls(self.rest, self.walker, self.kit.hash_phone, self.noticed).pull(decode(cursor))
        return self._lists(kind, decode(cursor))

    def reader(self, kind: type[Record]) -> dict[str, Read]:
        """How the rows of each list become records."""
        known = self.portal().reading
        readers: dict[type[Record], dict[str, Read]] = {
            Client: {
                "contacts": lambda row: crm.contact(row, known),
                "companies": lambda row: crm.company(row, known),
            },
            Lead: {"leads": lambda row: crm.lead(row, known)},
            Deal: {"deals": lambda row: crm.deal(row, known)},
            Move: {
                "lead_history": lambda row: crm.move(row, "lead"),
                "deal_history": lambda row: crm.move(row, "deal"),
            },
            Meeting: {"meetings": activity.meeting},
            Task: {"todos": activity.todo, "tasks": activity.task},
        }
        return readers[kind]

    def _directory(self, kind: type[Record], cursor: Cursor) -> Iterator[Page]:
        """The whole directory where it was read after the cursor, else an empty page: nothing new is known."""
        known = self.portal()
        read = ms(known.read_at)
        text = Cursor(read=read).encode()
        if cursor.read == read:
            yield Page((), text, known.read_at.astimezone(UTC))
        else:
            records = known.records[kind]
            yield Page(records, text, known.read_at.astimezone(UTC), known.refused[kind], len(records))

    def _lists(self, kind: type[Record], cursor: Cursor) -> Iterator[Page]:
        lanes = self._lanes(kind)
        if lanes and not cursor.marks:
            self.walker.expect(lane for one in KINDS if one not in DIRECTORIES for lane in self._lanes(one))
        if not lanes:
            yield Page((), cursor.encode(), self.rest.now().astimezone(UTC))
            return
        read = self.reader(kind)
        growing = kind is Move and all(mark.since is not None for mark in cursor.marks.values()) and cursor.marks
        for step in self.walker.walk(lanes, cursor.marks):
            records, refused = _sifted(kind, step, read)
            if growing:
                back = returned(self.rest, step.rows.get("deal_history", ()))
                more, bad = sift(kind, back, read["deal_history"])
                records, refused = [*records, *more], [*refused, *bad]
            self._meet(records)
            text = msgspec.structs.replace(cursor, marks=step.marks).encode()
            yield Page(records, text, step.told_at, refused, step.total)

    def _lanes(self, kind: type[Record]) -> tuple[Lane, ...]:
        known = self.portal()
        return lanes_of(kind, classic=known.classic, names=self.kit.keep_names, extra=known.reading.extra)

    def _meet(self, records: Iterable[Record]) -> None:
        """An owner or a stage that no directory has makes the directories worth reading again, once for each id."""
        known = self._portal
        for record in records:
            if known is None or not isinstance(record, Deal | Lead):
                return
            for kind, ident in ((User, record.owner_id), (Stage, record.stage_id)):
                if f"{kind.kind}:{ident}" not in self._strangers and not known.knows(kind, ident):
                    self._strangers.add(f"{kind.kind}:{ident}")
                    self._stale = True


def _sifted(kind: type[Record], step: Step, read: dict[str, Read]) -> tuple[list[Record], list[Refusal]]:
    records: list[Record] = []
    refused: list[Refusal] = []
    for lane, rows in step.rows.items():
        good, bad = sift(kind, rows, read[lane])
        records += good
        refused += [msgspec.structs.replace(one, id=PREFIX.get(lane, "") + one.id) for one in bad]
    return records, refused
