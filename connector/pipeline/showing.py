"""show: a month of an account as pages tell it. Read from the store alone; nothing here asks a CRM or decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.engine import Connection

from connector.kpi.diff.reading import Comparison
from connector.kpi.engine import Report
from connector.kpi.frame import data_until
from connector.kpi.people import People, people
from connector.moment import DAY, Period, WorkCalendar, Zone, from_ms, local_day, midnight, to_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in
from connector.pipeline.measuring import computed, diff_of, measured_now, sources
from connector.pipeline.official import closing_of, official_report
from connector.pipeline.outlooks import outlooks
from connector.pipeline.planning.days import paces_by_days
from connector.pipeline.planning.midway import insides
from connector.records import Team, User
from connector.result import Plan, Result
from connector.store import runs
from connector.store.agreed import plans
from connector.store.asked import standing
from connector.store.asked.standing import Standing
from connector.store.crm import records
from connector.store.sent import raised
from connector.store.tables import ClosingRow
from connector.store.told import pulse
from connector.targets.likely.midway import Inside
from connector.targets.outlook import Outlook
from connector.targets.pace import Pace, pace, this_morning
from connector.targets.planning.prorating import Prorated

PLANNED = "revenue"
ATTAINED = "plan_attainment"


@dataclass(frozen=True, slots=True)
class Shown:
    """Numbers, plans and paces of a month, and who was who in it. `results`, `plans`, `paces` by (subject, KPI).

    `paces` are of what people's days leave of their plans; `by_days`: of those for whom that is less than was agreed.
    `outlooks`: where the running month's revenue will end, of people with a plan, as far as forecasts held in the past;
    `insides`: the same of other KPIs that people have plans of, by KPI.
    """

    report: Report
    results: Mapping[tuple[str, str], Result]
    plans: Mapping[tuple[str, str], Plan]
    paces: Mapping[tuple[str, str], Pace]
    by_days: Mapping[tuple[str, str], Prorated]
    outlooks: Mapping[str, Outlook]
    insides: Mapping[str, Inside]
    everyone: People
    users: Mapping[str, User]
    teams: Mapping[str, Team]
    zone: Zone
    now: datetime
    closing: ClosingRow | None

    @property
    def today(self) -> date:
        """In the account's zone."""
        return local_day(self.now, self.zone)

    @property
    def running(self) -> bool:
        """Whether the month is not over."""
        return self.report.period.start <= self.today < self.report.period.end


@dataclass(frozen=True, slots=True)
class Task:
    """A task that a head got in the CRM. `closed_at`: since when it is closed, as far as the CRM told."""

    head: str
    subject: str
    title: str
    text: str
    due_at: datetime
    closed_at: datetime | None


def beat(bench: Workbench) -> str:
    """What changes with the account's numbers, and with its day: whoever holds another one holds stale numbers."""
    with bench.store.read() as conn:
        return f"{pulse.pulse(conn, bench.account)}-{bench.today()}"


def running_month(bench: Workbench) -> Period:
    """By the account's own clock."""
    return Period.month(bench.today())


def told_until(bench: Workbench) -> datetime:
    """Up to which moment the numbers reach, by the account's clock."""
    with bench.store.read() as conn:
        return from_ms(data_until(conn, bench.account, bench.now())).astimezone(bench.zone())


def who_is_who(bench: Workbench, period: Period) -> tuple[Mapping[str, User], Mapping[str, Team], People]:
    """People and teams as the CRM tells them, and who was in which team during the period."""
    with bench.store.read() as conn:
        return (
            records.directory(conn, bench.account, User),
            records.directory(conn, bench.account, Team),
            people(conn, bench.account, period, bench.zone(), now=bench.now()),
        )


def shown(bench: Workbench, period: Period) -> Shown:
    """The month as it counts: closed numbers where it is closed."""
    report = official_report(bench, period)
    users, teams, everyone = who_is_who(bench, period)
    closing = closing_of(bench, period)
    now, zone, calendar = from_ms(bench.now()), bench.zone(), bench.calendar()
    with bench.store.read() as conn:
        agreed = plans.current(conn, bench.account, period.label, as_of=closing.as_of if closing else None)
        usual = dict(_paces(report, agreed, now, calendar, zone))
        paces, less = paces_by_days(bench, conn, report, usual)
        due = {mark: one.plan for mark, one in paces.items() if mark not in less or one.plan}
        ahead = _outlooks(bench, conn, report.period, due, now)
        others = insides_of(bench, conn, period, agreed)
    results = {(one.subject, one.kpi): one for one in report.results}
    return Shown(report, results, agreed, paces, less, ahead, others, everyone, users, teams, zone, now, closing)


