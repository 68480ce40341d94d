"""No plan backwards: what may still be agreed on, and what has been over for too long (people.md U14).

Asked by `plans.add` before anything is stored, so by every door: configuration, CSV, command line, page, proposal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.errors import BadConfig
from connector.moment import Period, WorkCalendar, from_ms, local_day
from connector.result import Plan
from connector.store import accounts, cursors, terms
from connector.store.agreed import closings

Why = Literal["closed", "over", "no_reason", "no_period"]
_TEXTS: dict[Why, str] = {
    "closed": "{period} is closed: its plan stands as it was; agree on a later month",
    "over": "{period} is over and its grace ended on {since}: a plan is never set backwards; agree on a later month",
    "no_reason": "a reason is missing: a change stays in the history with its reason, and so does a plan that comes "
    "after its period; give one",
    "no_period": "{period!r} is no period such as 2026-09",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A plan that is not taken. `since`: the first day on which it was too late, where that is the reason."""

    plan: Plan
    why: Why
    since: date | None = None

    @property
    def text(self) -> str:
        """What is wrong and what to do, in one line."""
        told = _TEXTS[self.why].format(period=self.plan.period, since=self.since)
        return f"{self.plan.subject} {self.plan.kpi} {self.plan.period}: {told}"


class NotTaken(BadConfig):
    """Plans that are not taken; `refusals` say why in values, for whoever tells it in another language."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__([one.text for one in refusals])


@dataclass(frozen=True, slots=True)
class Guard:
    """The account at a moment: its day, its office's days, its days of grace; None of it before it was read at all."""

    today: date
    calendar: WorkCalendar
    grace: int

    def refusal(self, conn: Connection, account: int, plan: Plan, *, changes: bool) -> Refusal | None:
        """Why this new version is not taken, None where it is. `changes`: there is a version already."""
        try:
            period = Period.parse(plan.period)
        except ValueError:
            return Refusal(plan, "no_period")
        since = self.calendar.day_after(period.end, self.grace)
        if self.today >= since:
            return Refusal(plan, "over", since)
        if _closed(conn, account, period):
            return Refusal(plan, "closed")
        if (changes or self.today >= period.end) and not plan.reason.strip():
            return Refusal(plan, "no_reason")
        return None


def guard(conn: Connection, account: int, now: int) -> Guard | None:
    """By the rules in force at `now` (epoch ms). None while the account was never read to an end.

    Before that nobody has seen a number, so whatever is agreed on for past months is history that is brought along.
    Reading everything anew (`kpi sync --full`) does not bring that time back: terms are never forgotten.
    """
    known = terms.at(conn, account, now)
    if known is None and not any(row.whole_at is not None for row in cursors.all(conn, account).values()):
        return None
    rules = Rules() if known is None else Rules.model_validate_json(known.rules)
    zone = ZoneInfo(known.zone if known is not None else accounts.get(conn, account).zone or "UTC")
    return Guard(local_day(from_ms(now), zone), rules.calendar(zone), rules.close_grace_days)


def _closed(conn: Connection, account: int, period: Period) -> bool:
    """Whether a month of the period, or the month it lies in, is closed."""
    months = period.months() or (Period.month(period.start).label, Period.month(period.end).label)
    return any(closings.current(conn, account, month) is not None for month in months)
