"""A manager's page: three to five numbers, what is left to do today, what counted and what did not, and his months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connector.kpi.definition import Kpi
from connector.kpi.explain import Explanation
from connector.kpi.text import Language
from connector.moment import from_ms, zone_of
from connector.money import to_units
from connector.pipeline.showing import ATTAINED, PLANNED, Shown, Task
from connector.result import Result
from connector.store.asked.standing import Standing
from connector.targets.pace import today
from connector.web import locale
from connector.web.views import facts, plan
from connector.web.views.board import TaskLine, task_line
from connector.web.views.figures import Figure, Pen, sourced
from connector.web.views.plan import OtherPlan
from connector.web.words import WORDS

MOST = 5
"""More numbers than that are nobody's goals."""
PROCESS = (
    "lead_answered_in_norm", "callback_in_norm", "successful_call_share", "contacted_clients", "lead_response_minutes",
    "meetings",
)  # fmt: skip
SALES = ("lead_won_share", "win_rate", "average_deal")
QUALITY = ("csat", "script_compliance", "objection_handling", "card_completeness", "loss_other_share")
HISTORY = (PLANNED, ATTAINED, "won_deals", "win_rate")
LATE_TASKS = "overdue_task_share"
ROWS = 8


@dataclass(frozen=True, slots=True)
class TodayLine:
    """What is left of one KPI on this day, or is needed on each working day to come; `note`: done of how much, `done`:
    nothing is left.
    """

    title: str
    much: str
    note: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class DealLine:
    """An open deal of his that is worth a look today; in a month that is over nothing is."""

    text: str
    amount: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class Month:
    """One of his months: revenue, what part of the plan, deals won, win rate."""

    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class TaskInCrm:
    """An overdue task of his: when it was due, and the cards that it is on."""

    at: str
    cards: tuple[facts.Card, ...]


