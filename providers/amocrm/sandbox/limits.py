"""Seven requests a second, in real time. Beyond them 429; who goes on hammering is blocked until somebody lifts it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from providers.amocrm.sandbox.answers import Answer, html

RATE = 7.0
PATIENCE, MEMORY = 30, 10.0
"""So many refusals within so many seconds, and the address is blocked."""


class Throttle:
    """A bucket of RATE requests, filled at RATE a second."""

    def __init__(self, *, paced: bool, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.paced, self.blocked = paced, False
        self.refusals = 0
        """Every 429 so far."""
        self._monotonic = monotonic
        self._level, self._at = RATE, monotonic()
        self._refused: deque[float] = deque()

    def stop(self, *, counts: bool) -> Answer | None:
        """The answer that keeps this request out, or None to let it in; `counts`: it is an API call."""
        if self.blocked:
            return html(403)
        if not self.paced or not counts:
            return None
        now = self._monotonic()
        self._level = min(RATE, self._level + (now - self._at) * RATE)
        self._at = now
        if self._level >= 1.0:
            self._level -= 1.0
            return None
        return self._refuse(now)

    def _refuse(self, now: float) -> Answer:
        self.refusals += 1
        self._refused.append(now)
        while self._refused and self._refused[0] < now - MEMORY:
            self._refused.popleft()
        self.blocked = len(self._refused) >= PATIENCE
        return html(429)

    def forgive(self) -> None:
        """What only the vendor's support does."""
        self.blocked = False
        self._refused.clear()
