"""Everything that a person's plans are shown with, gathered from the store and paired by person. Prints nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.kpi import engine
from connector.kpi.definition import Kpi
from connector.kpi.engine import Report
from connector.moment import Period, WorkCalendar, Zone, from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in
from connector.pipeline.measuring import sources, terms_of
from connector.pipeline.planning.days import Days, days_of
from connector.records import Pipeline, Team, User
from connector.result import Plan, Result
from connector.store.agreed import plans
from connector.store.crm import records
from connector.targets.pace import Pace, pace, this_morning
from connector.targets.planning.person import PersonPlan, PlannedKpi
from connector.targets.planning.piped import of_pipeline, piped_key, separable
from connector.targets.planning.prorating import Prorated, prorated, scales
from connector.targets.planning.scoring import Unscored, attainment
from connector.targets.planning.sets import KpiSet, lines_above, sets_for, sets_of

_WHOLE = Decimal(1)
Versions = Mapping[tuple[str, str], Sequence[Plan]]
"""Of a subject's plans, by KPI and pipeline ("": of all)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An account's month at a moment: plans by subject, results by KPI (of a pipeline: `piped_key`) and subject."""

    account: str
    currency: str
    period: Period
    at: datetime
    calendar: WorkCalendar
    zone: Zone
    users: Mapping[str, User]
    teams: Mapping[str, Team]
    pipelines: Mapping[str, Pipeline]
    sets: Sequence[KpiSet]
    kpis: Mapping[str, Kpi]
    agreed: Mapping[str, Versions]
    results: Mapping[tuple[str, str], Result]
    reported: frozenset[str]
    """Users whom the report is about."""
    days: Days | None
    """None where plans are not prorated."""

    @property
    def running(self) -> bool:
        """Whether the period is not over."""
        return self.at < self.period.bounds(self.zone)[1]

    def set_of(self, user: str) -> KpiSet | None:
        """The set that holds for a person."""
        direct = self.users[user].team_ids if user in self.users else ()
        return next(iter(sets_for(self.sets, user, lines_above(direct, self.teams))), None)

    def person(self, user: str) -> PersonPlan:
        """His set in its order, then his plans outside of it in the catalogue's."""
        chosen, agreed = self.set_of(user), self.agreed.get(f"user:{user}", {})
        inside = [key for key in chosen.weights if key in self.kpis] if chosen else []
        wanted = [(key, "") for key in inside] + sorted(key for key in agreed if key[1] or key[0] not in inside)
        rows = [self._row(user, key, pipeline, chosen, agreed) for key, pipeline in wanted if key in self.kpis]
        name = self.users[user].name if user in self.users else user
        return PersonPlan(self.account, self.currency, self.period, user, name, chosen, tuple(rows), self.running)

    def _row(self, user: str, key: str, pipeline: str, chosen: KpiSet | None, agreed: Versions) -> PlannedKpi:
        kpi, versions = self.kpis[key], tuple(agreed.get((key, pipeline), ()))
        result = self.results.get((piped_key(key, pipeline), f"user:{user}"))
        plan = versions[-1].value if versions else _WHOLE if kpi.plan is not None and not kpi.left else None
        less = self.prorated(user, kpi, plan)
        fact = None if result is None else result.value
        linear = scales(kpi) or kpi.plan is not None
        usual = self._pace(plan, fact, self.calendar, self.period) if linear else None
        own = None
        if less is not None and self.days is not None:
            own = self.days.pace(user, less.value, fact, self.period, self.at, self.zone)
        cap = Decimal(str(chosen.cap)) if chosen else Decimal(1000)
        achieved, why = self._achieved(kpi, plan if less is None else less.value, fact, own or usual, cap)
        return PlannedKpi(
            kpi=kpi,
            versions=versions,
            pipeline=(pipeline, self._pipeline(pipeline)) if pipeline else None,
            weight=chosen.weights.get(key) if chosen and not pipeline else None,
            prorated=less,
            result=result,
            pace=usual if scales(kpi) and versions else None,
            own_pace=own,
            achieved=achieved,
            why=why,
        )

    def _pipeline(self, id: str) -> str:
        return self.pipelines[id].name if id in self.pipelines else id

    def prorated(self, user: str, kpi: Kpi, plan: Decimal | None) -> Prorated | None:
        """A plan by the days that he can work, where these are fewer and plans are prorated."""
        if self.days is None or plan is None or user not in self.days.worked:
            return None
        return prorated(kpi, plan, self.days.worked[user], self.days.office[user])

    def _pace(self, plan: Decimal | None, fact: Decimal | None, calendar: WorkCalendar, period: Period) -> Pace | None:
        if plan is None or fact is None or plan <= 0:
            return None
        return pace(plan, fact, period, this_morning(self.at, self.zone), calendar, self.zone)

    def _achieved(
        self, kpi: Kpi, plan: Decimal | None, fact: Decimal | None, told: Pace | None, cap: Decimal
    ) -> tuple[Decimal | None, Unscored | None]:
        """What counts in the score: of the plan, in a running month of a sum of what should be there by now."""
        if kpi.direction == "neither":
            return None, "no_direction"
        if plan is None or plan <= 0:
            return None, "no_plan"
        if fact is None:
            return None, "no_fact"
        if self.running and told is not None:
            plan = told.expected
        value = attainment(kpi.direction, fact, plan, cap)
        return value, None if value is not None else "too_early"


