"""pull | save | derive: from the CRM to facts.

What follows the CRM's first answer is loaded after it: rules, measures and their words are a sixth of all a command
loads, and whoever waits for the first request does not need them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.pipeline.bench import Workbench
from connector.pipeline.running import Stop, Synced, held, introduced, never, recorded
from connector.store.leases import Fence

if TYPE_CHECKING:
    from connector.sync.progress import Progress


def sync_and_derive(
    bench: Workbench, *, full: bool = False, progress: Progress | None = None, stop: Stop = never
) -> Synced:
    """Read what changed, keep it, and derive the touched dossiers."""
    with held(bench) as fence:
        return read(bench, fence, full=full, progress=progress, stop=stop)


def read(
    bench: Workbench, fence: Fence, *, full: bool = False, progress: Progress | None = None, stop: Stop = never
) -> Synced:
    """The same, for whoever holds the lease already."""
    introduced(bench, "sync")
    from connector.pipeline import pulling  # see above

    with recorded(bench, "sync") as done:
        pulling.pull_and_derive(bench, fence, done, full=full, progress=progress, stop=stop)
    return done


def sweep_and_derive(
    bench: Workbench, *, confirmed: bool = False, progress: Progress | None = None, stop: Stop = never
) -> Synced:
    """Find deletions that no one told us of, and derive what they touch."""
    with held(bench) as fence:
        introduced(bench, "sweep")
        from connector.pipeline import pulling  # see above

        with recorded(bench, "sweep") as done:
            pulling.look_for_deletions(bench, fence, done, confirmed=confirmed, progress=progress, stop=stop)
    return done
