"""The vendor's operating limit: working time of each method over ten minutes. Fact sheet 2.2.

What a method has used is told as a running total, never to be added up. A method over its limit is closed until the
oldest minute drops out; others go on. Refusals do not always say until when, earlier answers of the method did.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

PAUSE = timedelta(seconds=60)
"""How long to leave a method alone when nobody told until when it is closed."""
LONGEST = timedelta(minutes=10)
"""The window of the limit."""


def reset_at(time: Any, told_at: datetime) -> datetime | None:
    """`operating_reset_at` of a `time` block (seconds, or ISO text); None where it is missing or no moment."""
    told = time.get("operating_reset_at") if isinstance(time, dict) else None
    if told is None:
        return None
    try:
        if isinstance(told, str) and not told.replace(".", "", 1).isdigit():
            reset = datetime.fromisoformat(told)
        else:
            reset = datetime.fromtimestamp(float(told), tz=told_at.tzinfo)
        return min(reset, told_at + LONGEST)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


@dataclass(slots=True)
class Limits:
    """What is known of each method. All moments are the server's."""

    used: dict[str, float] = field(default_factory=dict)
    """Method → seconds used in ten minutes, as last told."""
    _resets: dict[str, datetime] = field(default_factory=dict)
    _closed: dict[str, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def learn(self, method: str, time: Any, told_at: datetime) -> None:
        """Take in the `time` block of an answer."""
        used = time.get("operating") if isinstance(time, dict) else None
        reset = reset_at(time, told_at)
        with self._lock:
            if used is not None:
                self.used[method] = float(used)
            if reset is not None:
                self._resets[method] = reset

    def close(self, method: str, time: Any, told_at: datetime) -> datetime:
        """The method was refused: until when it is closed, at least a second from now."""
        with self._lock:
            until = reset_at(time, told_at) or self._resets.get(method)
            if until is None or until <= told_at:
                until = told_at + (PAUSE if until is None else timedelta(seconds=1))
            self._closed[method] = until
            return until

    def opens(self, methods: Iterable[str], now: datetime) -> datetime | None:
        """When all of these may be called again; None: now."""
        with self._lock:
            self._closed = {method: until for method, until in self._closed.items() if until > now}
            return max((self._closed[method] for method in methods if method in self._closed), default=None)
