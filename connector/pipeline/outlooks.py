"""judge: where everybody's running month will end, by his own history and the team's, this morning and the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy.engine import Connection

from connector.moment import DAY, Period, from_ms, local_day, midnight
from connector.money import to_units
from connector.pipeline.bench import Workbench
from connector.pipeline.history import past, share_gone, won_between, worked
from connector.pipeline.planning.opinion import opinion
from connector.store.asked import monthly
from connector.targets.backtest import backtest
from connector.targets.forecast import curve
from connector.targets.model import prior
from connector.targets.outlook import Outlook, Second, drawn_morning
from connector.targets.series import COMPARABLE, Month, Person


def outlooks(
    bench: Workbench, conn: Connection, period: Period, plans: Mapping[str, Decimal], at: datetime
) -> dict[str, Outlook]:
    """By user, of those who have a plan, where the account's own past shows that forecasts hold; `at`: a moment of the
    month.
    """
    today = midnight(local_day(at, bench.zone()), bench.zone())
    seen = past(bench, conn, period.label)
    team, shape = prior(seen.people), curve(seen.people)
    if team is None or not vouched(bench, period.label, seen.people):
        return {}
    days = worked(bench, conn, list(plans), period.label)
    known = {person.user: person for person in seen.people}
    begun = months(bench, conn, period, days)
    mornings = [_looked_from(bench, conn, period, morning) for morning in (today, today - DAY)]
    found = {}
    for user, plan in plans.items():
        person = known.get(user) or Person(user, user, ())
        month = begun.get(user) or Month(period.label, float(days.get(user, 0)))
        this, last = (
            drawn_morning(bench.settings.name, person, team, shape, month, gone, float(plan), beside)[0]
            for gone, beside in mornings
        )
        found[user] = Outlook(float(plan), this, last, own=person.comparable >= COMPARABLE)
    return found


def vouched(bench: Workbench, label: str, people: Sequence[Person]) -> bool:
    """Whether forecasts held. Tried once a month and process: the months before it do not change much."""
    if label not in bench.vouched:
        bench.vouched[label] = backtest(bench.settings.name, people).vouches
    return bench.vouched[label]


def _looked_from(bench: Workbench, conn: Connection, period: Period, at: datetime) -> tuple[float, Second | None]:
    """The share of the month's working time that is over by this morning, and what the open deals say of the rest."""
    gone = share_gone(bench, period.label, at)
    return gone, opinion(bench, conn, period, at, gone)


def months(bench: Workbench, conn: Connection, period: Period, days: Mapping[str, int]) -> dict[str, Month]:
    """What each has won in the running month, and when of its working time."""
    first, end = period.days()
    won: dict[str, list[monthly.Won]] = {}
    for one in won_between(bench, conn, first, end, as_of=None):
        won.setdefault(one.user, []).append(one)
    calendar, (start, stop) = bench.calendar(), period.bounds(bench.zone())
    whole = calendar.seconds(start, stop) or 1
    currency = bench.currency()
    return {
        user: Month(
            period.label,
            float(days.get(user, 0)),
            amounts=tuple(float(to_units(one.amount, currency)) for one in wins),
            moments=tuple(calendar.seconds(start, from_ms(one.at)) / whole for one in wins),
        )
        for user, wins in won.items()
    }
