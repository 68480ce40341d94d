"""What targets and forecasts look at, gathered from the store: everybody's months, and the days to come."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy.engine import Connection

from connector.errors import BadConfig
from connector.kpi.catalogue import ALL
from connector.kpi.definition import CREDITED
from connector.kpi.frame import data_until
from connector.kpi.worked import employed, worked_days
from connector.moment import Period, WorkCalendar, Zone, from_ms
from connector.money import to_units
from connector.pipeline.bench import Workbench
from connector.records import User
from connector.store.asked import monthly
from connector.store.clock import absences
from connector.store.crm import records
from connector.targets.series import Ahead, Month, Person, months_before

Monthly = TypeVar("Monthly", monthly.Won, monthly.Ripened)
MONTHS = 13
"""How far back: a year, and the same month of it."""


@dataclass(frozen=True, slots=True)
class Past:
    """Everybody who sold or was asked in these months and is still there."""

    people: tuple[Person, ...]
    names: Mapping[str, str]


def past(bench: Workbench, conn: Connection, label: str, *, months: int = MONTHS, as_of: int | None = None) -> Past:
    """The months before one, as known at a moment."""
    labels = months_before(label, months)
    first, end = Period.parse(labels[0]).days()[0], Period.parse(label).days()[0]
    judged_at = as_of if as_of is not None else data_until(conn, bench.account, bench.now())
    won = won_between(bench, conn, first, end, as_of=as_of)
    asked = monthly.asked(conn, bench.account, first, end, as_of=as_of, ripe_at=judged_at)
    ripened = monthly.ripened(conn, bench.account, first, end, as_of=as_of, ripe_at=judged_at)
    users = records.directory(conn, bench.account, User)
    busy = {one.user for one in won} | {one.user for one in asked}
    sellers = sorted(user for user in busy if user in users and users[user].active)
    days = {one: worked(bench, conn, sellers, one, until=_gone(bench, one, judged_at), as_of=as_of) for one in labels}
    told = _Told(bench.calendar(), bench.zone(), bench.currency(), _by_month(won), _asked(asked), _by_month(ripened))
    found = {user: [_month(told, user, one, days[one]) for one in labels] for user in sellers}
    terms = employed(one for one, _ in absences.known(conn, bench.account, as_of=as_of))
    hired = {user: term[0].strftime("%Y-%m") for user, term in terms.items()}
    people = tuple(_person(user, users[user].name, some, hired.get(user)) for user, some in found.items())
    return Past(people, {user: users[user].name for user in sellers})


def won_between(bench: Workbench, conn: Connection, first: int, end: int, *, as_of: int | None) -> list[monthly.Won]:
    """Wins of the half-open range of days (yyyymmdd), of whom revenue is credited to: plans are held against that."""
    [one] = ALL["revenue"].credited(bench.settings.rules.credit).top
    kind, whose = one.kinds[0], CREDITED[one.credit]
    return monthly.wins(conn, bench.account, first, end, as_of=as_of, kind=kind, whose=whose)


def nothing_to_learn(account: str, label: str) -> BadConfig:
    """What to say where no month before this one has a win."""
    return BadConfig([f"{account}: nobody won anything in the months before {label}; not read yet? kpi sync"])


def ahead(bench: Workbench, conn: Connection, users: Collection[str], label: str) -> Ahead:
    """The days each is going to work in a month, by the calendar and what is known of absences."""
    return Ahead(label, {user: float(n) for user, n in worked(bench, conn, users, label).items()})


def worked(
    bench: Workbench,
    conn: Connection,
    users: Collection[str],
    label: str,
    *,
    until: datetime | None = None,
    as_of: int | None = None,
) -> dict[str, int]:
    """Days of a month that each works, to its end or until a moment."""
    month = Period.parse(label)
    end = until or month.bounds(bench.zone())[1]
    return worked_days(
        conn, bench.account, users, month, until=end, rules=bench.settings.rules, zone=bench.zone(), as_of=as_of
    )


def _gone(bench: Workbench, label: str, judged_at: int) -> datetime:
    """The end of a month, of a running one the moment up to which the data reaches: its days to come are not worked."""
    return min(Period.parse(label).bounds(bench.zone())[1], from_ms(judged_at))


def share_gone(bench: Workbench, label: str, at: datetime) -> float:
    """How much of a month's working time is over at a moment."""
    return share_between(bench.calendar(), Period.parse(label).bounds(bench.zone()), at)


def share_between(calendar: WorkCalendar, bounds: tuple[datetime, datetime], at: datetime) -> float:
    """The same by a calendar that is at hand: laying one out costs as much as hundreds of questions."""
    whole = calendar.seconds(*bounds)
    return calendar.seconds(bounds[0], min(max(at, bounds[0]), bounds[1])) / whole if whole else 1.0


def _by_month(some: Collection[Monthly]) -> dict[tuple[str, int], list[Monthly]]:
    found: dict[tuple[str, int], list[Monthly]] = {}
    for one in some:
        found.setdefault((one.user, one.month), []).append(one)
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """What the store told of everybody, and how to read it."""

    calendar: WorkCalendar
    zone: Zone
    currency: str
    won: Mapping[tuple[str, int], Sequence[monthly.Won]]
    asked: Mapping[tuple[str, int], monthly.Asked]
    ripened: Mapping[tuple[str, int], Sequence[monthly.Ripened]]


def _asked(asked: Collection[monthly.Asked]) -> dict[tuple[str, int], monthly.Asked]:
    return {(one.user, one.month): one for one in asked}


def _month(told: _Told, user: str, label: str, days: Mapping[str, int]) -> Month:
    key = (user, int(label.replace("-", "")))
    wins, leads = told.won.get(key, ()), told.asked.get(key)
    bounds = Period.parse(label).bounds(told.zone)
    return Month(
        label=label,
        days=float(days.get(user, 0)),
        leads=leads.leads if leads else 0,
        cohort_leads=leads.ripe if leads else 0,
        cohort_wins=leads.won if leads else 0,
        amounts=tuple(float(to_units(one.amount, told.currency)) for one in wins),
        moments=tuple(share_between(told.calendar, bounds, from_ms(one.at)) for one in wins),
        ripened=tuple((one.on, one.leads, one.won) for one in told.ripened.get(key, ())),
    )


def _person(user: str, name: str, months: list[Month], hired: str | None) -> Person:
    """From the month in which he was hired, else from the first with anything in it: then he may have been new."""
    first = hired or next((month.label for month in months if month.leads or month.wins), months[-1].label)
    kept = tuple(month for month in months if month.label >= first)
    new = bool(hired) and first >= months[0].label
    return Person(user, name, kept, 0 if new else None)
