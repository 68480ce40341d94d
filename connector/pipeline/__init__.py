"""The flow of one account, strung together here and nowhere else.

    pull | save | derive | score | measure | judge | plan | deliver

`reading` brings the CRM into facts, `scoring` makes facts of what was said, `measuring` makes numbers of them,
`writing` takes wishes back, `standing` looks.
Each part takes the account's lease for as long as it changes anything, so daemons and commands exclude one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.pipeline.bench import Ended, Workbench, each
from connector.pipeline.closing import Closed, close_due
from connector.pipeline.measuring import diff_of, explanation_of, import_plans, plans_of, report_of
from connector.pipeline.official import official_report
from connector.pipeline.reading import Stop, Synced, held, never, read, sweep_and_derive, sync_and_derive
from connector.pipeline.standing import examine, standing
from connector.pipeline.talks.transcripts import purge
from connector.pipeline.writing import Pushed, preview_of, push, undo_run, write_back
from connector.store.leases import Fence
from connector.sync.progress import Progress

if TYPE_CHECKING:  # the scorer brings a dictionary along: not before there is something to score
    from connector.pipeline.talks.scoring import Scoring

__all__ = [
    "Closed", "Cycle", "Ended", "Pushed", "Synced", "Workbench", "cycle", "diff_of", "each", "examine",
    "explanation_of", "import_plans", "official_report", "plans_of", "preview_of", "push", "report_of", "standing",
    "sweep_and_derive", "sync_and_derive", "undo_run",
]  # fmt: skip


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
