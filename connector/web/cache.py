"""What pages were made of, kept for as long as the account's numbers stay the same: a page again costs no measuring.

A page waits for no measurement of seconds: it shows what was known last, or a shell that fills itself.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotDone
from concurrent.futures import wait as waited
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from connector.pipeline.bench import Workbench
from connector.pipeline.showing import beat

T = TypeVar("T")
MOST = 1000
_AT_ONCE = 3
"""Measurements that visitors wait for, side by side: more would only take the processor from the pages themselves."""


class NotYet(Exception):
    """It is being measured, and nothing that could be shown meanwhile is known."""


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """A value, of which state of the numbers, and since when: `at` by the account's clock (epoch ms), `began` by this
    machine's steady one (seconds).
    """

    value: T
    beat: str
    at: int
    began: float

    def serves(self, now: str, asked: float) -> bool:
        """Whether it is of this state of the numbers, or its measuring began after it was asked for."""
        return self.beat == now or self.began >= asked


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One part, of the state `beat` of an account's numbers."""

    key: Hashable
    beat: str
    clock: Callable[[], int]
    measure: Callable[[], Any]


class Cache:
    """The values of a few pages, the last used kept longest. Of two who ask at once one measures and both get it.

    Of one part one measurement runs at a time, even where the numbers change meanwhile: they may do so faster than they
    are measured, and a second one beside it would only slow both.

    `patience`: seconds for which a page waits for its measurements; None: until they are done.
    """

    def __init__(self, most: int = MOST, patience: float | None = None) -> None:
        self.patience = patience
        self._most = most
        self._known: OrderedDict[Hashable, Kept[Any]] = OrderedDict()
        self._making: dict[Hashable, Future[Kept[Any]]] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="measuring")

    def forget(self) -> None:
        """Everything is to be made anew."""
        with self._lock:
            self._known.clear()

    def close(self) -> None:
        """Nothing more is begun for visitors who wait."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def of(self, bench: Workbench, part: Callable[..., T], *args: Hashable, now: str | None = None) -> T:
        """`part(bench, *args)`, once for each state of the account's numbers; waits for it. Callers must not change it.

        `now`: that state, where it was asked already.
        """
        wanted = _wanted(bench, part, args, beat(bench) if now is None else now)
        made: T = self._newest(wanted, time.monotonic(), self._make, None).value
        return made

    def knows(self, bench: Workbench, part: Callable[..., object], *args: Hashable) -> bool:
        """Whether a value is kept, be it of an earlier state of the numbers."""
        return _wanted(bench, part, args, "").key in self._known

    def soon(
        self,
        bench: Workbench,
        part: Callable[..., T],
        *args: Hashable,
        now: str,
        within: float,
        asked: float,
        since: float | None,
    ) -> Kept[T]:
        """The same within so many seconds; what began to be measured after `asked` is as good. Else what was known last
        if that began after `since` (None: nothing older will do). Raises NotYet.
        """
        wanted = _wanted(bench, part, args, now)
        try:
            return self._newest(wanted, asked, self._make_aside, time.monotonic() + within)
        except NotDone:
            kept = self._known.get(wanted.key)
            if kept is None or since is None or kept.began < since:
                raise NotYet from None
            return kept

    def _newest(
        self, wanted: _Wanted, asked: float, begin: Callable[[Future[Kept[Any]], _Wanted], object], until: float | None
    ) -> Kept[Any]:
        """What serves, after at most two measurements: the one under way and another after it. Raises NotDone."""
        second = False
        while True:
            kept, making, mine = self._look(wanted, asked)
            if kept is not None:
                return kept
            if mine:
                begin(making, wanted)
            if not waited([making], None if until is None else max(0.0, until - time.monotonic())).done:
                raise NotDone
            if mine or second:  # begun after it was asked for
                return making.result()
            if making.exception() is None and making.result().serves(wanted.beat, asked):
                return making.result()
            second = True

    def _look(self, wanted: _Wanted, asked: float) -> tuple[Kept[Any] | None, Future[Kept[Any]], bool]:
        """What serves, else what is being measured, and whether the asker is to begin that."""
        with self._lock:
            kept = self._known.get(wanted.key)
            if kept is not None:
                self._known.move_to_end(wanted.key)
                if kept.serves(wanted.beat, asked):
                    return kept, Future(), False
            known = self._making.get(wanted.key)
            making: Future[Kept[Any]] = Future() if known is None else known
            self._making[wanted.key] = making
            return None, making, known is None

    def _make(self, making: Future[Kept[Any]], wanted: _Wanted) -> None:
        """Whatever goes wrong goes to those who wait; the next who asks tries anew."""
        began, at = time.monotonic(), wanted.clock()
        try:
            kept = Kept(wanted.measure(), wanted.beat, at, began)
        except BaseException as error:
            self._done(wanted, None)
            making.set_exception(error)
        else:
            self._done(wanted, kept)
            making.set_result(kept)

    def _make_aside(self, making: Future[Kept[Any]], wanted: _Wanted) -> None:
        self._pool.submit(self._make, making, wanted)

    def _done(self, wanted: _Wanted, kept: Kept[Any] | None) -> None:
        with self._lock:
            self._making.pop(wanted.key, None)
            if kept is None:
                return
            self._known[wanted.key] = kept
            self._known.move_to_end(wanted.key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)


def _wanted(bench: Workbench, part: Callable[..., object], args: tuple[Hashable, ...], now: str) -> _Wanted:
    key = (bench.account, bench.settings.name, part, args)
    return _Wanted(key, now, bench.now, partial(part, bench, *args))
