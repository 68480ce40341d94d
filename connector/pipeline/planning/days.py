"""Who works on which days of a month, and what that leaves of his plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.derive.clocks import Clocks
from connector.kpi.catalogue import ALL
from connector.kpi.engine import Report
from connector.kpi.worked import Employed, days, office_days, worked_by
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.targets.planning.prorating import Prorated, prorated


@dataclass(frozen=True, slots=True)
class Days:
    """Who works when: his days and his office's, by user; everybody's clock and terms of employment."""

    worked: Mapping[str, int]
    office: Mapping[str, int]
    clocks: Clocks
    terms: Employed


def days_of(
    bench: Workbench, conn: Connection, period: Period, users: Collection[str], rules: Rules, as_of: int | None
) -> Days:
    """Of these users; `as_of` (epoch ms): by what was known then."""
    zone, number = bench.zone(), bench.account
    end = period.bounds(zone)[1]
    clocks, terms = worked_by(conn, number, rules, zone, as_of)
    return Days(
        {user: days(clocks, user, period, end, zone, terms) for user in users},
        office_days(conn, number, users, period, rules=rules, zone=zone, as_of=as_of),
        clocks,
        terms,
    )


def by_days(
    bench: Workbench, conn: Connection, report: Report, agreed: Mapping[str, Decimal], kpi: str = "revenue"
) -> dict[str, Prorated]:
    """People's plans of a KPI (by subject) by the days that they can work, of those for whom that is less."""
    people = {subject.removeprefix("user:"): plan for subject, plan in agreed.items() if subject.startswith("user:")}
    rules = bench.settings.rules
    if not rules.prorate_plans or not people:
        return {}
    as_of = None if report.closed_at is None else report.as_of
    there = days_of(bench, conn, report.period, people, rules, as_of)
    found = {
        f"user:{user}": prorated(ALL[kpi], plan, there.worked[user], there.office[user])
        for user, plan in people.items()
    }
    return {subject: less for subject, less in found.items() if less is not None}
