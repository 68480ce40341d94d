"""What a report looks at: an account's facts of a period, as known now or at a past moment."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from connector.config import Rules
from connector.fact import STANDS
from connector.kpi.chance import Chances
from connector.kpi.definition import Limits, thresholds
from connector.moment import Period, WorkCalendar, Zone, day_number, from_ms, to_ms
from connector.store.facts import FACT, known_at

Conditions = tuple[sa.ColumnElement[bool], ...]
STANDING_DAY = day_number(STANDS)
_A_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Look:
    """`as_of`: as known then, None now. `stood_at`: the past end of the period, as known when what stands is counted;
    None while it has not come. `only`: whose facts are measured, None: everyone's and nobody's.
    """

    account: int
    period: Period
    limits: Limits
    as_of: int | None
    stood_at: int | None
    only: frozenset[str] | None = None

    def whose(self, person: sa.ColumnElement[str | None]) -> Conditions:
        """The facts credited to those who are looked at."""
        return () if self.only is None else (person.in_(sorted(self.only)),)

    def facts(self, *, standing: bool) -> Conditions:
        """The facts that may count: those of the period's days, or those that stood at its end."""
        return *self.where(standing=standing), known_at(self.known(standing=standing))

    def where(self, *, standing: bool) -> Conditions:
        """The same facts, known or not."""
        return FACT.c.account == self.account, *(stands() if standing else in_days(self.period))

    def known(self, *, standing: bool) -> int | None:
        """As of which moment they count."""
        return self.stood_at if standing else self.as_of


def look(
    account: int,
    period: Period,
    *,
    zone: Zone,
    judged_at: int,
    as_of: int | None,
    rules: Rules,
    calendar: WorkCalendar | None = None,
    chances: Chances | None = None,
) -> Look:
    """`judged_at` (epoch ms): up to when the data reaches. `calendar`: when the office works, else by the rules.
    `chances`: of open deals, as reckoned then.
    """
    end = to_ms(period.bounds(zone)[1])
    past = end if as_of is None else min(end, as_of)
    stood_at = past if end <= judged_at else as_of
    clock = calendar or rules.calendar(zone)

    def working(start: int, until: int) -> float:
        return clock.seconds(from_ms(start), from_ms(until))

    seen = min(end, judged_at)

    def chance(stage: str | None, since: int) -> float | None:
        return None if chances is None else chances.of(stage, (seen - since) / _A_DAY, (end - seen) / _A_DAY)

    bounds = {"period_start": to_ms(period.bounds(zone)[0]), "period_end": end}
    happened, stands = (thresholds(rules, moment) | bounds for moment in (judged_at, seen))
    limits = Limits(happened, stands, working, chance)
    return Look(account, period, limits, as_of, stood_at)


def in_days(period: Period) -> Conditions:
    """The half-open period in the facts' local days."""
    first, end = period.days()
    return FACT.c.day >= first, FACT.c.day < end


def stands() -> Conditions:
    """Facts that stand instead of having happened."""
    return (FACT.c.day == STANDING_DAY,)
