"""Kinds of records out of lists: which lists make a kind, which way each is read, what is remembered between reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from connector.errors import Refused
from connector.provider import Page
from connector.records import (
    Call,
    Client,
    Deadline,
    Deal,
    Done,
    Lead,
    LossReason,
    Meeting,
    Message,
    Move,
    Owner,
    Pipeline,
    Price,
    Record,
    Removal,
    Stage,
    Task,
    Team,
    User,
)
from providers.amocrm import cursor as cursors
from providers.amocrm import merges, reading, sources
from providers.amocrm.ahead import Ahead, following, overlapping
from providers.amocrm.batches import Batch, Batches
from providers.amocrm.client import Client as Calls
from providers.amocrm.cursor import At, Cursor
from providers.amocrm.directory import Directory
from providers.amocrm.makers import Make, Makers
from providers.amocrm.mapping.cards import trashed
from providers.amocrm.mapping.history import TYPES
from providers.amocrm.mapping.values import each
from providers.amocrm.mapping.work import is_meeting
from providers.amocrm.paging import Row, Unfiltered
from providers.amocrm.reading import OVERLAP, Turn
from providers.amocrm.sources import PREFIX, Asking, Source
from providers.amocrm.stretches import side_by_side

DIRECTORIES = (Team, User, Pipeline, Stage, LossReason)
KINDS: frozenset[type[Record]] = frozenset(
    {*DIRECTORIES, Client, Lead, Deal, Move, Owner, Price, Removal, Call, Message, Meeting, Task, Done, Deadline}
)


class Streams:
    """One account's lists. `since`: earlier events are not read; `note` is told what a person should know."""

    def __init__(
        self, calls: Calls, directory: Directory, makers: Makers, since: int | None, note: Callable[[str], None]
    ) -> None:
        self._pool = ThreadPoolExecutor(calls.workers, thread_name_prefix="ahead")
        self._calls, self._directory, self._makers, self._note = calls, directory, makers, note
        self._since = since
        self._ignored: set[str] = set()
        self._events = Batches(self._recent_events, calls.now)
        self._tasks = Batches(self._recent_tasks, calls.now)

    def pull(self, kind: type[Record], text: str | None) -> Iterator[Page]:
        """See `Provider.pull`. Raises Refused for a kind that amoCRM does not give."""
        if kind not in KINDS:
            raise Refused(f"amoCRM has no {kind.kind} records", where=self._calls.http.where)
        self._directory.account()  # before the first answer the server's clock is not known
        cursor = cursors.read(text)
        if kind in DIRECTORIES:
            yield self._directory_of(kind, cursor)
        for source, part in self.by_change(kind):
            yield from self._cards(kind, cursor, source, part)
        if kind is Lead:
            yield from self._newest(kind, cursor, "unsorted", sources.UNSORTED, self._makers.of(Lead))
        if kind is Removal:
            yield from self._newest(kind, cursor, "trash", sources.TRASH, trashed)
        if kind in TYPES:
            yield from self._history(kind, cursor)
        if kind in (Meeting, Task):
            yield from self._errands(kind, cursor)

    def _directory_of(self, kind: type[Record], cursor: Cursor) -> Page:
        """A whole directory, or nothing where it stands."""
        if self._directory.stands(kind, cursor):
            return Page((), cursors.write(cursor), datetime.fromtimestamp(cursor[kind.kind].upto or 0, UTC))
        read = self._directory.read(kind)
        text = cursors.write(self._directory.cursor_of(kind, read))
        return Page(read.records, text, read.told_at, read.refused)

    def by_change(self, kind: type[Record]) -> Sequence[tuple[Source, str]]:
        """The lists of a kind that are ordered by their last change, and what their rows are of."""
        if kind is Client:
            return ((sources.CONTACTS, "contact"), (sources.COMPANIES, "company"))
        if kind is Deal:
            return ((sources.LEADS, ""),)
        if kind is not Call:
            return ()
        noted = [entity for entity in sources.NOTED if entity != "customers" or self._directory.has_customers()]
        return [(sources.NOTES[entity], entity) for entity in noted]

    def _cards(self, kind: type[Record], cursor: Cursor, source: Source, part: str = "") -> Iterator[Page]:
        """Lists ordered by their last change."""
        asking, at = Asking(self._calls, source), cursor.get(source.path, At())
        turns = self._changes(asking, at, source)
        return self._pages(kind, cursor, source.path, turns, asking, self._makers.of(kind, part))

    def _newest(self, kind: type[Record], cursor: Cursor, name: str, source: Source, make: Make) -> Iterator[Page]:
        """Lists without a filter, from the newest down."""
        asking = Asking(self._calls, source)
        turns = reading.descending(asking, cursor.get(name, At()), stamp=source.stamp)
        return self._pages(kind, cursor, name, turns, asking, make)

    def _history(self, kind: type[Record], cursor: Cursor) -> Iterator[Page]:
        """Events: the recent ones from the shared batch, older ones window by window."""
        asking, at = Asking(self._calls, sources.events(TYPES[kind])), cursor.get("events", At())
        if self._events.recent(at):
            turn, odd = self._events.turn(kind.kind, at, lambda row: row.get("type") in TYPES[kind])
            asking.odd.extend(odd)
            turns = iter([turn])
        else:
            since = self._first_event() if at.upto is None else at.upto - OVERLAP
            turns = reading.windows(
                self._ahead(asking, following), at, since=since, until=reading.epoch(self._calls.now())
            )
        return self._pages(kind, cursor, "events", turns, asking, self._makers.of(kind))

    def _errands(self, kind: type[Record], cursor: Cursor) -> Iterator[Page]:
        """Tasks, of which some are meetings."""
        asking, at = Asking(self._calls, sources.TASKS), cursor.get("tasks", At())
        meetings = self._directory.meeting_types()

        def fits(row: Row) -> bool:
            return is_meeting(row, meetings) == (kind is Meeting)

        if self._tasks.recent(at):
            turn, odd = self._tasks.turn(kind.kind, at, fits)
            asking.odd.extend(odd)
            turns = iter([turn])
        else:
            first = at.upto is None
            turns = reading.from_the_first(self._ahead(asking), at) if first else reading.within(asking, at)
        make = self._makers.of(kind)
        return self._pages(kind, cursor, "tasks", turns, asking, lambda row: make(row) if fits(row) else None)

    def _pages(
        self, kind: type[Record], cursor: Cursor, name: str, turns: Iterator[Turn], asking: Asking, make: Make
    ) -> Iterator[Page]:
        """Rows become records; rows that cannot even be paged by go the same way and are refused there.

        A page that says nothing new is left out, but for one.
        """
        told: str | None = None
        for turn in turns:
            made, refused = each(kind.kind, [*turn.rows, *asking.take_odd()], make, prefix=PREFIX.get(name, ""))
            records = merges.settled(self._calls, made) if kind is Removal else made
            self._makers.meet(records)
            cursor[name] = turn.at
            text = cursors.write(cursor)
            if records or refused or text != told:
                yield Page(records, text, turn.told_at, refused)
            told = text

    def close(self) -> None:
        """Ask for nothing ahead any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ahead(self, asking: Asking, after: Callable[[int, int, int], tuple[int, int]] = overlapping) -> Ahead:
        return Ahead(asking, self._pool, self._calls.workers - 1, after)

    # -- ways ------------------------------------------------------------------------------------------------------

    def _changes(self, asking: Asking, at: At, source: Source) -> Iterator[Turn]:
        """By ascending change where the filter is honoured; else all of it by id, later down from the newest."""
        if not at.done and self._filtered(source):
            try:
                if at.upto is None:
                    yield from side_by_side(asking, self._pool, self._calls.workers, at)
                else:
                    yield from reading.ascending(asking, at)
                return
            except Unfiltered as found:
                self._ignore(source, str(found))
        if at.upto is None:
            yield from reading.from_the_first(self._ahead(asking), At(done=at.done, last=at.last, begun=at.begun))
        else:
            yield from reading.descending(asking, at)

    def _filtered(self, source: Source) -> bool:
        if source.paid and self._directory.account().get("is_api_filter_enabled") is False:
            self._ignore(source, "it is not switched on in the plan")
        return ("paid" if source.paid else source.path) not in self._ignored

    def _ignore(self, source: Source, why: str) -> None:
        name = "paid" if source.paid else source.path
        if name not in self._ignored:
            self._ignored.add(name)
            what = "deals, contacts and companies" if source.paid else source.path
            self._note(f"the filter of {what} is ignored by this account ({why}); they are read by order instead")

    def _first_event(self) -> int:
        """Where history begins: as configured, with the account, or with its oldest deal."""
        if self._since is not None:
            return self._since
        born = self._directory.account().get("created_at")
        if isinstance(born, int) and born > 0:
            return born
        oldest = self._calls.rows("leads", "leads", {"order[created_at]": "asc", "limit": 1, "page": 1})
        rows: Sequence[Any] = oldest.rows
        return int(rows[0]["created_at"]) if rows else reading.epoch(oldest.told_at) - OVERLAP

    # -- batches ---------------------------------------------------------------------------------------------------

    def _recent_events(self, since: int, known: int) -> Batch:
        asking = Asking(self._calls, sources.EVENTS)
        beyond = reading.epoch(self._calls.now()) + OVERLAP  # our notion of now may be behind
        steps = list(reading.window(asking, since, beyond, known=known))
        rows = [row for step in steps for row in step.rows]
        upto = reading.epoch(steps[0].told_at) if steps[-1].proven else known
        return Batch(since, known, rows, upto, steps[0].told_at, asking.take_odd())

    def _recent_tasks(self, since: int, known: int) -> Batch:
        asking = Asking(self._calls, sources.TASKS)
        turns = list(reading.within(asking, At(upto=known)))
        rows = [row for turn in turns for row in turn.rows]
        return Batch(since, known, rows, turns[-1].at.upto or known, turns[0].told_at, asking.take_odd())
