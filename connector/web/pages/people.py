"""A manager's page."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from connector.moment import DAY, Period
from connector.pipeline.official import official_explanation
from connector.pipeline.showing import PLANNED, deals_now, months_of, shown
from connector.result import Result
from connector.web.views.person import HISTORY, person_page, worth_a_look
from connector.web.visiting import Visit, Visiting

room = APIRouter()
MONTHS = 6


@room.get("/people/{user}")
def person(user: str, visit: Visiting) -> HTMLResponse:
    """His own, or of whom he leads."""
    user, bench, period = visit.person(user), visit.bench, visit.period
    seen = visit.site.cache.of(bench, shown, period)
    deals = worth_a_look(visit.site.cache.of(bench, deals_now), user)
    page = person_page(
        seen,
        user,
        official_explanation(bench, PLANNED, period, user=user),
        months(visit, f"user:{user}"),
        [(one, bench.provider.link_to(one.deal.ref)) for one in deals],
        own=user == visit.access.user,
        language=visit.language,
    )
    return visit.page("person.html", page=page, subject=f"people/{user}")


def months(visit: Visit, subject: str, keys: tuple[str, ...] = HISTORY) -> list[Result]:
    """His results of the months before, the shown one last."""
    return visit.site.cache.of(visit.bench, months_of, keys, (subject,), before(visit.period))


def before(period: Period, count: int = MONTHS) -> tuple[Period, ...]:
    """So many months, this one last."""
    found = [period]
    while len(found) < count:
        found.insert(0, Period.month(found[0].start - DAY))
    return tuple(found)
