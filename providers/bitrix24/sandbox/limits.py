"""Both limits of the cloud: requests (a leaking bucket) and execution time (ten one-minute buckets a method)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from providers.bitrix24.sandbox.answers import RestError

WINDOW, MINUTE = 600.0, 60.0
LIGHT = 0.1
"""A batch shorter than this is not charged where batches are charged as a whole."""
BATCH_WEIGHT = 0.5


@dataclass(slots=True)
class Bucket:
    """+1 for each request, -`rate` a second; above `size` a request is refused before it runs."""

    rate: float
    size: float
    monotonic: Callable[[], float]
    level: float = 0.0
    seen: float | None = None

    def take(self) -> None:
        """Let one in, or raise QUERY_LIMIT_EXCEEDED."""
        now = self.monotonic()
        if self.seen is not None:
            self.level = max(0.0, self.level - self.rate * (now - self.seen))
        self.seen = now
        if self.level + 1 > self.size:
            raise RestError("QUERY_LIMIT_EXCEEDED", "Too many requests", 503)
        self.level += 1


@dataclass(slots=True)
class Operating:
    """Seconds spent by method in the last ten minutes. The call that crosses the line ends, the next is refused."""

    limit: float
    monotonic: Callable[[], float]
    spent: dict[str, dict[float, float]] = field(default_factory=lambda: defaultdict(dict))

    def total(self, method: str) -> float:
        """What counts at this moment."""
        now = self.monotonic()
        kept = {minute: cost for minute, cost in self.spent[method].items() if now - minute < WINDOW}
        self.spent[method] = kept
        return sum(kept.values())

    def check(self, method: str) -> None:
        """Raise OPERATION_TIME_LIMIT where the line was crossed before."""
        if self.total(method) >= self.limit:
            raise RestError("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.", 429)

    def charge(self, method: str, seconds: float) -> None:
        """Add to the bucket of this minute; a bucket is known by the first call in it."""
        now = self.monotonic()
        buckets = self.spent[method]
        minute = next((start for start in buckets if now - start < MINUTE), now)
        buckets[minute] = buckets.get(minute, 0.0) + seconds

    def reset_in(self, method: str) -> float:
        """Seconds until the oldest bucket drops out."""
        now = self.monotonic()
        oldest = min((m for m in self.spent[method] if now - m < WINDOW), default=now)
        return oldest + WINDOW - now
