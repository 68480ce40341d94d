"""Facts -> measure -> results: every KPI of every person and team of one period, with what was left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.kpi.catalogue import chosen
from connector.kpi.definition import Kpi, thresholds
from connector.kpi.evaluate import evaluate, without_source
from connector.kpi.fold import Cell
from connector.kpi.measure import Cells, in_days, measure, together
from connector.kpi.people import People, people
from connector.moment import Period, Zone
from connector.result import Result
from connector.store import accounts, cursors, plans
from connector.store.facts import FACT, known_at

_JUDGED_BY = ("deal", "lead", "call", "meeting")
"""Streams that must have been read up to a moment before anybody is blamed for what is not there."""


@dataclass(frozen=True, slots=True)
class Report:
    """Results by person (in order of names), then by team; `omitted`: how many facts count nowhere, by reason."""

    account: str
    currency: str
    period: Period
    as_of: int
    """Epoch ms: up to which moment the data reaches, or as of which it is told."""
    kpis: tuple[Kpi, ...]
    results: tuple[Result, ...]
    users: Mapping[str, str]
    teams: Mapping[str, str]
    omitted: Mapping[str, int]
    closed_at: datetime | None = None
    """When its month was closed, in the account's zone: then these are the numbers of that day."""

    def of(self, kind: str) -> Iterator[tuple[str, Result]]:
        """Results of every `user` or `team`, each with the subject's id."""
        for result in self.results:
            what, _, id = result.subject.partition(":")
            if what == kind:
                yield id, result


def report(  # noqa: PLR0913 - what, when, as known when, for whom, by which rules
    conn: Connection,
    account: int,
    period: Period,
    *,
    zone: Zone,
    now: int,
    as_of: int | None = None,
    team: str | None = None,
    kpis: Collection[str] | None = None,
    rules: Rules | None = None,
    sources: frozenset[str] | None = None,
) -> Report:
    """Measure a period; `as_of` (epoch ms): as it was known then. `team`: only it and its people, by name or id.

    `sources`: kinds of records the CRM gives, None for all; KPIs that need others say "no_source". Raises BadConfig for
    a team or KPI that is none.
    """
    rules, wanted = rules or Rules(), chosen(kpis)
    row = accounts.get(conn, account)
    judged_at = as_of if as_of is not None else data_until(conn, account, now)
    needed = dict.fromkeys(one for kpi in wanted for one in kpi.measures)
    limits = thresholds(rules, judged_at)
    cells = measure(conn, account, needed, period, thresholds=limits, as_of=as_of)
    everyone = people(conn, account, period, zone, now=judged_at, as_of=as_of)
    agreed = plans_for(conn, account, period, as_of)
    subjects = _subjects(everyone, cells, team)
    results = tuple(
        _result(
            kpi, subject, members, cells, agreed, period, row.currency or "RUB", known=kpi.has_source(sources, rules)
        )
        for subject, members in subjects.items()
        for kpi in wanted
    )
    return Report(
        account=row.name,
        currency=row.currency or "RUB",
        period=period,
        as_of=judged_at,
        kpis=tuple(wanted),
        results=results,
        users={user: everyone.users.get(user, user) for user in _ids(subjects, "user")},
        teams={id: everyone.teams[id] for id in _ids(subjects, "team")},
        omitted=_omitted(conn, account, period, as_of),
    )


def data_until(conn: Connection, account: int, now: int) -> int:
    """Up to which moment the data reaches: the server's time of the last reading of the slowest stream that matters."""
    known = cursors.all(conn, account)
    told = [known[kind].told_at for kind in _JUDGED_BY if kind in known]
    return min([at for at in told if at is not None], default=now)


Agreed = Mapping[tuple[str, str], Decimal]


def plans_for(conn: Connection, account: int, period: Period, as_of: int | None) -> Agreed:
    """Plans in force by subject and KPI: the period's own; of several whole months the sum where each has one."""
    found = {key: plan.value for key, plan in plans.current(conn, account, period.label, as_of=as_of).items()}
    months = period.months()
    if len(months) > 1 or (months and months[0] != period.label):
        each = [plans.current(conn, account, month, as_of=as_of) for month in months]
        for key in set(each[0]).intersection(*each[1:]) - set(found):
            found[key] = sum((plan[key].value for plan in each), Decimal(0))
    return found


def plan_of(kpi: Kpi, subject: str, members: Iterable[str], agreed: Agreed) -> Decimal | None:
    """The subject's own plan; for a team without one the sum of its people's."""
    if kpi.plan is None:
        return None
    own = agreed.get((subject, kpi.plan))
    if own is not None or subject.startswith("user:"):
        return own
    theirs = [plan for user in members if (plan := agreed.get((f"user:{user}", kpi.plan))) is not None]
    return sum(theirs, Decimal(0)) if theirs else None


def _subjects(everyone: People, cells: Cells, team: str | None) -> dict[str, frozenset[str]]:
    """Each subject with the people it consists of: persons first, then teams with anybody in them."""
    shown = everyone.shown(user for _, user in cells)
    teams = sorted((id for id, members in everyone.members.items() if members), key=lambda id: everyone.teams[id])
    if team is not None:
        only = everyone.team(team)
        shown = [user for user in shown if user in everyone.members[only]]
        teams = [only]
    subjects = {f"user:{user}": frozenset({user}) for user in shown}
    return subjects | {f"team:{id}": everyone.members[id] for id in teams}


def _ids(subjects: Iterable[str], kind: str) -> list[str]:
    return [subject.removeprefix(f"{kind}:") for subject in subjects if subject.startswith(f"{kind}:")]


def _result(
    kpi: Kpi,
    subject: str,
    members: frozenset[str],
    cells: Cells,
    agreed: Agreed,
    period: Period,
    currency: str,
    *,
    known: bool,
) -> Result:
    if not known:
        return without_source(kpi, subject, period.label)
    top = together(cells, kpi.top, members)
    bottom = together(cells, kpi.bottom, members) if kpi.bottom else Cell()
    plan = plan_of(kpi, subject, members, agreed)
    return evaluate(kpi, subject, period.label, top, bottom, currency=currency, plan=plan)


def _omitted(conn: Connection, account: int, period: Period, as_of: int | None) -> dict[str, int]:
    """How many facts of the period count nowhere, by reason; those without a rate by currency."""
    ours = (FACT.c.account == account, *in_days(period), known_at(as_of))
    unpriced = (FACT.c.omitted.is_(None), FACT.c.kind.in_(("win", "refund")), FACT.c.amount.is_(None))
    found: dict[str, int] = {}
    for reason, those in ((FACT.c.omitted, (FACT.c.omitted.is_not(None),)), (FACT.c.note, unpriced)):
        query = sa.select(reason, sa.func.count()).where(*ours, *those).group_by(reason).order_by(reason)
        found |= {why or "no_rate": count for why, count in conn.execute(query)}
    return found
