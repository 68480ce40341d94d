"""Behind the plan with enough data: one of the rules. Pure.

Raised where, all at once: a plan of revenue is known; five working days of the period are over; eight deals are won or
ten working days are over; the pace is under 0.8; and even the upper end of what is plausible is under what should have
come by now. That end is the revenue's own interval, else the revenue scaled to the upper end of the number of wins.

Where the account's own past vouches for forecasts, these decide instead: on two mornings running even the upper end of
the forecast must miss the plan, and chance must not explain it (targets/outlook.py).

A month's revenue of one person is mostly noise (kpi/statistics.md). Simulated with 16 wins a month of log-normal size
(sigma 0.5 to 1), a person exactly on plan is accused on the fifteenth day in 30-39 % of months by pace alone, in
12-23 % with the last condition, which still finds 52-57 % of those at 60 % of their plan. Hence a question, not blame.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from connector.advice.case import TASK_KPI, Situation
from connector.advice.spread import upper
from connector.moment import local_day
from connector.records import User
from connector.targets.pace import Pace

RULE = "behind_plan"
QUIET_DAYS = 5
"""Working days at the beginning of a period in which nobody is accused."""
ENOUGH_DEALS, ENOUGH_DAYS = 8, 10
BEHIND = Decimal("0.8")


def behind(situation: Situation) -> Iterator[tuple[User, Pace]]:
    """Active people behind their plan with enough data, the largest gap first."""
    found = []
    for subject, pace in situation.paces.items():
        user = situation.users.get(subject.removeprefix("user:"))
        if user is not None and user.active and subject.startswith("user:") and is_behind(subject, pace, situation):
            found.append((pace.fact - pace.expected, user.id, user, pace))
    return ((user, pace) for *_, user, pace in sorted(found, key=lambda row: row[:2]))


def is_behind(subject: str, pace: Pace, situation: Situation) -> bool:
    """The test that the module's docstring states."""
    revenue = situation.results.get((TASK_KPI, subject))
    won = situation.results.get(("won_deals", subject))
    running = situation.period.start <= local_day(situation.now, situation.zone) < situation.period.end
    deals = won.value if won is not None and won.value is not None else Decimal(0)
    enough = deals >= ENOUGH_DEALS or pace.days_gone >= ENOUGH_DAYS
    known = revenue is not None and revenue.value is not None
    if not (running and enough and known) or pace.days_gone < QUIET_DAYS or pace.pace is None:
        return False
    if (seen := situation.outlooks.get(subject.removeprefix("user:"))) is not None:
        return pace.pace < BEHIND and seen.behind
    interval = revenue.interval if revenue is not None else None
    return pace.pace < BEHIND and (interval[1] if interval else _plausible(pace.fact, int(deals))) < pace.expected


def _plausible(fact: Decimal, deals: int) -> Decimal:
    """The revenue if chance was against the number of wins; amounts vary too, which this leaves out."""
    return fact * Decimal(upper(deals) / deals) if deals else fact
