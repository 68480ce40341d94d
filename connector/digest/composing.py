"""What a seller reads in the morning, and a head once a week: plan, pace, what is left, who is behind. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import quote

from connector.digest.letter import Letter, Line
from connector.kpi.definition import Kpi
from connector.kpi.telling.render import shown
from connector.kpi.text import Language, Text
from connector.result import Result
from connector.targets.pace import Pace
from connector.targets.planning.prorating import Prorated
from connector.targets.planning.telling.by_days import of_agreed

REVENUE = "revenue"
SOME = ("won_deals", "lead_answered_in_norm", "successful_call_share", "meetings", "csat")
"""Of these the first three that are known stand in a daily letter."""
_DAILY = Text("Ваши показатели на {day}", "Your numbers on {day}")
_WEEKLY = Text("Команда за неделю, {day}", "Your team this week, {day}")
_PLAN = Text("План {plan}, сделано {fact} ({share})", "Plan {plan}, done {fact} ({share})")
_LEFT = Text("осталось {left}, это {each} в рабочий день", "{left} left, that is {each} a working day")
_NO_PLAN = Text("Плана на месяц нет; сделано {fact}", "No plan for this month; done {fact}")
_DEAL = Text("Сделка {id}: {amount}", "Deal {id}: {amount}")
_BEHIND = Text("отстаёт: случайностью не объяснить", "behind: chance does not explain it")
_TASKS = Text("Открытых задач по команде: {n}", "Open tasks about the team: {n}")
_AS_OF = Text("Данные на {at}", "Data as of {at}")


@dataclass(frozen=True, slots=True)
class Known:
    """A month as letters need it. `behind`: whose forecast misses the plan beyond chance. `address`: of the pages."""

    language: Language
    currency: str
    day: str
    as_of: str
    address: str
    kpis: Mapping[str, Kpi]
    results: Mapping[tuple[str, str], Result]
    """By (subject, KPI)."""
    paces: Mapping[str, Pace]
    """Of revenue, by subject."""
    names: Mapping[str, str]
    behind: frozenset[str] = frozenset()
    deals: Mapping[str, Sequence[tuple[str, str, str]]] = field(default_factory=dict)
    """By user his largest open deals: id, amount as text, address of the card."""
    tasks: Mapping[str, int] = field(default_factory=dict)
    """By head, open tasks of ours."""
    by_days: Mapping[str, Prorated] = field(default_factory=dict)
    """By subject, of those whose days leave less of a plan of revenue than was agreed on: the pace is of that."""


def daily(known: Known, user: str) -> Letter:
    """To a seller, about himself."""
    lines = [_plan(known, user), *_figures(known, user)]
    told = known.deals.get(user, ())
    lines += [Line(_DEAL(known.language).format(id=id, amount=amount), href) for id, amount, href in told]
    return Letter(user, _DAILY(known.language).format(day=known.day), (*lines, _ending(known)))


def weekly(known: Known, head: str, people: Sequence[str]) -> Letter:
    """To a head, about his people; those behind first, as far as chance does not explain it."""
    order = sorted(people, key=lambda id: (id not in known.behind, known.names.get(id, id), id))
    lines = [_person(known, id) for id in order]
    if known.tasks.get(head):
        lines.append(Line(_TASKS(known.language).format(n=known.tasks[head]), f"{known.address}/board"))
    return Letter(head, _WEEKLY(known.language).format(day=known.day), (*lines, _ending(known)))


def _plan(known: Known, user: str) -> Line:
    pace, result = known.paces.get(f"user:{user}"), known.results.get((f"user:{user}", REVENUE))
    language, page = known.language, _page(known, user)
    if pace is None:
        return Line(_NO_PLAN(language).format(fact=_told(known, None if result is None else result.value)), page)
    share = "—" if pace.attainment is None else shown(pace.attainment, "share", known.currency, language)
    text = _PLAN(language).format(plan=_told(known, pace.plan), fact=_told(known, pace.fact), share=share)
    if (less := known.by_days.get(f"user:{user}")) is not None:
        text = f"{text}; {of_agreed(less, _told(known, less.full), language)}"
    if pace.left > 0 and pace.per_day:
        left = _LEFT(language).format(left=_told(known, pace.left), each=_told(known, pace.per_day))
        text = f"{text}; {left}"
    return Line(text, page)


def _figures(known: Known, user: str) -> Iterator[Line]:
    subject = f"user:{user}"
    found = [known.results[subject, key] for key in SOME if (subject, key) in known.results]
    for one in [one for one in found if one.value is not None][:3]:
        value = shown(one.value, one.unit, known.currency, known.language)
        month = quote(one.period, safe="")
        href = f"{known.address}/explain/{quote(one.kpi, safe='')}/user/{quote(user, safe='')}?period={month}"
        yield Line(f"{known.kpis[one.kpi].title(known.language)}: {value} (n = {one.n})", href)


def _person(known: Known, user: str) -> Line:
    told = _plan(known, user)
    behind = f" · {_BEHIND(known.language)}" if user in known.behind else ""
    return Line(f"{known.names.get(user, user)}: {told.text}{behind}", told.href)


def _ending(known: Known) -> Line:
    return Line(_AS_OF(known.language).format(at=known.as_of))


def _page(known: Known, user: str) -> str:
    return f"{known.address}/people/{quote(user, safe='')}"


def _told(known: Known, value: Decimal | None) -> str:
    """Money without minor units."""
    if value is None:
        return "—"
    return f"{shown(value.quantize(Decimal(1)), 'count', known.currency, known.language)} {known.currency}"
