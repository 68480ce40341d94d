"""judge: everybody's KPIs of a month with their plans, facts and pace; and the door by which a person agrees on one.

plans, sets, facts, days | paired by person         `person_plan` and `people_plans` print nothing: pages ask them too
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.engine import Connection

from connector.errors import BadConfig
from connector.kpi.catalogue import chosen
from connector.kpi.closing import month_of
from connector.kpi.definition import Kpi
from connector.kpi.people import people
from connector.moment import Period, Zone
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in
from connector.pipeline.measuring import by_id, learned_at
from connector.pipeline.official import closing_of, official_report
from connector.pipeline.planning.planned import Seen, Told, seen
from connector.records import Pipeline, Team, User
from connector.result import Plan
from connector.store.agreed import plans
from connector.store.agreed.plan_guard import Refusal, guard
from connector.store.crm import records
from connector.targets.planning.cascade import Node, cascade
from connector.targets.planning.person import PersonPlan
from connector.targets.planning.piped import separable
from connector.targets.planning.prorating import scales
from connector.targets.planning.sets import KpiSet, sets_of
from connector.targets.plans import COMPANY


def person_plan(bench: Workbench, user: str, period: Period) -> PersonPlan:
    """One person (by id) in a month: his set and plans, each with first, current and prorated plan, fact, pace, score.

    Of a closed month the plans and facts that were frozen. Raises BadConfig for who is nobody, and for a period that is
    no month.
    """
    with bench.store.read() as conn:
        subject_in(conn, bench.account, "user", user)
    return looked_at(bench, month_of(period)).person(user)


def people_plans(
    bench: Workbench, period: Period, *, user: str | None = None, team: str | None = None
) -> tuple[PersonPlan, ...]:
    """The same of everybody who has a plan, or a set and anything counted in it, by name; `user`, `team` (by id or
    name): only him, whatever he has, or only its people.

    Heads and administrators are in teams too: a set alone makes nobody a seller. Who is no longer active is there only
    with a plan. Raises BadConfig for who is nobody.
    """
    known = looked_at(bench, month_of(period), team)
    ids = {user for user, one in known.users.items() if one.active or f"user:{user}" in known.agreed}
    if team is not None:
        ids &= known.reported
    if user is not None:
        with bench.store.read() as conn:
            ids = {subject_in(conn, bench.account, "user", user).removeprefix("user:")}
    found = [known.person(one) for one in sorted(ids, key=lambda id: (known.users[id].name, id))]
    return tuple(one for one in found if one.busy or user is not None)


def agree(bench: Workbench, plan: Plan) -> Plan:
    """A person sets one plan (names or ids); returns the version in force. Raises BadConfig where it is not taken:
    NotTaken where it comes too late or without a reason.
    """
    with bench.store.write() as conn:
        [kpi] = chosen([plan.kpi], catalogue_in(bench, conn))
        meant, nobody = by_id(conn, bench.account, [plan])
        if nobody:
            raise BadConfig(nobody)
        one = meant[0]
        if one.pipeline and not separable(kpi):
            raise BadConfig([f"{plan.kpi}: its facts are of no pipeline; agree on a plan for all of them"])
        if kpi.exceeds(one.value):
            raise BadConfig([f"{plan.kpi}: {one.value:f} is more than the whole; 30 % is written as 0.30"])
        plans.add(conn, bench.account, [one], now=learned_at(bench, conn))
        return plans.versions(conn, bench.account, one.subject, one.kpi, one.period, pipeline=one.pipeline)[-1]


def barred(bench: Workbench, period: Period) -> Refusal | None:
    """Why no plan of a period is taken any more, whatever it says; None where one is."""
    any_plan = Plan(subject=COMPANY, kpi="", period=period.label, value=Decimal(1), reason="-")
    with bench.store.read() as conn:
        watch = guard(conn, bench.account, learned_at(bench, conn))
        return None if watch is None else watch.refusal(conn, bench.account, any_plan, changes=False)


@dataclass(frozen=True, slots=True)
class History:
    """Plans of a period, each with all its versions; `names`: see `names_in`."""

    account: str
    currency: str
    zone: Zone
    plans: Sequence[Sequence[Plan]]
    kpis: Mapping[str, Kpi]
    names: Mapping[str, str]


def history_told(
    bench: Workbench, period: Period, *, user: str | None = None, team: str | None = None, kpi: str | None = None
) -> History:
    """Every plan of a period, or those of one subject (by id or name) or KPI. Raises BadConfig for who is nobody, and
    for a KPI that is none and of which there is no plan either.
    """
    whose = {kind: name for kind, name in (("user", user), ("team", team)) if name}
    with bench.store.read() as conn:
        found, kpis = plans.histories(conn, bench.account, period.label), catalogue_in(bench, conn)
        subjects = {subject_in(conn, bench.account, kind, name) for kind, name in whose.items()}
    wanted = [
        some
        for (subject, key, _, _), some in found.items()
        if (not subjects or subject in subjects) and kpi in (None, key)
    ]
    if kpi is not None and not wanted:
        chosen([kpi], kpis)
    return History(bench.settings.name, bench.currency(), bench.zone(), wanted, kpis, names_in(bench))


def agreed_told(bench: Workbench, plan: Plan) -> History:
    """One plan with the words that people know for what it is about."""
    with bench.store.read() as conn:
        kpis = catalogue_in(bench, conn)
    return History(bench.settings.name, bench.currency(), bench.zone(), [[plan]], kpis, names_in(bench))


def subject_in(conn: Connection, account: int, kind: str, name: str) -> str:
    """`user:501` or `team:700` of a name or id. Raises BadConfig for who is nobody, with those there are."""
    meant, nobody = by_id(conn, account, [Plan(subject=f"{kind}:{name}", kpi="", period="", value=Decimal(0))])
    if nobody:
        raise BadConfig(nobody)
    return meant[0].subject


@dataclass(frozen=True, slots=True)
class Cascade:
    """One KPI's plans from the company down to its people, in the unit of the KPI."""

    account: str
    currency: str
    period: str
    kpi: str
    unit: str
    top: Node


