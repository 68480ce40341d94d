"""A head's board: everybody's plan, pace and two drivers, what changed since yesterday and why, tasks of the week."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from connector.kpi.diff.changes import Difference
from connector.kpi.diff.reading import Comparison
from connector.kpi.diff.telling import part, ref_of
from connector.kpi.diff.words import named, reasons_of
from connector.kpi.people import titled
from connector.kpi.spans import COMPANY
from connector.kpi.text import Language
from connector.moment import local_day
from connector.pipeline.showing import PLANNED, Shown, Task
from connector.web import locale
from connector.web.views import facts, plan
from connector.web.views.figures import Figure, Pen, sourced
from connector.web.views.plan import OtherPlan
from connector.web.words import WORDS

DRIVERS = (
    "lead_answered_in_norm", "lead_won_share", "win_rate", "successful_call_share", "contacted_clients",
    "callback_in_norm",
)  # fmt: skip
"""Two of these, the first that the team's data can tell."""
MOST_REASONS = 4
YOUNG = 3
"""Days of a running month in which nobody can be judged."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person or team."""

    name: str
    href: str
    revenue: Figure | None
    plan: plan.PlanBlock | None
    drivers: tuple[Figure, ...]
    edit: str = ""
    """Where the reader sets his plans; empty where he does not."""
    others: tuple[OtherPlan, ...] = ()
    """Plans of other KPIs whose end can be told."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A record that moved a number."""

    text: str
    card: facts.Card | None


@dataclass(frozen=True, slots=True)
class Change:
    """Whose revenue moved, by how much, and what moved it."""

    name: str
    href: str
    by: str
    before: str
    after: str
    reasons: tuple[Reason, ...]
    more: int


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task that a head got in the CRM."""

    title: str
    text: str
    due: str
    done: bool
    late: bool
    head: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on it."""

    title: str
    period: str
    as_of: str
    closed: str
    drivers: tuple[str, ...]
    people: tuple[Line, ...]
    teams: tuple[Line, ...]
    tasks: tuple[TaskLine, ...]
    teams_to_choose: tuple[tuple[str, str], ...]
    unplanned: tuple[tuple[str, str], ...] = ()
    """Who has neither a plan nor sales yet: name and where to set one."""
    young: str = ""
    """What to say of a month that has hardly begun."""


def board(
    seen: Shown,
    people: Iterable[str],
    teams: Sequence[str],
    tasks: Iterable[Task],
    language: Language,
    settable: Collection[str] = (),
) -> Board:
    """`people` and `teams`: those whom the reader may see; of a team's people nobody is left out of a month that is not
    over, of others who has nothing in it. `settable`: whose plans he sets.
    """
    report = seen.report
    pen = Pen.of(report, language)
    known, sellers = list(people), _sellers(seen)
    busy = [user for user in known if _busy(seen, user) or user in sellers]
    idle = [user for user in known if user in settable and user in seen.everyone.active and user not in busy]
    drivers = _drivers(seen, [f"user:{user}" for user in busy])
    lines = [
        _line(seen, f"user:{user}", seen.everyone.users.get(user, user), drivers, pen, user in settable)
        for user in busy
    ]
    names = titled(report.teams, language)
    ours = [id for id in teams if id in names]
    totals = [_line(seen, f"team:{id}", names[id], drivers, pen) for id in ours]
    return Board(
        title=names[COMPANY] if COMPANY in ours else ", ".join(names[id] for id in ours) or report.account,
        period=locale.month(report.period.label, language),
        as_of=plan.as_of(seen, language),
        closed=plan.closed(seen, language),
        drivers=tuple(pen.kpis[key].title(language) for key in drivers),
        people=tuple(sorted(lines, key=_order)),
        teams=tuple(totals),
        tasks=tuple(task_line(one, seen, language) for one in tasks),
        teams_to_choose=tuple((id, names[id]) for id in ours),
        young=_young(seen, language),
        unplanned=tuple(sorted((seen.everyone.users[user], _edit(user, pen)) for user in idle)),
    )


def _young(seen: Shown, language: Language) -> str:
    day = (seen.today - seen.report.period.start).days + 1
    return WORDS["month_young"](language).format(day=day) if 1 <= day <= YOUNG else ""


