"""Several kinds read at once, each in a thread of its own, their pages handed out one at a time.

The CRM's latency hides behind the other streams, the order of pages within a stream is kept, and only the caller's
thread stores anything.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from queue import Empty, SimpleQueue

import msgspec

from connector.errors import Broken
from connector.provider import Page, Provider
from connector.records import Record
from connector.sync.together import ROWS, Arrival, Bundle, together

AHEAD, AHEAD_OF_SMALL = 2, 24
"""Pages a stream may be ahead of the store; memory stays bounded where the CRM is faster than the disk. More of small
ones: as many as hold twice what one transaction takes, so that one fills while another is stored."""
TICK = 0.1
PARTING = 5.0
"""Seconds to wait, when stopped, for requests on their way; their answers are thrown away."""


@dataclass(slots=True)
class _Room:
    """What one stream has on its way to the store."""

    pages: int = 0
    rows: int = 0
    _moved: threading.Condition = field(default_factory=threading.Condition)

    def enter(self, rows: int) -> bool:
        """Whether there was room for a page of so many rows before the tick was over."""
        with self._moved:
            if not self._moved.wait_for(lambda: self._holds(rows), TICK):
                return False
            self.pages, self.rows = self.pages + 1, self.rows + rows
            return True

    def leave(self, bundle: Bundle) -> None:
        """These are stored."""
        with self._moved:
            self.pages, self.rows = self.pages - len(bundle.pages), self.rows - bundle.rows
            self._moved.notify_all()

    def _holds(self, rows: int) -> bool:
        return self.pages < AHEAD or (self.pages < AHEAD_OF_SMALL and self.rows + rows <= 2 * ROWS)


def read(
    provider: Provider, starts: Mapping[type[Record], str | None], stop: Callable[[], bool]
) -> Generator[tuple[type[Record], Bundle | BaseException | None], None, None]:
    """Pages of all streams as they arrive, several together where they wait, then each stream's end: None, or an error.

    Ends early where `stop` says so. The next page of a stream is asked for while the caller stores this one. Close the
    iterator when leaving it early.
    """
    inbox: SimpleQueue[Arrival] = SimpleQueue()
    over = threading.Event()
    rooms = {kind: _Room() for kind in starts}
    threads = [
        threading.Thread(
            target=_follow, args=(provider, kind, cursor, inbox, rooms[kind], over), name=kind.kind, daemon=True
        )
        for kind, cursor in starts.items()
    ]
    try:
        for thread in threads:
            thread.start()
        yield from _hand_out(inbox, rooms, stop)
    finally:
        over.set()
        parting = time.monotonic() + PARTING
        for thread in threads:
            thread.join(max(0.0, parting - time.monotonic()))


def _hand_out(
    inbox: SimpleQueue[Arrival], rooms: Mapping[type[Record], _Room], stop: Callable[[], bool]
) -> Iterator[tuple[type[Record], Bundle | BaseException | None]]:
    reading = len(rooms)
    while reading and not stop():
        for kind, item in together(_waiting(inbox)):
            if stop():
                return
            yield kind, item
            if isinstance(item, Bundle):
                rooms[kind].leave(item)
            else:
                reading -= 1


def _waiting(inbox: SimpleQueue[Arrival]) -> list[Arrival]:
    """All that is there, or the first to come within a tick."""
    found: list[Arrival] = []
    try:
        found.append(inbox.get(timeout=TICK))
        while True:
            found.append(inbox.get_nowait())
    except Empty:
        return found


def _follow(
    provider: Provider,
    kind: type[Record],
    cursor: str | None,
    inbox: SimpleQueue[Arrival],
    room: _Room,
    over: threading.Event,
) -> None:
    """One stream to its end. Whatever ends it goes to the caller's thread: an error here would be seen by nobody."""
    seen: Counter[bytes] = Counter()
    try:
        for page in provider.pull(kind, cursor):
            while not room.enter(len(page.records)):
                if over.is_set():
                    return
            if over.is_set():
                return
            _refuse_a_loop(kind, page, seen)
            inbox.put((kind, page))
    except BaseException as error:
        inbox.put((kind, error))
    else:
        inbox.put((kind, None))


REPEATS, QUIET = 4, 8
"""How often the same page may come: with rows, and without any."""


def _refuse_a_loop(kind: type[Record], page: Page, seen: Counter[bytes]) -> None:
    """The same page with the same cursor may come a few times: asked again to be sure of the end, or once more by id
    where a whole page bears one second (a mass edit, our own write-back in amoCRM).

    A kind that is read from several lists of the CRM (amoCRM's calls: four) may find each of them quiet: so many empty
    pages with the cursor unmoved are no loop. What a page holds is looked at from its cursor's second time on.
    """
    digest = blake2b(page.cursor.encode(), digest_size=16)
    seen[digest.digest()] += 1
    if seen[digest.digest()] == 1:
        return
    digest.update(msgspec.json.encode(page.records))
    seen[digest.digest()] += 1
    if seen[digest.digest()] >= (REPEATS if page.records else QUIET):
        raise Broken(
            f"the list of {kind.kind} records repeats itself: the same {len(page.records)} came again and again",
            done="the pages before were stored",
            todo="if it stays, report it: the CRM's paging does not advance",
        )
