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

Mark = tuple[str, str]
"""A subject and a KPI."""


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
    there = _there(bench, conn, report, agreed)
    return {who: one for (who, _), one in _less(there, report, {(who, kpi): agreed[who] for who in agreed}).items()}


def own_paces(bench: Workbench, conn: Connection, report: Report, paces: Mapping[str, Pace]) -> dict[str, Pace]:
    """These paces of revenue, of whoever works on fewer days by these and by what they leave of his plan: nobody is
    behind for days away. Whose days are none is left out.
    """
    told, less = paces_by_days(bench, conn, report, {(who, "revenue"): one for who, one in paces.items()})
    return {mark[0]: one for mark, one in told.items() if mark not in less or one.plan}


def paces_by_days(
    bench: Workbench, conn: Connection, report: Report, paces: Mapping[Mark, Pace]
) -> tuple[dict[Mark, Pace], dict[Mark, Prorated]]:
    """The same of all KPIs, and which plans are less by how much; of no days there is a plan of nothing."""
    there = _there(bench, conn, report, {who for who, _ in paces})
    if there is None:
        return dict(paces), {}
    less = _less(there, report, {mark: one.plan for mark, one in paces.items()})
    at, zone, own = from_ms(bench.now()), bench.zone(), {}
    for (who, key), one in less.items():
        fact = paces[who, key].fact
        told = there.pace(who.removeprefix("user:"), one.value, fact, report.period, at, zone)
        nothing = pace(Decimal(0), fact, report.period, this_morning(at, zone), bench.calendar(), zone)
        own[who, key] = told or nothing
    return {**paces, **own}, less


def _less(there: Days | None, report: Report, agreed: Mapping[Mark, Decimal]) -> dict[Mark, Prorated]:
    if there is None:
        return {}
    kpis = {**ALL, **{one.key: one for one in report.kpis}}
    found = {
        (who, key): prorated(kpis[key], plan, there.worked[user], there.office[user])
        for (who, key), plan in agreed.items()
        if (user := who.removeprefix("user:")) in there.worked and key in kpis
    }
    return {mark: one for mark, one in found.items() if one is not None}


def _there(bench: Workbench, conn: Connection, report: Report, subjects: Collection[str]) -> Days | None:
    """Of the people among them. None of nobody, and where plans are not prorated; of a closed month as it was known
    then.
    """
    rules = bench.settings.rules
    users = {who.removeprefix("user:") for who in subjects if who.startswith("user:")}
    if not rules.prorate_plans or not users:
        return None
    return days_of(bench, conn, report.period, users, rules, None if report.closed_at is None else report.as_of)
