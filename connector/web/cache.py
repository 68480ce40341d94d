"""What pages were made of, kept for as long as the account's numbers stay the same: a page again costs no measuring."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from connector.pipeline.bench import Workbench
from connector.pipeline.showing import beat

T = TypeVar("T")
MOST = 200


class Cache:
    """The values of a few pages, the last used kept longest. Of two who ask at once one computes and both get it."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Everything is to be made anew."""
        with self._lock:
            self._known.clear()

    def of(self, bench: Workbench, part: Callable[..., T], *args: Hashable) -> T:
        """`part(bench, *args)`, once for each state of the account's numbers. Callers must not change it."""
        key = (bench.account, bench.settings.name, beat(bench), part, args)
        with self._lock:
            turn = self._making.setdefault(key, threading.Lock())
        try:
            with turn:
                return self._kept(key, lambda: part(bench, *args))
        finally:
            with self._lock:
                self._making.pop(key, None)

    def _kept(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                found: T = self._known[key]
                return found
        made = make()
        with self._lock:
            self._known[key] = made
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return made