@dataclass(frozen=True, slots=True)
class CrmTasks:
    """His open tasks in the CRM: how many of them are overdue, and the oldest of these."""

    text: str
    href: str
    lines: tuple[TaskInCrm, ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything on it."""

    id: str
    name: str
    own: bool
    period: str
    as_of: str
    closed: str
    plan: plan.PlanBlock | None
    figures: tuple[Figure, ...]
    today: tuple[TodayLine, ...]
    working: bool
    """Whether today is a working day: `today` is then of this one alone."""
    deals: tuple[DealLine, ...]
    tasks: tuple[TaskLine, ...]
    counted: tuple[facts.Row, ...]
    counted_total: int
    left_out: tuple[facts.Row, ...]
    left_out_total: int
    proof: str
    history: tuple[Month, ...]
    crm_tasks: CrmTasks | None = None
    feedback: bool = False
    """Whether the reader may see what he was talked to about."""
    edit: str = ""
    """Where the reader sets his plans; empty where he does not."""
    others: tuple[OtherPlan, ...] = ()
    """Plans of other KPIs whose end can be told."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a person's page shows beside the month: `agreed`, the KPIs of his set and those he has a plan for; results
    of earlier months, the oldest first; his open deals with their cards' addresses; his open tasks. `day`: what today
    brought by KPI, None where it is no working day.
    """

    agreed: Sequence[str]
    months: Sequence[Result]
    deals: Sequence[tuple[Standing, str]]
    tasks: Sequence[Task]
    open_tasks: Explanation | None = None
    day: Mapping[str, Decimal] | None = None
    feedback: bool = False
    edit: str = ""


def person_page(
    seen: Shown, user: str, proof: Explanation, beside: Beside, *, own: bool, language: Language
) -> PersonPage:
    """`proof`: of his revenue. `own`: he looks at it himself."""
    report, subject = seen.report, f"user:{user}"
    pen = Pen.of(report, language)
    results = {kpi: result for (who, kpi), result in seen.results.items() if who == subject}
    counted, left = facts.rows(proof, seen.zone, language, own=own)
    told = {PLANNED} if (subject, PLANNED) in seen.paces else set()
    return PersonPage(
        id=user,
        name=seen.everyone.users.get(user, user),
        own=own,
        period=locale.month(report.period.label, language),
        as_of=plan.as_of(seen, language),
        closed=plan.closed(seen, language),
        plan=plan.block(seen, subject, pen, PLANNED),
        figures=tuple(pen.figure(results[key]) for key in headline(results, beside.agreed) if key not in told),
        today=tuple(_today(seen, subject, beside.day, pen)),
        working=beside.day is not None,
        deals=tuple(_deal(one, href, seen, pen) for one, href in beside.deals) if seen.running else (),
        tasks=tuple(task_line(one, seen, language) for one in beside.tasks),
        counted=tuple(counted[:ROWS]),
        counted_total=len(counted),
        left_out=tuple(left[:ROWS]),
        left_out_total=len(left),
        proof=pen.href(PLANNED, subject),
        history=tuple(_months(beside.months, pen)),
        crm_tasks=_crm_tasks(beside.open_tasks, seen, pen) if seen.running else None,
        feedback=beside.feedback,
        edit=beside.edit,
        others=plan.others(seen, subject, pen),
    )


def planned_of(seen: Shown, subject: str) -> list[str]:
    """The KPIs that he has a plan for."""
    return [kpi for who, kpi in seen.plans if who == subject and kpi != PLANNED]


def headline(results: Mapping[str, Result], planned: Iterable[str]) -> list[str]:
    """Money and plan, what is agreed with him, then one of the process, one of sales, one of quality: five at most."""
    wanted = list(dict.fromkeys([PLANNED, *(key for key in planned if key in results)]))[:MOST]
    for some in (PROCESS, SALES, QUALITY):
        there = [key for key in some if key in results and sourced(results[key])]
        known = [key for key in there if results[key].value is not None]
        wanted += (known or there)[:1]
    return [key for key in dict.fromkeys(wanted) if key in results][:MOST]


def daily(seen: Shown) -> tuple[str, ...]:
    """KPIs with a plan whose days add up to the month, and more of which is better: of these a day has its part."""
    told = {one.key for one in seen.report.kpis if _adds_up(one) and one.direction == "more"}
    return tuple(sorted({kpi for _, kpi in seen.paces} & told))


def _adds_up(kpi: Kpi) -> bool:
    return not kpi.ratio and not kpi.standing and kpi.top[0].additive


def _today(seen: Shown, subject: str, day: Mapping[str, Decimal] | None, pen: Pen) -> Iterator[TodayLine]:
    """What is left of this working day's part, of everything with a plan; on a day off what each to come must bring."""
    if not seen.running:
        return
    for key in daily(seen):
        found, kpi = seen.paces.get((subject, key)), pen.kpis[key]
        told = None if found is None else today(found, (day or {}).get(key, Decimal(0)), whole=kpi.unit == "count")
        if told is None:
            continue
        left, done, needed = (
            locale.figure(one, kpi.unit, pen.currency, pen.language) for one in (told.left, told.done, told.needed)
        )
        if day is None:
            yield TodayLine(kpi.title(pen.language), needed)
            continue
        said = WORDS["today_done" if told.left else "today_all"](pen.language).format(done=done, needed=needed)
        yield TodayLine(kpi.title(pen.language), left, said, not told.left)


def _deal(one: Standing, href: str, seen: Shown, pen: Pen) -> DealLine:
    deal, language = one.deal, pen.language
    currency = deal.currency or pen.currency
    amount = locale.money(to_units(deal.amount, currency), currency, language) if deal.amount else locale.NONE
    days = (seen.now - one.stage_since).days if one.stage_since else None
    on_stage = "" if days is None else WORDS["on_stage"](language).format(days=locale.counted_days(days, language))
    return DealLine(f"{WORDS['deal'](language)} {deal.id}", amount, on_stage, href)


def _crm_tasks(told: Explanation | None, seen: Shown, pen: Pen) -> CrmTasks | None:
    """None where he has none, or nothing is known of them."""
    if told is None or not told.result.n:
        return None
    late = sorted((one.due_at, one.key, one) for one in told.items if one.role == "both" and one.due_at is not None)
    text = WORDS["crm_tasks_late"](pen.language).format(late=len(late), all=told.result.n)
    lines = []
    for due, _, one in late[:ROWS]:
        at = locale.moment(from_ms(due).astimezone(zone_of(seen.zone)), pen.language)
        cards = tuple(facts.card(ref, address, pen.language) for ref, address in one.links.items())
        lines.append(TaskInCrm(WORDS["crm_task_due"](pen.language).format(at=at), cards))
    return CrmTasks(text, pen.href(LATE_TASKS, f"user:{told.result.subject.partition(':')[2]}"), tuple(lines))


def _months(months: Sequence[Result], pen: Pen) -> Iterator[Month]:
    """The newest first."""
    for label in sorted({one.period for one in months}, reverse=True):
        of_month = {one.kpi: one for one in months if one.period == label}
        then = Pen(pen.kpis, pen.currency, pen.language, label)
        figures = (then.figure(of_month[key]) for key in HISTORY if key in of_month and key in pen.kpis)
        yield Month(locale.month(label, pen.language), tuple(figures))


def worth_a_look(deals: Iterable[Standing], user: str, most: int = 5) -> list[Standing]:
    """His largest open deals."""
    own = [one for one in deals if one.deal.outcome == "open" and one.deal.owner_id == user]
    return sorted(own, key=lambda one: (-(one.deal.amount or 0), one.deal.id))[:most]
