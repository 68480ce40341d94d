"""pull | save | derive | score | close | deliver: one turn of the whole flow under one lease."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.pipeline.bench import Workbench
from connector.pipeline.closing import Closed, close_due
from connector.pipeline.reading import read
from connector.pipeline.running import Stop, Synced, held, never
from connector.pipeline.talks.transcripts import purge
from connector.pipeline.writing import Pushed, write_back
from connector.store.leases import Fence
from connector.sync.progress import Progress

if TYPE_CHECKING:  # the scorer brings a dictionary along: not before there is something to score
    from connector.pipeline.talks.scoring import Scoring


@dataclass(frozen=True, slots=True)
class Cycle:
    """One turn of the whole flow."""

    synced: Synced
    pushed: Pushed
    closed: tuple[Closed, ...] = ()
    """Months whose grace was over."""
    scoring: Scoring | None = None
    """Of conversations, where the account has them scored."""


def cycle(bench: Workbench, *, progress: Progress | None = None, stop: Stop = never) -> Cycle:
    """Sync, compute, close the month that is due, write back, under one lease."""
    with held(bench) as fence:
        synced = read(bench, fence, progress=progress, stop=stop)
        scoring = None if synced.stopped else _scored(bench, fence, stop)
        closed = [] if synced.stopped else close_due(bench)
        pushed = Pushed() if synced.stopped else write_back(bench, fence, progress=progress, stop=stop)
    return Cycle(synced, pushed, tuple(closed), scoring)


def _scored(bench: Workbench, fence: Fence, stop: Stop) -> Scoring | None:
    """Transcripts grow old also where nothing is scored; what goes wrong here delays no number."""
    if bench.settings.quality is None:
        purge(bench)
        return None
    from connector.pipeline.talks.scoring import score_calmly

    return score_calmly(bench, fence, stop=stop)
