"""What hooks hint at: looked at in the CRM, stored, and only then is the hook forgotten.

    waiting hooks -> bounded form -> the provider's hints -> coalesced -> fetch -> one transaction a kind -> streams

A hook is never data: a forged one costs at most one look at a record of ours. Killed anywhere, the hook still waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connector.errors import Refused, TryLater
from connector.http.form import BadForm, parse
from connector.provider import Hints, KeepsQueue, TakesHooks
from connector.records import Gone, Record
from connector.store import cursors
from connector.store.told import inbox
from connector.store.told.inbox import Letter
from connector.store.upsert import chunks
from connector.sync.confirmed import Keeper

AT_ONCE = 500
"""Hooks taken together: of one record among them there is one look."""
FEW = 50
"""Records asked for at once."""
MANY = 250
"""More of a kind than that are read by their stream, 50 or 250 a request, instead of one by one."""


@dataclass(slots=True)
class Drained:
    """What came of the hooks. `later`: why the rest still waits; `streams`: kinds whose streams tell the rest."""

    hooks: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    """By reason, how many were not believed or could not be read."""
    news: int = 0
    gone: int = 0
    streams: set[type[Record]] = field(default_factory=set)
    last_at: int | None = None
    """When the last genuine one came."""
    later: TryLater | None = None
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Wanted:
    ids: dict[type[Record], set[str]] = field(default_factory=lambda: defaultdict(set))
    streams: set[type[Record]] = field(default_factory=set)
    queue: bool = False

    def add(self, hints: Hints) -> None:
        for kind, ids in hints.ids.items():
            self.ids[kind] |= ids
        self.streams |= hints.streams
        self.queue = self.queue or hints.queue


def drain(
    keeper: Keeper, key: bytes, known: str | None, *, queue: bool = False, stop: Callable[[], bool] = lambda: False
) -> Drained:
    """All that waits, and the CRM's own queue where a hook says so or `queue` does.

    `known`: the account's id as the CRM told it first. What fails for now waits on; what is refused is left to the
    next reading. Raises NeedsPerson, Busy, StoreTrouble.
    """
    done = Drained()
    while not stop() and done.later is None:
        with keeper.store.read() as conn:
            letters = inbox.waiting(conn, key, keeper.account, AT_ONCE)
        if not letters:
            break
        wanted = _read(keeper, letters, known, done)
        queue = queue or wanted.queue
        _look(keeper, wanted, done)
        if done.later is None:
            with keeper.store.write() as conn:
                inbox.remove(conn, keeper.account, [letter.id for letter in letters])
    if queue and done.later is None and not stop():
        _take_queue(keeper, done)
    return done


def _read(keeper: Keeper, letters: Sequence[Letter], known: str | None, done: Drained) -> _Wanted:
    wanted = _Wanted()
    for letter in letters:
        hints = _hints(keeper, letter, known)
        done.hooks += 1
        if hints.refused:
            done.refused[hints.refused] = done.refused.get(hints.refused, 0) + 1
        else:
            done.last_at = max(done.last_at or 0, letter.came_at)
            wanted.add(hints)
    return wanted


def _hints(keeper: Keeper, letter: Letter, known: str | None) -> Hints:
    provider = keeper.provider
    if not isinstance(provider, TakesHooks):
        return Hints(refused="this CRM sends no hooks")
    try:
        return provider.hints(parse(letter.body).fields, known)
    except BadForm as error:
        return Hints(refused=str(error))


def _look(keeper: Keeper, wanted: _Wanted, done: Drained) -> None:
    """Every record once; what turns out to be another than known brings along the streams that tell more of it."""
    with keeper.store.read() as conn:
        read = {kind for kind, row in cursors.all(conn, keeper.account).items() if row.whole_at is not None}
    kinds = [kind for kind in wanted.ids if kind in keeper.provider.can.kinds and kind.kind in read]
    follows: Mapping[type[Record], frozenset[type[Record]]] = getattr(keeper.provider, "follows", {})
    done.streams |= {kind for kind in wanted.streams if kind.kind in read}
    for kind in kinds:
        ids = wanted.ids[kind]
        if len(ids) > MANY:
            done.streams |= {kind, *follows.get(kind, ())}
            continue
        for some in chunks(sorted(ids), FEW):
            try:
                kept = keeper.keep(kind, list(_asked(keeper, kind, some, done)))
            except TryLater as error:
                done.later = error
                return
            done.gone += kept.gone
            done.news += kept.news
            if kept.news:
                done.streams |= {one for one in follows.get(kind, ()) if one.kind in read}


def _asked(keeper: Keeper, kind: type[Record], ids: Sequence[str], done: Drained) -> Iterator[Record | Gone]:
    """An answer for each as far as there is one: one that is refused or unreadable spoils no other."""
    answers: list[Record | Gone] = []
    try:
        answers = [answer for answer in keeper.provider.fetch(kind, ids) if answer.id in ids]
    except (Refused, ValueError) as error:
        if len(ids) == 1:
            done.problems.append(f"{kind.kind}: {error}")
        else:
            for id_ in ids:
                yield from _asked(keeper, kind, [id_], done)
    yield from answers


def _take_queue(keeper: Keeper, done: Drained) -> None:
    """The CRM keeps each parcel until what it told of is stored here."""
    provider = keeper.provider
    if not isinstance(provider, KeepsQueue):
        return
    try:
        for parcel, hints in provider.queued():
            wanted = _Wanted()
            wanted.add(hints)
            _look(keeper, wanted, done)
            if done.later is not None:
                return
            provider.settle(parcel)
            done.hooks += 1
            done.last_at = max(done.last_at or 0, keeper.now())
    except TryLater as error:
        done.later = error
    except Refused as error:
        done.problems.append(f"the queue of events: {error}")
