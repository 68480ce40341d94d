"""A manager's page."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from connector.moment import DAY, Period, from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.planning.planned import Seen
from connector.pipeline.planning.plans import looked_at
from connector.pipeline.showing import PLANNED, Shown, Task, deals_now, months_of, running_month, shown, tasks_of
from connector.result import Result
from connector.web.pages.proofs import explained
from connector.web.personal.advice import learned
from connector.web.site import Site
from connector.web.views.person import HISTORY, LATE_TASKS, Beside, daily, person_page, worth_a_look
from connector.web.visiting import Visit, Visiting

room = APIRouter()
MONTHS = 6


@room.get("/people/{user}")
def person(user: str, visit: Visiting) -> HTMLResponse:
    """His own, or of whom he leads."""
    user, bench, period = visit.person(user), visit.bench, visit.period
    seen = visit.seen
    deals = worth_a_look(visit.of(deals_now), user)
    proof = visit.of(explained, PLANNED, f"user:{user}", period)
    if proof is None:
        raise HTTPException(404)
    beside = Beside(
        agreed=_agreed(visit.of(looked_at, period), user),
        months=months(visit, f"user:{user}"),
        deals=[(one, bench.provider.link_to(one.deal.ref)) for one in deals],
        tasks=_tasks(visit, user),
        day=_day(visit, user) if seen.running else None,
        open_tasks=visit.of(explained, LATE_TASKS, f"user:{user}", period) if seen.running else None,
        feedback=visit.access.feedback(user),
        edit=f"/plans/people/{quote(user, safe='')}?period={period.label}" if visit.access.plans(user) else "",
    )
    page = person_page(seen, user, proof, beside, own=user == visit.access.user, language=visit.language)
    return visit.page("person.html", page=page, subject=f"people/{user}")


def made_ready(site: Site, bench: Workbench) -> None:
    """What everybody's page of the running month is made of, measured before anybody asks."""
    period = running_month(bench)
    seen = site.cache.of(bench, shown, period)
    site.cache.of(bench, months_of, HISTORY, before(period))
    site.cache.of(bench, months_of, *_today(seen))
    site.cache.of(bench, looked_at, period)


def all_ready(site: Site, bench: Workbench) -> None:
    """The same; then, once, what advice rests on: it takes longer than all of that."""
    made_ready(site, bench)
    period = running_month(bench)
    if not site.cache.knows(bench, learned, period):
        site.cache.of(bench, learned, period)


def _agreed(seen: Seen, user: str) -> list[str]:
    """His set in its order, then what else he has a plan for; plans of one pipeline are none of it."""
    told = seen.person(user) if user in seen.users else None
    return [row.kpi.key for row in told.rows if row.pipeline is None] if told is not None and told.busy else []


def _today(seen: Shown) -> tuple[tuple[str, ...], tuple[Period, ...]]:
    """What is asked of this day: in the same words before anybody comes and when he does, or it is measured twice."""
    return daily(seen), (Period.parse(f"{seen.today}"),)


def _day(visit: Visit, user: str) -> dict[str, Decimal] | None:
    """What his day brought so far, by KPI; None where it is no working day."""
    seen = visit.seen
    if not visit.bench.calendar().working_days(seen.today, seen.today + DAY):
        return None
    told = visit.of(months_of, *_today(seen)).get(f"user:{user}", [])
    return {one.kpi: one.value for one in told if one.value is not None}


def _tasks(visit: Visit, user: str) -> list[Task]:
    """His open ones: those of others are nobody else's to see here."""
    now = from_ms(visit.bench.now())
    mine = [one for one in tasks_of(visit.bench) if one.head == user]
    return [one for one in mine if one.closed_at is None or one.closed_at > now]


def months(visit: Visit, subject: str, keys: tuple[str, ...] = HISTORY) -> list[Result]:
    """His results of the months before, the shown one last."""
    return visit.of(months_of, keys, before(visit.period)).get(subject, [])


def before(period: Period, count: int = MONTHS) -> tuple[Period, ...]:
    """So many months, this one last."""
    found = [period]
    while len(found) < count:
        found.insert(0, Period.month(found[0].start - DAY))
    return tuple(found)
