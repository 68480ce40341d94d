"""What a number is judged by besides its facts: the moment, rules, plans, what the CRM gives, the days worked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.decoding import decoded
from connector.kpi.catalogue import ALL, chosen
from connector.kpi.chance import Chances
from connector.kpi.definition import Kpi, Measure
from connector.kpi.evaluate import Given, evaluate, muted, without_source
from connector.kpi.fold import Gathered
from connector.kpi.look import Look, look
from connector.kpi.measure import Cells, together
from connector.kpi.spans import NOBODY_MOVED, Parts
from connector.kpi.team_plan import Agreed, held_to, labels, plan_of, targets
from connector.kpi.worked import worked_days
from connector.moment import Period, WorkCalendar, Zone, from_ms
from connector.money import to_units
from connector.result import Plan, Result
from connector.store import accounts, cells, chances, cursors, terms
from connector.store.agreed import plans
from connector.store.facts import FACT, known_at

_JUDGED_BY = ("deal", "lead", "call", "message", "meeting")
"""Streams that must have been read up to a moment before anybody is blamed for what is not there."""
_YEAR = timedelta(days=365)
Histories = Collection[Sequence[Plan]]
"""Of every plan its versions, the oldest first."""


@dataclass(frozen=True, slots=True)
class Frame:
    """An account and a period at a moment.

    `judged_at` (epoch ms): up to which moment the data reaches, or as of which it is told. `sources`: kinds of records
    the CRM gives, None for all. `observed_from`: since when we see what stands. `history_from`: since when every
    purchase is known. `agreed`: the plans in force; `first`: as they were agreed on first. `targeted`: who has his own.
    """

    account: int
    name: str
    currency: str
    period: Period
    zone: Zone
    rules: Rules
    judged_at: int
    as_of: int | None
    look: Look
    agreed: Agreed
    first: Agreed
    catalogue: Mapping[str, Kpi]
    sources: frozenset[str] | None
    observed_from: int | None
    history_from: date | None
    targeted: frozenset[str] = frozenset()

    def chosen(self, keys: Collection[str] | None) -> list[Kpi]:
        """The named KPIs, or all, each for whoever the account's rule credits. Raises BadConfig."""
        return [kpi.credited(self.rules.credit) for kpi in chosen(keys, self.catalogue)]

    def reached(self, kpi: Kpi) -> tuple[Measure, ...]:
        """What must be measured too to know what is left of the plan."""
        return self.catalogue[kpi.plan].credited(self.rules.credit).top if kpi.plan and kpi.left else ()

    def beside(self, kpi: Kpi) -> tuple[Measure, ...]:
        """What must be measured besides its facts: what was reached of the plan, and what may mute it."""
        return self.reached(kpi) + (kpi.muted.measures if kpi.muted else ())

    def calendar(self) -> WorkCalendar:
        """The account's working time."""
        return self.rules.calendar(self.zone)

    def given(
        self,
        kpi: Kpi,
        subject: str,
        members: Iterable[str],
        cells: Cells,
        days: Mapping[str, int],
        parts: Parts = NOBODY_MOVED,
    ) -> Given:
        """The plan in force, or what is left of it, the days its people worked, and what may mute it. `cells`: of what
        is measured beside it.
        """
        people = tuple(members)
        reached = together(cells, self.reached(kpi), people)
        plan = plan_of(kpi, subject, people, self.agreed, parts)
        first = None if kpi.left else plan_of(kpi, subject, people, self.first, parts)
        if plan is not None and kpi.left:
            plan = max(plan - to_units(int(reached.total), self.currency), Decimal(0))
        worked = sum(days.get(user, 0) for user in people) if kpi.days else None
        told = (
            (together(cells, kpi.muted.top, people), together(cells, kpi.muted.bottom, people)) if kpi.muted else None
        )
        return Given(plan, worked, first if first != plan else None, told)

    def planned(self, kpi: Kpi, subject: str, members: frozenset[str], parts: Parts = NOBODY_MOVED) -> frozenset[str]:
        """Whose facts are held against the plan."""
        return held_to(kpi, subject, members, self.agreed, parts)

    def judge(self, kpi: Kpi, subject: str, found: Gathered, given: Given) -> Result:
        """The value, or why there is none."""
        label, stood = self.period.label, self.look.stood_at
        if not kpi.has_source(self.sources, self.rules):
            return without_source(kpi, subject, label)
        if kpi.standing and stood is not None and (self.observed_from is None or stood < self.observed_from):
            return without_source(kpi, subject, label, "not_observed")
        result = muted(kpi, evaluate(kpi, subject, label, found, currency=self.currency, given=given), given)
        if given.first is not None and result.numerator is not None:
            result = replace(result, first_plan=given.first)
        if kpi.lookback and result.enough and self._too_early():
            return replace(result, enough=False, reason="short_history")
        return result

    def _too_early(self) -> bool:
        """In the first year every client looks new (kpi definitions K-03)."""
        return self.history_from is not None and self.period.start < self.history_from + _YEAR


