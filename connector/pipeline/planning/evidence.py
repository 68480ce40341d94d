"""What speaks for or against everybody's plan of a period: forecasts, days, enquiries. Gathers, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from connector.advice.correction import Case, Flow
from connector.moment import Period, midnight, to_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.history import Past, past, share_gone, worked
from connector.pipeline.outlooks import months, vouched
from connector.pipeline.planning.days import days_of
from connector.pipeline.planning.likely import REVENUE
from connector.result import Plan
from connector.store.agreed import plans
from connector.store.asked import monthly
from connector.targets.forecast import curve
from connector.targets.model import Prior, prior
from connector.targets.outlook import drawn_morning
from connector.targets.series import Ahead, Month, Person
from connector.targets.suggest import chance_of, predict

_BEFORE = 3
"""Months with which enquiries are compared."""


def cases_of(bench: Workbench, conn: Connection, period: Period) -> tuple[list[Case], bool]:
    """Everybody's plan of revenue with what is known of the period, and whether chances came true before."""
    agreed = plans.current(conn, bench.account, period.label)
    of_people = ((who, plan) for (who, kpi), plan in agreed.items() if kpi == REVENUE and who.startswith("user:"))
    theirs = {who.removeprefix("user:"): plan for who, plan in of_people}
    seen = past(bench, conn, period.label)
    team = prior(seen.people)
    if team is None or not vouched(bench, period.label, seen.people):
        return [], False
    if not theirs:
        return [], True
    return _Looking(bench, conn, period, seen, team).cases(theirs), True


@dataclass(frozen=True, slots=True)
class _Looking:
    """A period that runs or is to come, looked at this morning."""

    bench: Workbench
    conn: Connection
    period: Period
    seen: Past
    team: Prior

    def cases(self, theirs: Mapping[str, Plan]) -> list[Case]:
        bench, label = self.bench, self.period.label
        today = midnight(bench.today(), bench.zone())
        gone = share_gone(bench, label, today)
        days = worked(bench, self.conn, list(theirs), label)
        begun = months(bench, self.conn, self.period, days)
        known = {person.user: person for person in self.seen.people}
        flow, shape = self._flow(today), curve(self.seen.people)
        parts = self._parts(theirs)
        found = []
        for user, plan in sorted(theirs.items()):
            person = known.get(user) or Person(user, user, ())
            month = begun.get(user) or Month(label, float(days.get(user, 0)))
            morning, draws = drawn_morning(bench.settings.name, person, self.team, shape, month, gone, None)
            agreed = self._days_agreed(user, plan)
            ahead = predict(bench.settings.name, person, self.team, Ahead(label, {user: month.days}))
            part = parts.get(user, 1.0)
            found.append(
                Case(
                    name=person.name,
                    plan=plan,
                    draws=draws,
                    surprise=morning.surprise,
                    at_start=chance_of(ahead, float(plan.value) * part),
                    share_gone=gone,
                    days=days.get(user, 0),
                    days_agreed=agreed,
                    prorated=bench.settings.rules.prorate_plans,
                    part=part,
                    done=morning.fact,
                    flow=flow,
                )
            )
        return found

    def _parts(self, theirs: Mapping[str, Plan]) -> Mapping[str, float]:
        """What their days leave of plans, of those who work on fewer days than their office; whoever has none is left
        out: the plan is not what is amiss there.
        """
        rules = self.bench.settings.rules
        if not rules.prorate_plans:
            return {}
        there = days_of(self.bench, self.conn, self.period, theirs, rules, None)
        return {user: days / there.office[user] for user, days in there.worked.items() if 0 < days < there.office[user]}

    def _days_agreed(self, user: str, plan: Plan) -> int:
        """The days of the period as they were known when the plan was agreed on."""
        as_of = None if plan.at is None else to_ms(plan.at)
        return worked(self.bench, self.conn, [user], self.period.label, as_of=as_of).get(user, 0)

    def _flow(self, until: datetime) -> Flow | None:
        """Enquiries a worked day of equal season, of the same people: this period's until a moment, and before it."""
        bench, conn, label = self.bench, self.conn, self.period.label
        first, end = self.period.days()
        users = [person.user for person in self.seen.people]
        asked = monthly.asked(conn, bench.account, first, end, as_of=None, ripe_at=bench.now())
        now = sum(one.leads for one in asked if one.user in users)
        days = sum(worked(bench, conn, users, label, until=until).values())
        ground = self.team.ground
        before = [month for person in self.seen.people for month in person.months[-_BEFORE:]]
        weight = sum(ground.exposure(month.label, month.days, None) for month in before)
        if not (days and weight):
            return None
        return Flow(
            before=sum(month.leads for month in before),
            before_days=weight,
            now=now,
            now_days=ground.exposure(label, float(days), None),
            noise=_noise(self.seen.people),
        )


def _noise(people: Sequence[Person]) -> float:
    """How much more the team's enquiries vary from month to month than chance alone would have it."""
    totals: dict[str, tuple[int, float]] = {}
    for person in people:
        for month in person.months:
            leads, days = totals.get(month.label, (0, 0.0))
            totals[month.label] = (leads + month.leads, days + month.days)
    seen = [(leads, days) for leads, days in totals.values() if days > 0]
    whole = sum(days for _, days in seen)
    rate = sum(leads for leads, _ in seen) / whole if whole else 0.0
    if len(seen) < _BEFORE + 1 or rate <= 0:
        return 1.0
    return max(1.0, sum((leads - rate * days) ** 2 / (rate * days) for leads, days in seen) / (len(seen) - 1))