def months_of(bench: Workbench, keys: Sequence[str], periods: Sequence[Period]) -> Mapping[str, list[Result]]:
    """These KPIs month by month as known now, by subject: of everybody at once, as one person costs as much."""
    known = sources(bench)
    found: dict[str, list[Result]] = {}
    with bench.store.read() as conn:
        catalogue = catalogue_in(bench, conn)
        keys = [key for key in keys if key in catalogue]
        for period in periods:
            report = measured_now(bench, conn, period, catalogue, kpis=keys, given=known)
            for result in report.results:
                found.setdefault(result.subject, []).append(result)
    return found


def yesterday(bench: Workbench) -> datetime:
    """The beginning of the day before this one, which a head saw last at his morning meeting; not before the first
    sync was over, as everything is new then.
    """
    with bench.store.read() as conn:
        first = runs.first_ended(conn, bench.account, "sync")
    day = midnight(bench.today() - DAY, bench.zone())
    return day if first is None else max(day, from_ms(first))


def moved(bench: Workbench, period: Period, users: Iterable[str], since: datetime) -> list[Comparison]:
    """Whose revenue is another than it was at a moment, with the records that made it so."""
    wanted = {f"user:{user}" for user in users}
    then, now = (
        {one.subject: one.value or 0 for one in computed(bench, period, None, at).results if one.kpi == PLANNED}
        for at in (to_ms(since), None)
    )
    changed = sorted(who for who in wanted & (set(then) | set(now)) if then.get(who, 0) != now.get(who, 0))
    return [diff_of(bench, PLANNED, period, user=who.removeprefix("user:"), since=since) for who in changed]


def tasks_of(bench: Workbench) -> list[Task]:
    """Every task for a head that was or may have been created, the newest first."""
    with bench.store.read() as conn:
        told = raised.given(conn, bench.account)
    return [
        Task(one.wish.user_id, one.subject, one.wish.title, one.wish.text, one.wish.due_at, one.closed_at)
        for one in reversed(told)
    ]


def deals_now(bench: Workbench) -> list[Standing]:
    """Every open deal, as it stands."""
    with bench.store.read() as conn:
        some = standing.deals(conn, bench.account, closed_since=from_ms(bench.now()))
    return [one for one in some if one.deal.outcome == "open"]


def _paces(
    report: Report, agreed: Mapping[tuple[str, str], Plan], now: datetime, calendar: WorkCalendar, zone: Zone
) -> Iterable[tuple[tuple[str, str], Pace]]:
    """Of every amount or count with a plan; a team without a plan of revenue of its own has its people's sum, and the
    sales of those only who have one (rule C9).
    """
    at = this_morning(now, zone)
    results = {(one.subject, one.kpi): one for one in report.results}
    for (subject, kpi), result in results.items():
        plan, fact = agreed[subject, kpi].value if (subject, kpi) in agreed else None, result.value
        if plan is None and kpi == PLANNED and (subject, ATTAINED) in results:
            plan, fact = results[subject, ATTAINED].denominator, results[subject, ATTAINED].numerator
        if plan is not None and fact is not None and result.unit in ("money", "count"):
            yield (subject, kpi), pace(plan, fact, report.period, at, calendar, zone)


def _outlooks(
    bench: Workbench, conn: Connection, period: Period, plans: Mapping[tuple[str, str], Decimal], now: datetime
) -> Mapping[str, Outlook]:
    """Held against what his days leave of each plan; of whom no day is left nothing is expected."""
    if period != Period.month(local_day(now, bench.zone())):
        return {}
    due = {
        who.removeprefix("user:"): plan
        for (who, kpi), plan in plans.items()
        if kpi == PLANNED and who.startswith("user:")
    }
    return outlooks(bench, conn, period, due, now) if due else {}


def insides_of(
    bench: Workbench, conn: Connection, period: Period, agreed: Iterable[tuple[str, str]]
) -> Mapping[str, Inside]:
    """Of the running month: the KPIs beside revenue of which people have plans, drawn to its end."""
    if period != running_month(bench):
        return {}
    known = catalogue_in(bench, conn)
    keys = sorted({kpi for who, kpi in agreed if who.startswith("user:") and kpi != PLANNED and kpi in known})
    return insides(bench, conn, [known[key] for key in keys if known[key].plan is None], period)
