"""advise | plan: what should be in the CRM and is not. Sends nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from connector.advice.case import Advice
from connector.advice.rules import advise
from connector.config import WritebackSettings
from connector.kpi.closing import closable_from
from connector.kpi.engine import Report
from connector.moment import DAY, Period
from connector.pipeline.advice.following import card_lines
from connector.pipeline.bench import Workbench
from connector.pipeline.closing import history_of
from connector.pipeline.looking import View
from connector.pipeline.measuring import report_of
from connector.pipeline.official import official_report
from connector.pipeline.switching import writeback_of
from connector.pipeline.talks.asking_people import sampling_tasks
from connector.wishes import AddTask, UpsertCard, Wish
from connector.writeback.plan import Known, cards, plan


@dataclass(frozen=True, slots=True)
class Wanted:
    """Wishes, and what they were planned from: `months`, of which there are cards, the running one last."""

    wishes: tuple[Wish, ...]
    advice: Advice
    names: dict[str, str]
    months: tuple[Known, ...]


def current_report(bench: Workbench) -> Report:
    """The running month's numbers."""
    return report_of(bench, Period.month(bench.today()))


def wanted(
    bench: Workbench, report: Report, *, force: bool = False, settings: WritebackSettings | None = None
) -> Wanted:
    """Look, then decide: cards, deal fields, tasks for heads. `settings`: as if levels stood so, not as they do."""
    settings = settings or writeback_of(bench)
    with bench.store.read() as conn:
        view = View(bench, conn, report)
        known, situation = view.known(settings, force=force), view.situation()
        names = {id: user.name for id, user in view.users.items()}
    tasks = settings.tasks != "off"
    advice = advise(situation) if tasks else Advice()
    asked = sampling_tasks(bench) if tasks else []
    months = (*_last_month(bench, settings, force=force), known)
    wishes = (wish for one in months for wish in plan(one))
    return Wanted((*wishes, *advice.tasks, *asked), advice, names, months)


def cards_again(bench: Workbench, found: Wanted, also: Sequence[AddTask] = ()) -> list[UpsertCard]:
    """The cards anew, with what their people are talked to about by now; `also`: as if heads had these tasks."""
    with bench.store.read() as conn:
        lines = card_lines(bench, conn, also)
    return [card for known in found.months for card in cards(replace(known, histories=lines))]


def _last_month(bench: Workbench, settings: WritebackSettings, *, force: bool) -> Iterator[Known]:
    """Last month's cards follow late changes until its grace is over (rule C14), then they show what was closed.

    One that a person opened again follows changes again.
    """
    today = bench.today()
    month = Period.month(today.replace(day=1) - DAY)
    first = closable_from(month, bench.calendar(), bench.settings.rules.close_grace_days)
    if today >= first and not any(row.period == month.label for row in history_of(bench)):
        return
    report = official_report(bench, month)
    with bench.store.read() as conn:
        known = View(bench, conn, report).known(settings, force=force)
    yield replace(known, deals=(), answers={})
