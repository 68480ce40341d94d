"""What follows the CRM's first answer in a reading: pull and save, look at what came, derive what it touched."""

from __future__ import annotations

from connector.pipeline import chances
from connector.pipeline.agreeing import agree_as_written, tell_notes
from connector.pipeline.bench import Workbench
from connector.pipeline.calendars import bring_absences
from connector.pipeline.deriving import derive_touched, whole
from connector.pipeline.hearing import hear, watch
from connector.pipeline.privacy.shielding import shield_of
from connector.pipeline.rates import bring_rates
from connector.pipeline.running import Stop, Synced, never
from connector.pipeline.trust import drifting
from connector.records import Pipeline
from connector.store import cursors
from connector.store.leases import Fence
from connector.sync import again, pull, sweep
from connector.sync.progress import Progress


def pull_and_derive(
    bench: Workbench,
    fence: Fence,
    done: Synced,
    *,
    full: bool = False,
    progress: Progress | None = None,
    stop: Stop = never,
) -> None:
    """What changed, kept; and facts of it."""
    begin(bench, full=full)
    try:
        heard = hear(bench, fence, queue=True, stop=stop)
        report = pull.pull_account(
            bench.store,
            bench.account,
            bench.provider,
            fence=fence,
            now=bench.now,
            progress=progress,
            stop=stop,
            shield=shield_of(bench),
        )
    finally:
        bench.backfilling = False
    if not heard.hooks and not full:  # what is read anew on purpose was told by hooks long ago
        watch(bench, report.new + report.changed)
    done.rows, done.changed, done.gone = dict(report.rows), report.new + report.changed, report.gone
    done.problems, done.stopped, done.refused = list(report.problems), report.stopped, report.refused
    tell_notes(bench)
    drifting.watch_structure(bench, fence, report.listed)
    bring_absences(bench, fence)
    if whole(bench, Pipeline):  # without them nobody knows what is for sale; what was read waits, dirty
        derive_touched(bench, fence, done, stop)
        if not done.stopped and bring_rates(bench, fence):
            derive_touched(bench, fence, done, stop)
    if not (done.stopped or report.later):  # half a reading is no world to compare
        drifting.watch_slowly(bench, fence)
        chances.refresh(bench, fence)


def look_for_deletions(
    bench: Workbench,
    fence: Fence,
    done: Synced,
    *,
    confirmed: bool = False,
    progress: Progress | None = None,
    stop: Stop = never,
) -> None:
    """What became visible late, read; what the CRM has no more, taken out; and facts of both."""
    late = again.read_again(
        bench.store,
        bench.account,
        bench.provider,
        fence=fence,
        now=bench.now,
        progress=progress,
        stop=stop,
        shield=shield_of(bench),
    )
    done.changed, done.problems, done.refused = late.new + late.changed, list(late.problems), late.refused
    report = sweep.sweep_account(
        bench.store,
        bench.account,
        bench.provider,
        fence=fence,
        now=bench.now,
        progress=progress,
        stop=stop,
        confirmed=confirmed,
        shield=shield_of(bench),
    )
    done.rows, done.gone = dict(report.checked), late.gone + report.gone
    done.problems, done.stopped = [*done.problems, *report.problems], late.stopped or report.stopped
    done.refused += report.refused
    derive_touched(bench, fence, done, stop)


def begin(bench: Workbench, *, full: bool = False) -> None:
    """Plans of the configuration into the store; whether this is a first read."""
    with bench.store.write() as conn:
        known = cursors.all(conn, bench.account)
        for kind in known if full else ():
            cursors.forget(conn, bench.account, kind)
        bench.backfilling = full or not known
        agree_as_written(bench, conn)
