"""What everybody did of some KPIs month by month, measured as reports measure it. Gathers, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.engine import Connection

from connector.kpi.definition import Kpi
from connector.kpi.frame import data_until
from connector.kpi.worked import employed
from connector.moment import Period, from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.history import MONTHS, worked
from connector.pipeline.measuring import measured_now, sources
from connector.records import User
from connector.result import Result
from connector.store.clock import absences
from connector.store.crm import records
from connector.targets.likely.tally import Tallied, Tally
from connector.targets.series import months_before

Months = Mapping[str, Mapping[tuple[str, str], Result]]
"""By label, then by KPI and user."""


def tallies(
    bench: Workbench, conn: Connection, kpis: Sequence[Kpi], label: str, *, months: int = MONTHS
) -> dict[str, tuple[Tallied, ...]]:
    """By key, of everybody who is still there and did any of it in the months before this one."""
    labels = months_before(label, months)
    there = sources(bench)
    found = {one: measured_of(bench, conn, kpis, Period.parse(one), there) for one in labels} if kpis else {}
    users = records.directory(conn, bench.account, User)
    busy = sorted({user for some in found.values() for _, user in some if user in users and users[user].active})
    until = from_ms(data_until(conn, bench.account, bench.now()))
    ends = {one: min(Period.parse(one).bounds(bench.zone())[1], until) for one in labels}
    days = {one: worked(bench, conn, busy, one, until=ends[one]) for one in labels if busy}
    terms = employed(one for one, _ in absences.known(conn, bench.account, as_of=None))
    hired = {user: term[0].strftime("%Y-%m") for user, term in terms.items()}
    return {
        kpi.key: tuple(
            one
            for user in busy
            if (one := _tallied(kpi, user, users[user].name, found, days, hired.get(user))) is not None
        )
        for kpi in kpis
    }


def measured_of(
    bench: Workbench, conn: Connection, kpis: Sequence[Kpi], period: Period, there: frozenset[str]
) -> dict[tuple[str, str], Result]:
    """By KPI and user, of people who have anything to measure; `there`: what the CRM gives."""
    report = measured_now(bench, conn, period, {kpi.key: kpi for kpi in kpis}, given=there)
    return {
        (one.kpi, one.subject.removeprefix("user:")): one
        for one in report.results
        if one.subject.startswith("user:") and one.n
    }


def _tallied(
    kpi: Kpi, user: str, name: str, found: Months, days: Mapping[str, Mapping[str, int]], hired: str | None
) -> Tallied | None:
    """From the month in which he was hired, else from the first with anything in it; None where he never did any."""
    begun = next((label for label, some in found.items() if (kpi.key, user) in some), None)
    if begun is None:
        return None
    first = hired or begun
    months = tuple(
        tally_of(label, float(days[label].get(user, 0)), some.get((kpi.key, user)), share=bool(kpi.bottom))
        for label, some in found.items()
        if label >= first
    )
    return Tallied(user, name, months, 0 if hired and hired >= next(iter(found)) else None)


def tally_of(label: str, days: float, one: Result | None, *, share: bool) -> Tally:
    """What a result counts; of a share both its sides."""
    if one is None:
        return Tally(label, days)
    if share:
        return Tally(label, days, float(one.numerator or 0), float(one.denominator or 0))
    return Tally(label, days, float(one.value or 0))
