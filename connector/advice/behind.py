"""Behind the plan with enough data: one of the rules. Pure.

Raised where, all at once: a plan of revenue is known; five working days of the period are over; eight deals are won or
ten working days are over; the pace is under 0.8; and chance does not explain so little: of somebody exactly on plan one
in five thousand such mornings would look like this. How much chance explains follows from how many average deals should
have come by now: neither so few deals nor so little money may be likely (feedback/chance.py).

Where the account's own past vouches for forecasts, these decide instead: on two mornings running even the upper end of
the forecast must miss the plan, and chance must not explain it (targets/outlook.py).

A month's revenue of one person is mostly noise (kpi/statistics.md): by pace alone somebody exactly on plan with 16 wins
a month is accused on the fifteenth day in 30-39 % of months. What this rule accuses and finds is in docs/benchmarks.md;
who sells six deals a month at half his plan is hardly ever found by money. Process KPIs are for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from connector.advice.case import TASK_KPI, Situation
from connector.advice.feedback.chance import so_little
from connector.moment import local_day
from connector.records import User
from connector.targets.pace import Pace

RULE = "behind_plan"
QUIET_DAYS = 5
"""Working days at the beginning of a period in which nobody is accused."""
ENOUGH_DEALS, ENOUGH_DAYS = 8, 10
BEHIND = Decimal("0.8")
RARE = 0.0002
"""Every morning of a month is a look, and eight people are eight: so much less than one in twenty."""


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
    plausible = revenue.interval[1] if revenue is not None and revenue.interval is not None else None
    if pace.pace >= BEHIND or (plausible is not None and plausible >= pace.expected):
        return False
    average = _average_deal(situation)
    return average is not None and so_little(float(pace.fact), float(pace.expected), average) <= RARE


def _average_deal(situation: Situation) -> float | None:
    """Of all sellers this month; None where nobody won anything: then it is not one person who is behind."""
    both = [
        (result.value, won.value)
        for (kpi, subject), result in situation.results.items()
        if kpi == TASK_KPI and subject.startswith("user:") and (won := situation.results.get(("won_deals", subject)))
    ]
    money = sum((revenue for revenue, won in both if revenue and won), Decimal(0))
    deals = sum((won for revenue, won in both if revenue and won), Decimal(0))
    return float(money / deals) if deals and money > 0 else None
