"""plan | deliver: from numbers to wishes, and wishes into the CRM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from connector.advice.case import Advice
from connector.advice.rules import advise
from connector.config import WritebackSettings
from connector.errors import BadConfig
from connector.kpi.closing import closable_from
from connector.kpi.engine import Report
from connector.moment import DAY, Period, from_ms, local_day
from connector.pipeline.advice.following import follow_up
from connector.pipeline.agreeing import tell_notes
from connector.pipeline.bench import Workbench
from connector.pipeline.closing import history_of
from connector.pipeline.contesting.cards import hear_cards
from connector.pipeline.looking import View
from connector.pipeline.measuring import keep_results, report_of, unready
from connector.pipeline.official import official_report
from connector.pipeline.planning.replanning import look_daily
from connector.pipeline.running import Stop, held, never, recorded
from connector.pipeline.switching import settle, writeback_of
from connector.pipeline.talks.asking_people import sampling_tasks
from connector.store import leases, notices
from connector.store.sent import ledger
from connector.sync.progress import Progress
from connector.wishes import Wish
from connector.writeback import deliver as delivery
from connector.writeback import undo as undoing
from connector.writeback.plan import layout, plan
from connector.writeback.preview import Preview, preview
from connector.writeback.queue import queue
from connector.writeback.report import DeliveryReport
from connector.writeback.target import ALL_LEVELS, CONTESTS, level_of


@dataclass(slots=True)
class Pushed:
    """What a push came to; `shown` is what levels in preview would have written."""

    run: int = 0
    wished: int = 0
    delivery: DeliveryReport | None = None
    shown: Preview | None = None
    unready: list[str] = field(default_factory=list)
    """Kinds not read to their end yet: nothing is written on half a truth."""
    silent: dict[str, str] = field(default_factory=dict)
    """Who is behind and gets no task, and why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should be in the CRM and is not."""

    wishes: tuple[Wish, ...]
    advice: Advice
    names: dict[str, str]


def current_report(bench: Workbench) -> Report:
    """The running month's numbers."""
    return report_of(bench, Period.month(local_day(from_ms(bench.now()), bench.zone())))


def wanted(bench: Workbench, report: Report, *, force: bool = False) -> Wanted:
    """Look, then decide: cards, deal fields, tasks for heads."""
    with bench.store.read() as conn:
        view = View(bench, conn, report)
        known, situation = view.known(force=force), view.situation()
        names = {id: user.name for id, user in view.users.items()}
    tasks = writeback_of(bench).tasks != "off"
    advice = advise(situation) if tasks else Advice()
    asked = sampling_tasks(bench) if tasks else []
    return Wanted((*_last_cards(bench, force=force), *plan(known), *advice.tasks, *asked), advice, names)


def _last_cards(bench: Workbench, *, force: bool) -> list[Wish]:
    """Last month's cards: they follow late changes until its grace is over (rule C14), then they show what was closed.

    One that a person opened again follows changes again.
    """
    today = local_day(from_ms(bench.now()), bench.zone())
    month = Period.month(today.replace(day=1) - DAY)
    first = closable_from(month, bench.calendar(), bench.settings.rules.close_grace_days)
    if today >= first and not any(row.period == month.label for row in history_of(bench)):
        return []
    report = official_report(bench, month)
    with bench.store.read() as conn:
        return plan(replace(View(bench, conn, report).known(force=force), deals=(), answers={}))


def preview_of(bench: Workbench) -> Pushed:
    """What would be written, level by level; sends nothing."""
    found = wanted(bench, current_report(bench))
    shown = preview(found.wishes, writeback_of(bench), found.names, bench.settings.language)
    return Pushed(wished=len(found.wishes), shown=shown, silent=dict(found.advice.silent))


def push(bench: Workbench, *, force: bool = False, progress: Progress | None = None, stop: Stop = never) -> Pushed:
    """Write what is wanted at the levels that are on; `force`: also over people's values and earlier refusals."""
    with held(bench) as fence:
        bench.meet()
        return write_back(bench, fence, force=force, progress=progress, stop=stop)


def write_back(
    bench: Workbench,
    fence: leases.Fence,
    *,
    force: bool = False,
    progress: Progress | None = None,
    stop: Stop = never,
) -> Pushed:
    """The same, for whoever holds the lease already. With every level off or in preview nothing is sent."""
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
    shown = preview(_previewed(found.wishes, settings), settings, found.names, bench.settings.language)
    done = Pushed(wished=len(found.wishes), shown=shown if shown.changes else None, silent=dict(found.advice.silent))
    if not any(getattr(settings, level) == "on" for level in ALL_LEVELS):
        return done
    _send(bench, fence, found.wishes, done, settings, force=force, progress=progress, stop=stop)
    return done


def _send(
    bench: Workbench,
    fence: leases.Fence,
    wishes: Sequence[Wish],
    done: Pushed,
    settings: WritebackSettings,
    *,
    force: bool,
    progress: Progress | None,
    stop: Stop,
) -> None:
    """Queue, prepare the CRM where there is something to write, deliver; `done` is told. Raises what ended it early."""
    with recorded(bench, "push") as run:
        done.run = run.run
        queued = queue(
            bench.store,
            bench.account,
            wishes,
            fence=fence,
            settings=settings,
            run=run.run,
            now=bench.now(),
            force=force,
        )
        if queued.new or queued.kept:
            _prepare(bench, settings)
        done.delivery = delivery.deliver(
            bench.store,
            bench.account,
            bench.provider,
            fence=fence,
            settings=settings,
            run=run.run,
            now=bench.now,
            progress=_counting(bench, progress),
            stop=stop,
            still=lambda level: getattr(writeback_of(bench), level) == "on",
        )
        run.writes, run.stopped = done.delivery.written, done.delivery.stopped
        tell_notes(bench)
        if done.delivery.error is not None:
            raise done.delivery.error


def _prepare(bench: Workbench, settings: WritebackSettings) -> None:
    """What levels that are on write into is made where it is missing."""
    on = {level for level in ALL_LEVELS if getattr(settings, level) == "on"}
    bench.provider.prepare(layout(bench.settings.language, numbers=bool(on - {CONTESTS}), answers=CONTESTS in on))


def undo_run(bench: Workbench, undone: int, *, stop: Stop = never) -> Pushed:
    """Put back what one run wrote, where nobody changed it since. Raises BadConfig for a run that wrote nothing."""
    with bench.store.read() as conn:
        if not ledger.of_run(conn, bench.account, undone):
            raise BadConfig([f"{bench.settings.name}: run {undone} wrote nothing; `kpi status` lists the runs"])
    with held(bench) as fence:
        bench.meet()
        with recorded(bench, "undo") as run:
            told = undoing.undo(
                bench.store,
                bench.account,
                bench.provider,
                undone,
                fence=fence,
                run=run.run,
                now=bench.now,
                language=bench.settings.language,
                stop=stop,
            )
            run.writes = told.written
            if told.error is not None:
                raise told.error
    return Pushed(run=run.run, delivery=told)


def _previewed(wishes: Sequence[Wish], settings: WritebackSettings) -> list[Wish]:
    return [wish for wish in wishes if getattr(settings, level_of(wish)) == "preview"]


def _tell(bench: Workbench, advice: Advice) -> None:
    with bench.store.write() as conn:
        for notice in advice.notices:
            notices.add(conn, bench.account, notice.code, notice.subject, notice.text, now=bench.now())


def _counting(bench: Workbench, progress: Progress | None) -> delivery.Progress | None:
    if progress is None:
        return None
    shown = progress
    return lambda done, total: shown("written", done, total, bench.provider.requests)
