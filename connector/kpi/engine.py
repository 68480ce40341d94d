"""Facts -> measure -> results: every KPI of every person and team of one period, with what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.kpi.catalogue import ALL, chosen
from connector.kpi.dated import by_part, worked_by_part
from connector.kpi.definition import Kpi
from connector.kpi.frame import Frame, frame
from connector.kpi.look import in_days
from connector.kpi.measure import Cells, gathered, measure
from connector.kpi.people import People, people
from connector.kpi.sellers import Sellers, acts, sellers
from connector.kpi.spans import COMPANY, Parts
from connector.kpi.varying import for_interval
from connector.moment import Period, Zone
from connector.result import Result
from connector.store.facts import FACT, moments


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
    recounted: Mapping[str, bool] = field(default_factory=dict)
    """Closed months that it has days of, though it tells what is known today; of each whether anything was learned
    since, so that its closed numbers may be others.
    """

    def of(self, kind: str) -> Iterator[tuple[str, Result]]:
        """Results of every `user` or `team`, each with the subject's id."""
        for result in self.results:
            what, _, id = result.subject.partition(":")
            if what == kind:
                yield id, result

    def only(self, keys: Collection[str]) -> Report:
        """The same with these KPIs. Raises BadConfig for one that it does not have."""
        kept = chosen(keys, {kpi.key: kpi for kpi in self.kpis})
        results = tuple(result for result in self.results if result.kpi in keys)
        return replace(self, kpis=tuple(kept), results=results)


def report(  # noqa: PLR0913 - what, when, as known when, for whom, by which rules
    conn: Connection,
    account: int,
    period: Period,
    *,
    zone: Zone,
    now: int,
    as_of: int | None = None,
    reached: int | None = None,
    team: str | None = None,
    kpis: Collection[str] | None = None,
    rules: Rules | None = None,
    sources: frozenset[str] | None = None,
    catalogue: Mapping[str, Kpi] = ALL,
) -> Report:
    """Measure a period; `as_of` (epoch ms): as it was known then, `reached`: judged as far as the data reached then.
    `team`: only it and its people, by name or id.

    `sources`: kinds of records the CRM gives, None for all; KPIs that need others say "no_source". Raises BadConfig for
    a team or KPI that is none. `catalogue`: every KPI there is.
    """
    seen = frame(
        conn, account, period, zone=zone, now=now, as_of=as_of, reached=reached, rules=rules, sources=sources,
        catalogue=catalogue,
    )  # fmt: skip
    wanted = seen.chosen(kpis)
    everyone = people(
        conn, account, period, zone, now=seen.judged_at, as_of=as_of, working=seen.calendar().working_days
    )
    subjects, measured = _measured(conn, seen, wanted, everyone, team)
    return Report(
        account=seen.name,
        currency=seen.currency,
        period=period,
        as_of=seen.judged_at,
        kpis=tuple(wanted),
        results=tuple(
            measured.result(kpi, subject, members) for subject, members in subjects.items() for kpi in wanted
        ),
        users={user: everyone.users.get(user, user) for user in _ids(subjects, "user")},
        teams={id: everyone.teams[id] for id in _ids(subjects, "team")},
        omitted=omitted(conn, account, period, as_of),
    )


@dataclass(frozen=True, slots=True)
class _Measured:
    """What numbers are made of: everything counted, the days worked, who was where, and who sells."""

    seen: Frame
    cells: Cells
    days: Mapping[str, int]
    parts: Parts
    selling: Sellers

    def result(self, kpi: Kpi, subject: str, members: frozenset[str]) -> Result:
        """One number of a person or a team that consists of these."""
        members = self.seen.planned(kpi, subject, members, self.parts)
        members = self.selling.held_to(kpi, subject, members, self.cells, self.parts)
        given = self.seen.given(kpi, subject, members, self.cells, self.days, self.parts)
        return self.seen.judge(kpi, subject, gathered(self.cells, kpi, members), given)


def _measured(
    conn: Connection, seen: Frame, wanted: Collection[Kpi], everyone: People, team: str | None
) -> tuple[Mapping[str, frozenset[str]], _Measured]:
    """Each subject with what it consists of, and what their numbers are made of."""
    needed = dict.fromkeys(one for kpi in wanted for one in (*kpi.measures, *for_interval(kpi), *seen.beside(kpi)))
    acted = acts(wanted, seen.rules.credit)
    cells = measure(conn, seen.look, needed | dict.fromkeys(acted))
    subjects = _subjects(everyone, {one: cells[one] for one in needed if one in cells}, team)
    selling = sellers(everyone, seen.targeted, acted, cells)
    cells |= by_part(conn, seen.look, needed, everyone.parts, cells)
    days = worked_by_part(conn, seen, wanted, {one for some in subjects.values() for one in some}, everyone.parts)
    return subjects, _Measured(seen, cells, days, everyone.parts, selling)


def _subjects(everyone: People, cells: Cells, team: str | None) -> dict[str, frozenset[str]]:
    """Each subject with what it consists of: persons first, then teams with anybody in them, the company last; of those
    who moved only the part that was in the team.
    """
    shown = everyone.shown(user for people in cells.values() for user in people)
    busy = (id for id, members in everyone.members.items() if members)
    teams = sorted(busy, key=lambda id: (id == COMPANY, everyone.teams[id]))
    if team is not None:
        only = everyone.team(team)
        shown = [user for user in shown if user in everyone.members[only]]
        teams = [only]
    subjects = {f"user:{user}": frozenset({user}) for user in shown}
    return subjects | {f"team:{id}": everyone.parts.members[id] for id in teams}


def _ids(subjects: Iterable[str], kind: str) -> list[str]:
    return [subject.removeprefix(f"{kind}:") for subject in subjects if subject.startswith(f"{kind}:")]


def omitted(
    conn: Connection, account: int, period: Period, as_of: int | None, kinds: Collection[str] | None = None
) -> dict[str, int]:
    """How many facts of the period (`kinds`: of these kinds) count nowhere, by reason; those without a rate by
    currency.
    """
    ours = (FACT.c.account == account, *in_days(period))
    if kinds is not None:
        ours += (FACT.c.kind.in_(sorted(kinds)),)
    unpriced = (FACT.c.omitted.is_(None), FACT.c.kind.in_(("win", "refund")), FACT.c.amount.is_(None))
    found: dict[str, int] = {}
    for reason, those in ((FACT.c.omitted, (FACT.c.omitted.is_not(None),)), (FACT.c.note, unpriced)):
        counts: Counter[str] = Counter()
        for known in moments(as_of):
            query = sa.select(reason, sa.func.count()).where(*ours, *known, *those).group_by(reason)
            counts.update({why or "no_rate": count for why, count in conn.execute(query)})
        found |= dict(sorted(counts.items()))  # in one order, whatever ended since
    return found
