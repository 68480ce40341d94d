"""One read of recent events, or tasks, handed to every kind that is made of them: a quiet cycle costs one request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from providers.amocrm.cursor import At
from providers.amocrm.paging import Row
from providers.amocrm.reading import OVERLAP, Turn

FRESH = timedelta(seconds=120)
RECENT = timedelta(hours=6)
"""Further back every kind reads its own."""


@dataclass(slots=True)
class Batch:
    """Everything since a moment. `upto`: the place after it; unchanged where nothing newer than `known` came."""

    since: int
    known: int
    rows: Sequence[Row] = field(repr=False)
    upto: int
    told_at: datetime
    odd: Sequence[Any] = ()
    served: set[str] = field(default_factory=set)


class Batches:
    """The last batch. Each kind gets it once; asking again means looking again. Threads may share it."""

    def __init__(self, look: Callable[[int, int], Batch], now: Callable[[], datetime]) -> None:
        self._look, self._now = look, now
        self._last: Batch | None = None
        self._one_at_a_time = threading.Lock()

    def recent(self, at: At) -> bool:
        """Whether this place is near enough for a batch."""
        return at.upto is not None and self._now().timestamp() - at.upto < RECENT.total_seconds()

    def turn(self, kind: str, at: At, fits: Callable[[Row], bool]) -> tuple[Turn, Sequence[Any]]:
        """This kind's rows since its own place, whatever the others' places are; and rows nobody can place."""
        with self._one_at_a_time:
            batch = self._serving(kind, at.upto or 0)
            batch.served.add(kind)
        upto = max(at.upto or 0, batch.upto if batch.upto > batch.known else 0)
        return Turn([row for row in batch.rows if fits(row)], At(upto=upto), batch.told_at), batch.odd

    def _serving(self, kind: str, upto: int) -> Batch:
        last = self._last
        good = last is not None and kind not in last.served and last.since <= upto - OVERLAP
        if last is None or not good or self._now() - last.told_at > FRESH:
            last = self._last = self._look(upto - OVERLAP, upto)
        return last
