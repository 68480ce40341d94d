"""plan | deliver: from numbers to wishes, and wishes into the CRM."""

from __future__ import annotations

from dataclasses import dataclass, field

from connector.advice.case import Advice
from connector.config import WritebackSettings
from connector.kpi.text import Language, Text
from connector.pipeline.advice.following import follow_up
from connector.pipeline.bench import Workbench
from connector.pipeline.contesting.cards import hear_cards
from connector.pipeline.measuring import keep_results, unready
from connector.pipeline.planning.replanning import look_daily
from connector.pipeline.running import Stop, held, never
from connector.pipeline.sending import Sending
from connector.pipeline.switching import settle, writeback_of
from connector.pipeline.wanting import Wanted, cards_again, current_report, wanted
from connector.store import leases, notices
from connector.sync.progress import Progress
from connector.wishes import AddTask, UpsertCard, Wish
from connector.writeback.preview import Preview, preview
from connector.writeback.report import DeliveryReport
from connector.writeback.target import ALL_LEVELS, level_of


@dataclass(slots=True)
class Pushed:
    """What a push came to; `shown` is what levels in preview would have written."""

    run: int = 0
    wished: int = 0
    delivery: DeliveryReport | None = None
    shown: Preview | None = None
    unready: list[str] = field(default_factory=list)
    """Kinds not read to their end yet: nothing is written on half a truth."""
    silent: dict[str, Text] = field(default_factory=dict)
    """Who is behind and gets no task, and why."""
    names: dict[str, str] = field(default_factory=dict)
    """What people are called, by id."""


def preview_of(
    bench: Workbench,
    *,
    force: bool = False,
    language: Language | None = None,
    settings: WritebackSettings | None = None,
) -> Pushed:
    """What would be written, level by level; sends nothing. `settings`: as if levels stood so, not as they do."""
    settings = settings or writeback_of(bench)
    found = wanted(bench, current_report(bench), force=force, settings=settings)
    wishes = _promised(bench, found, settings)
    shown = preview(wishes, settings, found.names, language or bench.settings.language)
    return Pushed(wished=len(wishes), shown=shown, silent=dict(found.advice.silent), names=found.names)


def push(bench: Workbench, *, force: bool = False, progress: Progress | None = None, stop: Stop = never) -> Pushed:
    """Write what is wanted at the levels that are on; `force`: also over people's values and earlier refusals."""
    with held(bench) as fence:
        bench.meet()
        return write_back(bench, fence, force=force, progress=progress, stop=stop, attended=True)


def write_back(
    bench: Workbench,
    fence: leases.Fence,
    *,
    force: bool = False,
    progress: Progress | None = None,
    stop: Stop = never,
    attended: bool = False,
) -> Pushed:
    """The same, for whoever holds the lease already. With every level off or in preview nothing is sent.

    `attended`: a person asked for it; what goes out by itself keeps to a day's caps.
    """
    settle(bench)
    if missing := unready(bench):
        return Pushed(unready=missing)
    hear_cards(bench, fence)
    look_daily(bench, fence)
    if writeback_of(bench).tasks == "on":
        follow_up(bench, fence)
    report = current_report(bench)
    keep_results(bench, report)
    found = wanted(bench, report, force=force)
    _tell(bench, found.advice)
    settings = writeback_of(bench)  # now, not before all was computed: a person may have switched meanwhile
    shown = preview(_previewed(bench, found, settings), settings, found.names, bench.settings.language)
    done = Pushed(
        wished=len(found.wishes),
        shown=shown if shown.changes else None,
        silent=dict(found.advice.silent),
        names=found.names,
    )
    if not any(getattr(settings, level) == "on" for level in ALL_LEVELS):
        return done
    done.run, done.delivery = Sending(bench, fence, settings, force, progress, stop, attended).send(found)
    return done


def _promised(bench: Workbench, found: Wanted, settings: WritebackSettings) -> list[Wish]:
    """What a push would write: cards tell of the tasks that heads would have by then, where heads are given any."""
    tasks = [wish for wish in found.wishes if isinstance(wish, AddTask)] if settings.tasks == "on" else []
    return [*cards_again(bench, found, tasks), *(one for one in found.wishes if not isinstance(one, UpsertCard))]


def _previewed(bench: Workbench, found: Wanted, settings: WritebackSettings) -> list[Wish]:
    """Of that what stands at levels in preview; where none is, nothing is looked up for it."""
    if not any(getattr(settings, level) == "preview" for level in ALL_LEVELS):
        return []
    return [wish for wish in _promised(bench, found, settings) if getattr(settings, level_of(wish)) == "preview"]


def _tell(bench: Workbench, advice: Advice) -> None:
    with bench.store.write() as conn:
        for notice in advice.notices:
            notices.add(conn, bench.account, notice.code, notice.subject, notice.text, now=bench.now())