def cascade_of(bench: Workbench, period: Period, kpi: str) -> Cascade:
    """Raises BadConfig for a KPI that is none, and for one whose parts do not add up to a whole."""
    with bench.store.read() as conn:
        [what] = chosen([kpi], catalogue_in(bench, conn))
        if not scales(what):
            raise BadConfig([f"{kpi!r} is no sum: plans of its parts make no whole"])
        agreed = plans.current(conn, bench.account, month_of(period).label)
        values = {subject: plan.value for (subject, key), plan in agreed.items() if key == kpi}
        working = bench.calendar().working_days
        everyone = people(conn, bench.account, period, bench.zone(), now=bench.now(), working=working)
        teams = records.directory(conn, bench.account, Team)
    top = cascade(values, everyone, teams, company=bench.settings.name)
    return Cascade(bench.settings.name, bench.currency(), period.label, kpi, what.unit, top)


@dataclass(frozen=True, slots=True)
class SetsTold:
    """The sets of the configuration, with ids; `names`: see `names_in`."""

    account: str
    sets: Sequence[KpiSet]
    kpis: Mapping[str, Kpi]
    names: Mapping[str, str]


def sets_told(bench: Workbench) -> SetsTold:
    """Whether they are balanced is for `plan_check`."""
    with bench.store.read() as conn:
        users, teams = records.directory(conn, bench.account, User), records.directory(conn, bench.account, Team)
        kpis = catalogue_in(bench, conn)
    return SetsTold(bench.settings.name, sets_of(bench.settings.kpi_set, users, teams), kpis, names_in(bench))


def names_in(bench: Workbench) -> dict[str, str]:
    """What subjects and pipelines are called, by `user:501`, `team:700`, `pipeline:1` and `account`."""
    with bench.store.read() as conn:
        users, teams = records.directory(conn, bench.account, User), records.directory(conn, bench.account, Team)
        pipelines = records.directory(conn, bench.account, Pipeline)
    found = {f"user:{id}": one.name for id, one in users.items()}
    found |= {f"team:{id}": one.name for id, one in teams.items()}
    found |= {f"pipeline:{id}": one.name for id, one in pipelines.items()}
    return found | {COMPANY: bench.settings.name}


def looked_at(bench: Workbench, period: Period, team: str | None = None) -> Seen:
    """A month with everything that its plans are shown and judged by; a closed one as it was closed."""
    closing = closing_of(bench, period)
    as_of = None if closing is None else closing.as_of
    report, told = official_report(bench, period, team=team), Told.of(bench, as_of)
    with bench.store.read() as conn:
        return seen(bench, conn, report, as_of, told)
