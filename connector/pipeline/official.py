"""What counts: of a closed month what was frozen, else what is known today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy.engine import Connection

from connector.kpi.engine import Report, omitted
from connector.kpi.explain import Explanation
from connector.kpi.people import people, stranger
from connector.moment import Period, from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in
from connector.pipeline.measuring import epoch, explanation_of, report_of, terms_of
from connector.records import User
from connector.store import accounts, learned
from connector.store.agreed import closings
from connector.store.crm import records
from connector.store.tables import ClosingRow

_EVER = 2**62
"""A moment that never comes (epoch ms)."""


def closing_of(bench: Workbench, period: Period) -> ClosingRow | None:
    """The closing in force of a month, however it is written; None while it is open and for what is no month."""
    months = period.months()
    if len(months) != 1:
        return None
    with bench.store.read() as conn:
        return closings.current(conn, bench.account, months[0])


def official_report(
    bench: Workbench,
    period: Period,
    *,
    team: str | None = None,
    as_of: datetime | None = None,
    recalculated: bool = False,
) -> Report:
    """What counts: of a closed month the frozen values, else today's. `as_of`, `recalculated`: what was or is known.

    A quarter is not closed as such: it is told as known today, and says which of its months are closed.
    """
    closing = None if recalculated or as_of is not None else closing_of(bench, period)
    if closing is None:
        report = report_of(bench, period, team=team, as_of=as_of)
        return report if as_of is not None else replace(report, recounted=_recounted(bench, period))
    with bench.store.read() as conn:
        return _frozen(bench, conn, period, closing, team)


def narrowed(bench: Workbench, report: Report, keys: Collection[str], as_of: datetime | None = None) -> Report:
    """Of a report these KPIs alone, with what was left out of them alone. `as_of`: as it was asked for.

    Raises BadConfig for a KPI that it does not have.
    """
    some = report.only(keys)
    kinds = {kind for kpi in some.kpis for one in kpi.measures for kind in one.kinds}
    known = report.as_of if report.closed_at is not None else epoch(as_of)
    with bench.store.read() as conn:
        return replace(some, omitted=omitted(conn, bench.account, report.period, known, kinds))


def of_person(bench: Workbench, report: Report, user: str) -> Report:
    """Of a report what is of this person (by id) alone; what was left out is the account's and is not told.

    Raises BadConfig for somebody the account has not.
    """
    if user not in report.users:
        with bench.store.read() as conn:
            known = records.directory(conn, bench.account, User)
        if user not in known:
            raise stranger(user, report.users)
    results = tuple(one for one in report.results if one.subject == f"user:{user}")
    names = {id: name for id, name in report.users.items() if id == user}
    return replace(report, results=results, users=names, teams={}, omitted={})


def official_explanation(
    bench: Workbench,
    kpi: str,
    period: Period,
    *,
    user: str | None = None,
    team: str | None = None,
    as_of: datetime | None = None,
    recalculated: bool = False,
) -> Explanation:
    """The proof of what counts: of a closed month the facts as they were known when it was closed."""
    closing = None if recalculated or as_of is not None else closing_of(bench, period)
    moment, reached = (as_of, None) if closing is None else (from_ms(closing.as_of), closing.reached)
    return explanation_of(bench, kpi, period, user=user, team=team, as_of=moment, reached=reached)


def _recounted(bench: Workbench, period: Period) -> dict[str, bool]:
    """The closed months that a period has days of, and of which anything was learned since."""
    with bench.store.read() as conn:
        newest = {row.period: row for row in closings.history(conn, bench.account)}
        months = {label: Period.parse(label) for label, row in newest.items() if row.what == "closed"}
        some = [label for label, month in months.items() if month.start < period.end and period.start < month.end]
        return {label: _moved(conn, months[label], newest[label]) for label in sorted(some)}


def _moved(conn: Connection, month: Period, closing: ClosingRow) -> bool:
    beside = learned.beside_facts(conn, closing.account, month.label, closing.as_of, _EVER)
    return beside or learned.facts_since(conn, closing.account, month.days(), closing.as_of)


def _frozen(bench: Workbench, conn: Connection, period: Period, closing: ClosingRow, team: str | None) -> Report:
    """A report of what was frozen; `team`: only it and the people it had then."""
    row = accounts.get(conn, bench.account)
    _, zone, currency = terms_of(bench, closing.as_of)
    known = catalogue_in(bench, conn, closing.as_of)
    values = [value for value in closings.values(conn, closing) if value.result.kpi in known]
    if team is not None:
        everyone = people(conn, bench.account, period, zone, now=closing.as_of, as_of=closing.as_of)
        only = everyone.team(team)
        wanted = {f"user:{user}" for user in everyone.members[only]} | {f"team:{only}"}
        values = [value for value in values if value.result.subject in wanted]
    names = {value.result.subject: value.name for value in values}
    return Report(
        account=row.name,
        currency=currency,
        period=period,
        as_of=closing.as_of,
        kpis=tuple(dict.fromkeys(known[value.result.kpi] for value in values)),
        results=tuple(value.result for value in values),
        users={who.removeprefix("user:"): name for who, name in names.items() if who.startswith("user:")},
        teams={who.removeprefix("team:"): name for who, name in names.items() if who.startswith("team:")},
        omitted=closings.omitted(closing),
        closed_at=from_ms(closing.at).astimezone(bench.zone()),
    )
