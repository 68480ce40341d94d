"""Hands out moments to send, so that all threads of an account together keep the CRM's pace."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pacer:
    """At most `rate` calls a second, with up to `burst` saved up; `share` (0..1) scales the rate at each call.

    Shared by all threads of an account. One process holds an account's lease, so this is the whole budget.
    """

    def __init__(
        self,
        rate: float,
        burst: float = 1.0,
        *,
        share: Callable[[], float] = lambda: 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.rate, self.burst, self.share = rate, burst, share
        self._monotonic, self._sleep = monotonic, sleep
        self._lock = threading.Lock()
        self._next = float("-inf")
        self._hold = float("-inf")

    def wait(self) -> float:
        """Sleep until this call may go out; returns the seconds waited."""
        with self._lock:
            now = self._monotonic()
            gap = 1.0 / max(self.rate * min(max(self.share(), 0.01), 1.0), 1e-6)
            earliest = now - (self.burst - 1.0) * gap
            slot = max(self._next, earliest, self._hold)
            self._next = slot + gap
        pause = max(0.0, slot - now)
        if pause:
            self._sleep(pause)
            pause += self._held_meanwhile()
        return pause

    def hold(self, seconds: float) -> None:
        """Let nothing out for this long: the CRM said we are too fast."""
        with self._lock:
            self._hold = max(self._hold, self._monotonic() + seconds)

    def _held_meanwhile(self) -> float:
        """A hold that came while this call slept towards its slot counts for it too."""
        more = max(0.0, self._hold - self._monotonic())
        if more:
            self._sleep(more)
        return more