def seen(bench: Workbench, conn: Connection, report: Report, as_of: int | None, told: Told) -> Seen:
    """Gather it; `as_of` (epoch ms): as it was known then, `told`: by which rules."""
    rules, zone, kpis = told.rules, bench.zone(), catalogue_in(bench, conn, as_of)
    users, teams = records.directory(conn, bench.account, User), records.directory(conn, bench.account, Team)
    agreed: dict[str, dict[tuple[str, str], Sequence[Plan]]] = {}
    for (subject, kpi, _, pipeline), some in plans.histories(
        conn, bench.account, report.period.label, as_of=as_of
    ).items():
        agreed.setdefault(subject, {})[kpi, pipeline] = some
    results = {(one.kpi, one.subject): one for one in report.results}
    return Seen(
        account=report.account,
        currency=report.currency,
        period=report.period,
        at=from_ms(report.as_of),
        calendar=bench.calendar(),
        zone=zone,
        users=users,
        teams=teams,
        pipelines=records.directory(conn, bench.account, Pipeline),
        sets=sets_of(bench.settings.kpi_set, users, teams),
        kpis=kpis,
        agreed=agreed,
        results=results | _piped(bench, conn, report.period, as_of, told, kpis, agreed),
        reported=frozenset(report.users),
        days=days_of(bench, conn, report.period, users, rules, as_of) if rules.prorate_plans else None,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """By which rules a month is told, and what the CRM gives."""

    rules: Rules
    sources: frozenset[str]

    @classmethod
    def of(cls, bench: Workbench, as_of: int | None) -> Told:
        """Of now, or of a past moment (epoch ms)."""
        return cls(terms_of(bench, as_of)[0], sources(bench, as_of))


def _piped(
    bench: Workbench,
    conn: Connection,
    period: Period,
    as_of: int | None,
    told: Told,
    kpis: Mapping[str, Kpi],
    agreed: Mapping[str, Versions],
) -> dict[tuple[str, str], Result]:
    """Results of the KPIs for which there are plans of single pipelines, measured on these alone."""
    wanted = {key for some in agreed.values() for key in some if key[1] and key[0] in kpis and separable(kpis[key[0]])}
    if not wanted:
        return {}
    variants = [of_pipeline(kpis[kpi], pipeline) for kpi, pipeline in sorted(wanted)]
    found = engine.report(
        conn,
        bench.account,
        period,
        zone=bench.zone(),
        now=bench.now(),
        as_of=as_of,
        rules=told.rules,
        sources=told.sources,
        catalogue={one.key: one for one in variants},
    )
    return {(one.kpi, one.subject): one for one in found.results}
