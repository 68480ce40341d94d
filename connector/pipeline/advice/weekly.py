"""What the rules of advice look at beside the plan: whole weeks, what waits too long, about whom nothing is said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from connector.advice.diagnosis.peers import members_of, peers
from connector.advice.feedback.alerts import KPI
from connector.advice.feedback.caps import Barred, Limits
from connector.advice.feedback.overdue import Overdue, What
from connector.advice.feedback.rules import KPIS
from connector.advice.feedback.weeks import Weeks, windows
from connector.health.spoilt import spoilt
from connector.kpi.definition import Kpi
from connector.kpi.text import Text
from connector.kpi.worked import employed, terms_of
from connector.moment import DAY, Period, from_ms, local_day
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in
from connector.pipeline.measuring import measured_now
from connector.pipeline.trust.freezing import frozen_kpis
from connector.pipeline.trust.health import quality_of
from connector.records import Team, User
from connector.result import Result
from connector.store.asked import overdue
from connector.store.clock import absences
from connector.store.crm import records, seen

FRESH = timedelta(days=3)
"""What ran out longer ago is no alert any more: the first day would bring hundreds."""
_WHAT: dict[str, What] = {
    "enquiry": "unanswered_lead", "handed": "unanswered_lead", "callback": "missed_call", "open_quiet": "stuck_deal",
}  # fmt: skip


def weeks(bench: Workbench, conn: Connection) -> Weeks:
    """The last whole weeks' results. Looked at once a local day: they stand still from Monday to Monday, but for what
    becomes known late.
    """
    today = bench.today()
    if bench.weeks is None or bench.weeks[0] != today:
        bench.weeks = (today, _weeks(bench, conn, today))
    return bench.weeks[1]


def _weeks(bench: Workbench, conn: Connection, today: date) -> Weeks:
    now, before = windows(today)
    known = catalogue_in(bench, conn, None)
    frozen = frozen_kpis(bench)
    kpis = {key: known[key] for key in KPIS if key in known and key not in frozen}
    results = measured(bench, conn, now, kpis)
    users, teams = records.directory(conn, bench.account, User), records.directory(conn, bench.account, Team)
    sellers = sellers_of(results)
    team_of, members = peers(sellers, users, teams), members_of(sellers, users, teams)
    return Weeks(
        now=now,
        before=before,
        kpis=kpis,
        results=results,
        earlier=measured(bench, conn, before, kpis),
        peers={user: frozenset(sellers) if team is None else members[team] for user, team in team_of.items()},
        rules=bench.settings.rules,
    )


def measured(
    bench: Workbench, conn: Connection, period: Period, kpis: Mapping[str, Kpi]
) -> dict[tuple[str, str], Result]:
    """These KPIs of everybody, by KPI and subject."""
    if not kpis:
        return {}
    report = measured_now(bench, conn, period, kpis)
    return {(one.kpi, one.subject): one for one in report.results if one.value is not None}


def sellers_of(results: Mapping[tuple[str, str], Result]) -> set[str]:
    """Users of whom anything was counted."""
    return {who.removeprefix("user:") for (_, who), one in results.items() if one.n and who.startswith("user:")}


def waiting(bench: Workbench, conn: Connection, as_of: int) -> list[Overdue]:
    """What ran out within the last days and still waits, as far as the data reaches (epoch ms). Nothing of a KPI that a
    drift holds still: a renamed stage or another telephony makes everything look late.
    """
    since, frozen = as_of - round(FRESH.total_seconds() * 1000), frozen_kpis(bench)
    found = [_overdue(one, bench.provider.link_to) for one in overdue.waiting(conn, bench.account, since, as_of)]
    return [one for one in found if KPI[one.what] not in frozen]


def _overdue(one: overdue.Waiting, link_to: Callable[[str], str]) -> Overdue:
    card = f"deal:{one.deal}" if one.deal else f"lead:{one.lead}" if one.lead else one.client
    return Overdue(
        what=_WHAT[one.kind],
        ref=card or f"call:{one.call}",
        user=one.user,
        at=from_ms(one.at),
        due_at=from_ms(one.due_at),
        about=card,
        link=link_to(card) if card else "",
    )


def limits(bench: Workbench) -> Limits:
    """The account's own."""
    told = bench.settings.feedback
    return Limits(told.tasks_a_week, timedelta(days=told.cool_down_days), told.alerts_a_day)


def barred(bench: Workbench, conn: Connection) -> Barred:
    """Who is away today, has left, or is too new to be compared."""
    today = bench.today()
    return Barred(_away(bench, conn, today), dict(_new(bench, conn, today)))


def _away(bench: Workbench, conn: Connection, today: date) -> dict[str, Text]:
    known = [one for one, _ in absences.known(conn, bench.account)]
    found = {}
    for user, (_, last) in terms_of(conn, bench.account, bench.zone()).items():
        if last < today:
            found[user] = Text("уволен(а)", "has left")
    for one in known:
        if one.what not in ("hired", "left") and one.first <= today <= one.last:
            found[one.user_id] = Text(f"отсутствует до {one.last:%d.%m}", f"is away until {one.last:%Y-%m-%d}")
    return found


def _new(bench: Workbench, conn: Connection, today: date) -> Iterator[tuple[str, Text]]:
    """Hired lately, as somebody said or as we saw him come; those who were there at the first reading are not new."""
    days = bench.settings.feedback.ramp_days
    hired = {user: term[0] for user, term in employed(one for one, _ in absences.known(conn, bench.account)).items()}
    came = {user: local_day(from_ms(at), bench.zone()) for user, at in seen.newcomers(conn, bench.account).items()}
    for user, first in (came | {user: day for user, day in hired.items() if day != date.min}).items():
        if first + days * DAY > today:
            yield user, Text(f"работает меньше {days} дней", f"has been here less than {days} days")


def barred_kpis(bench: Workbench, about: Collection[str]) -> dict[str, Text]:
    """Which of these KPIs a drift holds still or defects of the data put in doubt by more than a tenth.

    Looking into the data takes a while, so only where somebody is going to be told something; once a local day.
    """
    if not about:
        return {}
    today = bench.today()
    if bench.spoilt is None or bench.spoilt[0] != today:
        month = Period.month(today)
        bench.spoilt = (today, spoilt(quality_of(bench, month).findings))
    frozen = dict.fromkeys(frozen_kpis(bench), Text("данные CRM изменились, показатель заморожен", "frozen by a drift"))
    return {kpi: text for kpi, text in (bench.spoilt[1] | frozen).items() if kpi in about}
