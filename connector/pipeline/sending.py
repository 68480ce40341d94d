"""deliver: wishes queued, what they are written into made, and the CRM told, as one run of the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connector.config import WritebackSettings
from connector.pipeline.agreeing import tell_notes
from connector.pipeline.bench import Workbench
from connector.pipeline.running import Stop, never, recorded
from connector.pipeline.switching import writeback_of
from connector.pipeline.wanting import Wanted, cards_again
from connector.store import leases
from connector.store.sent.outbox import Put
from connector.sync.progress import Progress
from connector.wishes import Wish
from connector.writeback import deliver as delivery
from connector.writeback.plan import layout
from connector.writeback.queue import queue
from connector.writeback.report import DeliveryReport
from connector.writeback.target import ALL_LEVELS, CONTESTS


@dataclass(frozen=True, slots=True)
class Sending:
    """For whom wishes are sent, by what right, at which levels; `force`: what was refused is tried again.

    `attended`: a person asked for it, so the day's caps do not hold.
    """

    bench: Workbench
    fence: leases.Fence
    settings: WritebackSettings
    force: bool = False
    progress: Progress | None = None
    stop: Stop = never
    attended: bool = False

    def send(self, found: Wanted) -> tuple[int, DeliveryReport]:
        """Queue, prepare the CRM where there is something to write, deliver: the run's number, and what came of it.

        Raises what ended it early.
        """
        with recorded(self.bench, "push") as run:
            queued = self._queue(run.run, found.wishes)
            if queued.new or queued.kept:
                self._prepare()
            report = self._deliver(run.run, found)
            run.writes, run.stopped = report.written, report.stopped
            tell_notes(self.bench)
            if report.error is not None:
                raise report.error
        return run.run, report

    def _queue(self, run: int, wishes: Sequence[Wish], *, whole: bool = True) -> Put:
        bench = self.bench
        return queue(
            bench.store, bench.account, wishes, fence=self.fence, settings=self.settings, run=run, now=bench.now(),
            whole=whole, force=self.force,
        )  # fmt: skip

    def _prepare(self) -> None:
        """What levels that are on write into is made where it is missing."""
        on = {level for level in ALL_LEVELS if getattr(self.settings, level) == "on"}
        numbers, language = bool(on - {CONTESTS}), self.bench.settings.language
        self.bench.provider.prepare(layout(language, numbers=numbers, answers=CONTESTS in on))

    def _deliver(self, run: int, found: Wanted) -> DeliveryReport:
        """Whoever switches a level off meanwhile is obeyed; cards are queued anew once heads got their tasks."""
        bench = self.bench
        return delivery.deliver(
            bench.store,
            bench.account,
            bench.provider,
            fence=self.fence,
            settings=self.settings,
            run=run,
            now=bench.now,
            progress=_counting(bench, self.progress),
            stop=self.stop,
            still=lambda level: getattr(writeback_of(bench), level) == "on",
            told=lambda: self._tell_cards(run, found),
            attended=self.attended,
        )

    def _tell_cards(self, run: int, found: Wanted) -> None:
        self._queue(run, cards_again(self.bench, found), whole=False)


def _counting(bench: Workbench, progress: Progress | None) -> delivery.Progress | None:
    if progress is None:
        return None
    shown = progress
    return lambda done, total: shown("written", done, total, bench.provider.requests)
