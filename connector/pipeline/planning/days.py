"""Who works on which days of a month, and what that leaves of his plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.derive.clocks import Clocks
from connector.kpi.catalogue import ALL
from connector.kpi.engine import Report
from connector.kpi.worked import Employed, days, office_days, worked_by
from connector.moment import DAY, Period, Zone, from_ms, midnight
from connector.pipeline.bench import Workbench
from connector.targets.pace import Pace, pace, this_morning
from connector.targets.planning.prorating import Prorated, prorated


@dataclass(frozen=True, slots=True)
class Days:
    """Who works when: his days and his office's, by user; everybody's clock and terms of employment."""

    worked: Mapping[str, int]
    office: Mapping[str, int]
    clocks: Clocks
    terms: Employed

    def pace(
        self, user: str, plan: Decimal, fact: Decimal | None, period: Period, at: datetime, zone: Zone
    ) -> Pace | None:
        """By his own calendar, of the days on which he is in the company; None where he has none, and of no plan."""
        hired, left = self.terms.get(user, (date.min, date.max))
        first, last = max(period.start, hired), min(period.end - DAY, left)
        if last < first or fact is None or plan <= 0:
            return None
        calendar = self.clocks.of(user, midnight(first, zone))
        part = Period(period.label, first, last + DAY)
        return pace(plan, fact, part, this_morning(at, zone), calendar, zone)


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
    there = _there(bench, conn, report, people)
    found = {
        f"user:{user}": prorated(ALL[kpi], plan, there.worked[user], there.office[user])
        for user, plan in people.items()
        if there is not None
    }
    return {subject: less for subject, less in found.items() if less is not None}


def own_paces(bench: Workbench, conn: Connection, report: Report, paces: Mapping[str, Pace]) -> dict[str, Pace]:
    """These paces of revenue, of whoever works on fewer days by these and by what they leave of his plan: nobody is
    behind for days away. Whose days are none is left out.
    """
    less = by_days(bench, conn, report, {who: one.plan for who, one in paces.items()})
    there = _there(bench, conn, report, {who.removeprefix("user:") for who in less})
    if there is None:
        return dict(paces)
    now, zone = from_ms(bench.now()), bench.zone()
    own = {
        who: there.pace(who.removeprefix("user:"), one.value, paces[who].fact, report.period, now, zone)
        for who, one in less.items()
    }
    kept = {who: own.get(who) if who in less else one for who, one in paces.items()}
    return {who: one for who, one in kept.items() if one is not None}


def _there(bench: Workbench, conn: Connection, report: Report, users: Collection[str]) -> Days | None:
    """None of nobody, and where plans are not prorated; of a closed month as it was known then."""
    rules = bench.settings.rules
    if not rules.prorate_plans or not users:
        return None
    return days_of(bench, conn, report.period, users, rules, None if report.closed_at is None else report.as_of)