def changes(told: Iterable[Comparison], seen: Shown, link_to: facts.LinkTo, language: Language) -> tuple[Change, ...]:
    """Whose revenue moved, with the records that moved it."""
    pen = Pen.of(seen.report, language)
    return tuple(_change(one, link_to, pen) for one in told)


def _busy(seen: Shown, user: str) -> bool:
    """Who sells: a plan, or anything counted this month."""
    subject = f"user:{user}"
    if (subject, PLANNED) in seen.paces:
        return True
    told = (seen.results.get((subject, kpi)) for kpi in (PLANNED, "calls"))
    return any(one is not None and bool(one.numerator) for one in told)


def _sellers(seen: Shown) -> frozenset[str]:
    """Who is in a team and does not lead one: on the first of a month nobody has sold yet. Of a past month nobody."""
    if seen.today >= seen.report.period.end:
        return frozenset()
    in_teams = frozenset[str]().union(*seen.everyone.members.values())
    lead = {user for team in seen.teams.values() for user in team.head_ids}
    return (in_teams & seen.everyone.active) - lead


def _order(line: Line) -> tuple[bool, str]:
    """Who is behind beyond chance comes first, the others by name: no ranking of people."""
    return not (line.plan is not None and line.plan.behind), line.name


def _drivers(seen: Shown, subjects: Sequence[str]) -> list[str]:
    results = seen.results
    told = [key for key in DRIVERS if any((who, key) in results and sourced(results[who, key]) for who in subjects)]
    known = [key for key in told if any(results[who, key].n for who in subjects if (who, key) in results)]
    return (known or told)[:2]


def _edit(user: str, pen: Pen) -> str:
    return f"/plans/people/{quote(user, safe='')}?period={pen.period}"


def _line(seen: Shown, subject: str, name: str, drivers: Sequence[str], pen: Pen, settable: bool = False) -> Line:
    results, kind, id = seen.results, *subject.split(":", 1)
    month = f"?period={seen.report.period.label}"
    href = f"/people/{quote(id, safe='')}{month}" if kind == "user" else f"/board{month}&team={quote(id, safe='')}"
    revenue = results.get((subject, PLANNED))
    return Line(
        name=name,
        href=href,
        revenue=None if revenue is None else pen.figure(revenue),
        plan=plan.block(seen, subject, pen, PLANNED),
        drivers=tuple(pen.figure(results[subject, key]) for key in drivers if (subject, key) in results),
        edit=_edit(id, pen) if settable else "",
        others=plan.others(seen, subject, pen),
    )


def _change(told: Comparison, link_to: facts.LinkTo, pen: Pen) -> Change:
    before, after = told.before.value or 0, told.after.value or 0
    reasons = [_reason(one, told, link_to, pen) for one in told.differences]
    return Change(
        name=told.name,
        href=pen.href(told.kpi.key, told.after.subject),
        by=locale.signed(after - before, told.kpi.unit, told.currency, pen.language),
        before=pen.text(told.before),
        after=pen.text(told.after),
        reasons=tuple(reasons[:MOST_REASONS]),
        more=max(0, len(reasons) - MOST_REASONS),
    )


def _reason(one: Difference, told: Comparison, link_to: facts.LinkTo, pen: Pen) -> Reason:
    much = part(one, told.kpi, told.currency, pen.language)
    why = reasons_of(one, told.users, told.currency, pen.language)
    ref = ref_of(one.fact)
    card = None if ref is None else facts.card(ref, link_to(ref), pen.language)
    return Reason(f"{much} · {named(one.fact, pen.language)}: {why}", card)


def task_line(one: Task, seen: Shown, language: Language) -> TaskLine:
    """A task as a line that opens."""
    head = seen.users.get(one.head)
    done = one.closed_at is not None and one.closed_at <= seen.now
    return TaskLine(
        title=one.title,
        text=one.text,
        due=WORDS["due"](language).format(day=locale.day(local_day(one.due_at, seen.zone), language)),
        done=done,
        late=not done and one.due_at < seen.now,
        head=head.name if head is not None else one.head,
    )
