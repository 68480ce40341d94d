"""What hooks hint at: looked at in the CRM, stored, and only then is the hook forgotten.

    waiting hooks -> bounded form -> the provider's hints -> coalesced -> looked at (hinted.py) -> forgotten | waits

A hook is never data: a forged one costs at most one look at a record of ours. Killed anywhere, the hook still waits.
One that cannot be understood is refused; one whose record the CRM cannot show now waits, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from connector.errors import KpiError, Refused, TryLater
from connector.http.form import BadForm, parse
from connector.provider import Hints, KeepsQueue, TakesHooks
from connector.store.told import inbox
from connector.store.told.inbox import Letter
from connector.sync.confirmed import Keeper
from connector.sync.hinted import Looked, Named, Wanted, look, trouble_of, unexpected

AT_ONCE = 500
"""Hooks taken together: of one record among them there is one look."""


@dataclass(slots=True)
class Drained(Looked):
    """What came of the hooks."""

    hooks: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    """By reason, how many were not believed or could not be read."""
    last_at: int | None = None
    """When the last genuine one came."""


def drain(
    keeper: Keeper, key: bytes, known: str | None, *, queue: bool = False, stop: Callable[[], bool] = lambda: False
) -> Drained:
    """All that waits, and the CRM's own queue where a hook says so or `queue` does.

    `known`: the account's id as the CRM told it first. What fails for now waits on; what is refused is left to the
    next reading. Raises NeedsPerson, Busy, StoreTrouble.
    """
    done, behind = Drained(), list[Letter]()
    after = 0
    while not stop() and not done.enough:
        with keeper.store.read() as conn:
            letters = inbox.waiting(conn, key, keeper.account, AT_ONCE, after=after)
        if not letters:
            break
        read = [(letter, _read(keeper, letter, known, done)) for letter in letters]
        wanted = _wanted(hints for _, hints in read)
        queue = queue or wanted.queue
        left = look(keeper, wanted, done)
        waits = [letter for letter, hints in read if _named(hints) & left or (hints.queue and done.enough)]
        _forget(keeper, letters, waits)
        behind += [letter for letter, hints in read if _named(hints) & done.broken]
        after = waits[-1].id if waits else after
    if done.enough and behind:
        _put_behind(keeper, key, behind)
    if queue and not done.enough and not stop():
        _take_queue(keeper, done)
    return done


def _read(keeper: Keeper, letter: Letter, known: str | None, done: Drained) -> Hints:
    """What it is about, counted; nothing of one that is refused."""
    hints = _hints(keeper, letter, known)
    done.hooks += 1
    if hints.refused:
        done.refused[hints.refused] = done.refused.get(hints.refused, 0) + 1
        return Hints()
    done.last_at = max(done.last_at or 0, letter.came_at)
    return hints


def _hints(keeper: Keeper, letter: Letter, known: str | None) -> Hints:
    provider = keeper.provider
    if letter.damaged:  # the next reading finds what it would have told
        return Hints(refused=inbox.DAMAGED)
    if not isinstance(provider, TakesHooks):
        return Hints(refused="this CRM sends no hooks")
    try:
        return provider.hints(parse(letter.body).fields, known)
    except BadForm as error:
        return Hints(refused=str(error))
    except KpiError:
        raise
    except Exception as fault:  # anybody may send anything: it must not be the end of the account
        unexpected(keeper, "a hook", fault)
        return Hints(refused="it could not be understood")


def _wanted(read: Iterable[Hints]) -> Wanted:
    wanted = Wanted()
    for hints in read:
        wanted.add(hints)
    return wanted


def _named(hints: Hints) -> set[Named]:
    return {(kind, id) for kind, ids in hints.ids.items() for id in ids}


def _forget(keeper: Keeper, letters: Sequence[Letter], waits: Sequence[Letter]) -> None:
    """What the others hint at is stored, or they were refused."""
    over = {letter.id for letter in letters} - {letter.id for letter in waits}
    if over:
        with keeper.store.write() as conn:
            inbox.remove(conn, keeper.account, over)


def _put_behind(keeper: Keeper, key: bytes, letters: Sequence[Letter]) -> None:
    """Hooks of broken records go to the end: those that were not come to now are asked for first the next time."""
    with keeper.store.write() as conn:
        inbox.remove(conn, keeper.account, [letter.id for letter in letters])
        inbox.keep(conn, key, letters)


def _take_queue(keeper: Keeper, done: Drained) -> None:
    """The CRM keeps each parcel until what it told of is stored here."""
    provider = keeper.provider
    if not isinstance(provider, KeepsQueue):
        return
    trouble = trouble_of(lambda: _take_parcels(keeper, provider, done))
    if isinstance(trouble, TryLater):
        done.later = trouble
    elif trouble is not None:
        done.problems.append(f"the queue of events: {trouble}")
        if not isinstance(trouble, Refused):
            unexpected(keeper, "the queue of events", trouble)


def _take_parcels(keeper: Keeper, provider: KeepsQueue, done: Drained) -> None:
    for parcel, hints in provider.queued():
        left = look(keeper, _wanted([hints]), done)
        if done.enough:
            return
        if not left:
            provider.settle(parcel)
            done.hooks += 1
            done.last_at = max(done.last_at or 0, keeper.now())
