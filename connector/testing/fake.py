"""A provider over a world in memory, with a switch for everything that goes wrong in a CRM."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

from connector.decoding import decoded
from connector.errors import NotThere
from connector.provider import Account, Capabilities, Field, Page
from connector.records import KINDS, Deal, Gone, Record
from connector.testing import fulfil
from connector.testing.world import World, moment
from connector.wishes import AddTask, Delivered, Layout, Wish

R = TypeVar("R", bound=Record)
WRITES = frozenset({"set_fields", "upsert_card", "add_task", "close_task"})
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class _Cursor(msgspec.Struct, frozen=True):
    """The last record handed out."""

    at: datetime
    id: str


class FakeProvider:
    """Reads by seeking: after the last (updated_at, id), and from `overlap` before it when a pull begins anew.

    Switches: `fail_at(n, error)` for the n-th request from now; `before_request` hooks, which may change the world
    while it is read; `repeat_pages` hands each page out twice; `loop` hands the first page out for ever;
    `twice_in_page` repeats the last record; `cut_ids` ends `ids` early by this error; `lose_answers` fulfils so many
    wishes and says that nobody knows. `applied` lists every wish that took effect.
    """

    def __init__(
        self,
        world: World,
        *,
        page_size: int = 50,
        overlap: timedelta = timedelta(minutes=10),
        kinds: frozenset[type[Record]] = frozenset(KINDS),
        owner_history: str = "exact",
        price_history: str = "exact",
    ) -> None:
        self.world, self.page_size, self.overlap = world, page_size, overlap
        self.can = Capabilities(kinds, owner_history, price_history, WRITES)
        self.requests = 0
        self.before_request: list[Callable[[], None]] = []
        self.repeat_pages = self.loop = self.twice_in_page = False
        self.cut_ids: BaseException | None = None
        self.lose_answers = 0
        self.applied: list[Wish] = []
        self.closed = False
        self._failures: dict[int, BaseException] = {}

    def fail_at(self, request: int, error: BaseException) -> None:
        """The `request`-th request from now on (1 is the next one) raises this."""
        self._failures[self.requests + request] = error

    def account(self) -> Account:
        """Always the same account."""
        self._ask()
        return Account(id="1", name="Fake", zone="Europe/Moscow", currency="RUB", host="fake.invalid")

    def fields(self) -> Sequence[Field]:
        """The keys of the deals' custom fields."""
        self._ask()
        names = sorted({name for deal in self.world.all(Deal).values() for name in deal.fields})
        return [Field(id=str(n), name=name, code=None, type="text") for n, name in enumerate(names, 1)]

    def pull(self, kind: type[R], cursor: str | None) -> Iterator[Page]:
        """Pages until one comes back empty: a short page proves nothing.

        What changes after the pull began is the next pull's: a busy world would otherwise be chased for ever.
        """
        self._check(kind)
        began = self.world.now
        last = decoded(cursor, _Cursor) if cursor else _Cursor(BEGINNING, "")
        since = max(last.at - self.overlap, BEGINNING) if cursor else BEGINNING
        after: tuple[datetime, str] | None = None
        while True:
            self._ask()
            rows = self.world.since(kind, since, after, self.page_size)
            if rows:
                after = moment(rows[-1])
                last = max(last, _Cursor(*after), key=lambda c: (c.at, c.id))
            page = Page(
                records=rows + rows[-1:] if self.twice_in_page else rows,
                cursor=msgspec.json.encode(last).decode(),
                told_at=self.world.now,
                total=len(self.world.all(kind)),
            )
            yield page
            while self.loop:
                self._ask()
                yield page
            if self.repeat_pages:
                yield page
            if not rows or moment(rows[0])[0] > began:
                return

    def earlier(self, kind: type[Record], cursor: str, since: datetime) -> str | None:
        """See `connector.provider.ReadsAgain`."""
        self._check(kind)
        return msgspec.json.encode(_Cursor(min(decoded(cursor, _Cursor).at, since), "")).decode()

    def fetch(self, kind: type[R], ids: Sequence[str]) -> Iterator[Record | Gone]:
        """One answer for each id."""
        self._check(kind)
        self._ask()
        there = self.world.all(kind)
        for id in ids:
            yield there.get(id) or Gone(kind=kind.kind, id=id, at=self.world.now)

    def ids(self, kind: type[R]) -> Iterator[str]:
        """In pages too; raises rather than end early."""
        self._check(kind)
        listed = sorted(self.world.all(kind))
        for start in range(0, max(len(listed), 1), self.page_size):
            self._ask()
            if start and self.cut_ids is not None:
                raise self.cut_ids
            yield from listed[start : start + self.page_size]

    def prepare(self, layout: Layout) -> None:
        """Create what is missing."""
        self._ask()
        wanted = [f"deal:{spec.code}" for spec in layout.deal_fields]
        wanted += [f"card:{layout.card_name}"] if layout.card_name else []
        wanted += [f"card:{layout.card_name}:{spec.code}" for spec in layout.card_fields]
        self.world.made += [name for name in wanted if name not in self.world.made]

    def apply(self, wishes: Sequence[Wish]) -> Iterator[Delivered]:
        """Each judged alone, against what the world holds now."""
        self._ask()
        for wish in wishes:
            delivered = fulfil.fulfil(self.world, wish)
            if delivered.status == "done":
                self.applied.append(wish)
            if self.lose_answers > 0:
                self.lose_answers -= 1
                delivered = Delivered(key=wish.key, status="unknown", message="the answer was lost")
            yield delivered

    def find(self, wish: AddTask) -> str | None:
        """By the marker at the end of the text."""
        self._ask()
        return fulfil.find(self.world, wish)

    def replies(self, tasks: Sequence[str]) -> Mapping[str, str]:
        """The texts with which tasks were closed."""
        self._ask()
        return {id: text for id, text in self.world.closed.items() if id in tasks and text}

    def link_to(self, ref: str) -> str:
        """An address that names the record."""
        kind, _, id = ref.partition(":")
        return f"https://fake.invalid/{kind}/{id}"

    def close(self) -> None:
        """Noted, for tests."""
        self.closed = True

    def _check(self, kind: type[Record]) -> None:
        if kind not in self.can.kinds:
            raise NotThere(f"this CRM has no {kind.kind} records", where="fake", todo="look at `can.kinds` first")

    def _ask(self) -> None:
        with self.world.lock:
            self.requests += 1
            number = self.requests
            for hook in self.before_request:
                hook()
        if (error := self._failures.pop(number, None)) is not None:
            raise error
