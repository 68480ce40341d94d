"""Who is worth a talk, and with whom. One rule now: `behind_plan`, behind the plan with enough data. Pure.

Raised where, all at once: a plan of revenue is known; five working days of the period are over; eight deals are won or
ten working days are over; the pace is under 0.8; and even the upper end of what is plausible is under what should have
come by now. That end is the revenue's own interval, else the revenue scaled to the upper end of the number of wins.

Where the account's own past vouches for forecasts, these decide instead: on two mornings running even the upper end of
the forecast must miss the plan, and chance must not explain it (targets/outlook.py).

A month's revenue of one person is mostly noise (kpi/statistics.md). Simulated with 16 wins a month of log-normal size
(sigma 0.5 to 1), a person exactly on plan is accused on the fifteenth day in 30-39 % of months by pace alone, in
12-23 % with the last condition, which still finds 52-57 % of those at 60 % of their plan. Hence a question, not blame.

Limits: one open task for a person and KPI; fourteen days of quiet after it; seven a week for a head; none for those who
left. The largest gap comes first. Where nobody leads, it is a notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from connector.advice.case import TASK_KPI, Advice, Evidence, Notice, Situation
from connector.advice.spread import upper
from connector.advice.text import Task, write
from connector.moment import local_day
from connector.records import User
from connector.targets.pace import Pace
from connector.wishes import AddTask, Raised

__all__ = ["Advice", "Evidence", "Notice", "Situation", "advise"]

RULE = "behind_plan"
QUIET_DAYS = 5
"""Working days at the beginning of a period in which nobody is accused."""
ENOUGH_DEALS, ENOUGH_DAYS = 8, 10
BEHIND = Decimal("0.8")
COOL_DOWN = timedelta(days=14)
WEEK, A_WEEK = timedelta(days=7), 7
"""Tasks for a head in any seven days."""


def advise(situation: Situation) -> Advice:
    """Tasks for heads, the largest gap first; deterministic."""
    tasks: list[AddTask] = []
    notices: list[Notice] = []
    silent: dict[str, str] = {}
    load = _load(situation)
    for user, pace in _behind(situation):
        subject = f"user:{user.id}"
        head = head_of(user, situation)
        if reason := _too_soon(subject, situation):
            silent[subject] = reason
        elif head is None:
            notices.append(_nobody_to_tell(user, pace))
        elif load.get(head.id, 0) >= A_WEEK:
            silent[subject] = f"{head.name} has {A_WEEK} tasks of this week"
        else:
            load[head.id] = load.get(head.id, 0) + 1
            tasks.append(write(Task(RULE, user, head, pace, situation)))
    return Advice(tuple(tasks), tuple(notices), silent)


def head_of(user: User, situation: Situation) -> User | None:
    """The first active head of the person's team, up its parents where the team has none or is led by himself."""
    for team_id in sorted(user.team_ids, key=lambda id: (len(id), id)):
        seen: set[str] = set()
        at: str | None = team_id
        while at is not None and at not in seen and (team := situation.teams.get(at)):
            seen.add(at)
            for head_id in sorted(team.head_ids, key=lambda id: (len(id), id)):
                head = situation.users.get(head_id)
                if head is not None and head.active and head.id != user.id:
                    return head
            at = team.parent_id
    return None


def _behind(situation: Situation) -> Iterator[tuple[User, Pace]]:
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


def _too_soon(subject: str, situation: Situation) -> str:
    """Why this person gets no task now, empty where nothing stands against it."""
    mine = [task for task in situation.raised if (task.subject, task.kpi) == (subject, TASK_KPI)]
    if any(_is_open(task, situation) for task in mine):
        return "a task about this is open"
    last = max((max(task.at, task.closed_at or task.at) for task in mine), default=None)
    if last is not None and situation.now - last < COOL_DOWN:
        return f"the last task about this was less than {COOL_DOWN.days} days ago"
    return ""


def _is_open(task: Raised, situation: Situation) -> bool:
    return task.closed_at is None or task.closed_at > situation.now


def _load(situation: Situation) -> dict[str, int]:
    """Tasks each head got within the last seven days."""
    load: dict[str, int] = {}
    for task in situation.raised:
        if situation.now - task.at < WEEK:
            load[task.head] = load.get(task.head, 0) + 1
    return load


def _nobody_to_tell(user: User, pace: Pace) -> Notice:
    share = f"{(pace.pace or Decimal(0)) * 100:.0f} %"
    text = f"{user.name} is behind the plan (pace {share}), and no active head of the team is known to get the task"
    return Notice("no_head", f"user:{user.id}", text)