def frame(  # noqa: PLR0913 - whose, when, as known when, by which rules
    conn: Connection,
    account: int,
    period: Period,
    *,
    zone: Zone,
    now: int,
    as_of: int | None = None,
    reached: int | None = None,
    rules: Rules | None = None,
    sources: frozenset[str] | None = None,
    catalogue: Mapping[str, Kpi] = ALL,
) -> Frame:
    """Read it. `as_of` (epoch ms): as it was known then; `reached`: how far the data did then, where that is known."""
    row, rules = accounts.get(conn, account), rules or Rules()
    judged_at = data_until(conn, account, now) if as_of is None else as_of if reached is None else min(as_of, reached)
    then = None if as_of is None else terms.at(conn, account, as_of)
    told = cache(lambda label: plans.histories(conn, account, label, as_of=as_of).values())
    return Frame(
        account=account,
        name=row.name,
        currency=(then.currency if then is not None else row.currency) or "RUB",
        period=period,
        zone=zone,
        rules=rules,
        judged_at=judged_at,
        as_of=as_of,
        look=look(
            account,
            period,
            zone=zone,
            judged_at=judged_at,
            as_of=as_of,
            rules=rules,
            chances=_chances(conn, account, as_of),
        ),
        agreed=plans_for(told, period, -1),
        first=plans_for(told, period, 0),
        catalogue=catalogue,
        sources=sources,
        observed_from=_observed_from(conn, account),
        history_from=_history_from(conn, account, rules, as_of),
        targeted=targets(some for label in labels(period) for some in told(label)),
    )


def days_of(conn: Connection, frame: Frame, kpis: Iterable[Kpi], users: Collection[str]) -> Mapping[str, int]:
    """The days each of them worked, where a KPI asks for that."""
    if not any(kpi.days for kpi in kpis):
        return {}
    until = from_ms(frame.judged_at)
    return worked_days(
        conn, frame.account, users, frame.period, until=until, rules=frame.rules, zone=frame.zone, as_of=frame.as_of
    )


def data_until(conn: Connection, account: int, now: int) -> int:
    """Up to which moment the numbers reach: what was read since then and not derived yet is in none of them."""
    book = cells.book(conn, account)
    until = told_until(conn, account, now)
    return until if book is None else min(until, book.moment)


def told_until(conn: Connection, account: int, now: int) -> int:
    """Up to which moment the data reaches: the server's time of the last reading of the slowest stream that matters."""
    known = cursors.all(conn, account)
    told = [known[kind].told_at for kind in _JUDGED_BY if kind in known]
    return min([at for at in told if at is not None], default=now)


def plans_for(told: Callable[[str], Histories], period: Period, place: int) -> Agreed:
    """Plans by subject and KPI: the period's own; of several whole months the sum where each has one.

    `told`: every plan with its versions by the label of a period. `place`: -1 for those in force, 0 for those agreed on
    first. What is agreed on for single pipelines is in none of them.
    """
    found = _agreed(told(period.label), place)
    months = period.months()
    if len(months) > 1 or (months and months[0] != period.label):
        each = [_agreed(told(month), place) for month in months]
        for key in set(each[0]).intersection(*each[1:]) - set(found):
            found[key] = sum((plans[key] for plans in each), Decimal(0))
    return found


def _agreed(some: Histories, place: int) -> dict[tuple[str, str], Decimal]:
    return {(one[0].subject, one[0].kpi): one[place].value for one in some if not one[0].pipeline}


def _observed_from(conn: Connection, account: int) -> int | None:
    deals = cursors.get(conn, account, "deal")
    return deals.whole_at if deals else None


def _history_from(conn: Connection, account: int, rules: Rules, as_of: int | None) -> date | None:
    """As configured, else the day of the first fact of all."""
    if rules.history_start:
        return date.fromisoformat(rules.history_start)
    first = conn.execute(sa.select(sa.func.min(FACT.c.day)).where(FACT.c.account == account, known_at(as_of))).scalar()
    return date(first // 10000, first // 100 % 100, first % 100) if first else None


def _chances(conn: Connection, account: int, as_of: int | None) -> Chances | None:
    row = chances.latest(conn, account, as_of=as_of)
    return None if row is None else decoded(row.body, Chances)
