"""When a task may be raised at all. One state machine for heads and sellers; pure, so that it can be proved.

For a head: one open task for a person and KPI, quiet for a while after it, so many a week. For a seller: one alert for
a record, so many a day. None while a person is away; no task while he is new, under the minimum sample, or about a KPI
that the data spoil (kpi/writeback.md, "Task for РОП - anatomy").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from connector.kpi.text import Text
from connector.moment import Zone, local_day
from connector.wishes import Raised

WEEK = timedelta(days=7)
ALERTS = ("stuck_deal", "unanswered_lead", "missed_call")
"""What a seller is told himself; in `Raised.kpi` of such a task."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much people are asked."""

    a_week: int = 7
    """Tasks for a head in any seven days."""
    cool_down: timedelta = timedelta(days=14)
    """Quiet after a task was raised and after it was closed, for the same person and KPI (an alert: the record)."""
    alerts_a_day: int = 5
    """For a seller, by local day."""


@dataclass(frozen=True, slots=True)
class Barred:
    """About whom and what nothing is raised, each with the reason."""

    people: Mapping[str, Text] = field(default_factory=dict)
    """By user: away, or gone."""
    new: Mapping[str, Text] = field(default_factory=dict)
    """By user: too new to be compared. A client who waits for him still waits: alerts reach him."""
    kpis: Mapping[str, Text] = field(default_factory=dict)
    """Frozen by a drift, or off by more than a tenth through defects of the data."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A task that a rule wants. `subject`: whom or what it is about; `of`: the person it judges; `to`: who gets it."""

    subject: str
    kpi: str
    of: str
    to: str
    n: int = 1
    minimum: int = 0

    @property
    def is_alert(self) -> bool:
        """Whether it goes to the seller himself."""
        return self.kpi in ALERTS


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that was raised so far. `why_not` decides, `noting` goes on from there."""

    limits: Limits
    barred: Barred
    zone: Zone
    raised: tuple[Raised, ...] = ()

    def why_not(self, ask: Ask, now: datetime) -> Text | None:
        """Why this must not be raised now; None where nothing stands against it."""
        if (reason := self._barred(ask)) is not None:
            return reason
        if ask.n < ask.minimum:
            return Text(f"данных мало: {ask.n} из {ask.minimum}", f"too little data: {ask.n} of {ask.minimum}")
        mine = [one for one in self.raised if (one.subject, one.kpi) == (ask.subject, ask.kpi)]
        if any(_is_open(one, now) for one in mine):
            return Text("задача об этом открыта", "a task about this is open")
        last = max(mine, key=_until, default=None)
        if last is not None and now - _until(last) < self.limits.cool_down:
            return (_put_back if last.withdrawn else _lately)(self.limits.cool_down.days)
        return self._full(ask, now)

    def noting(self, ask: Ask, now: datetime) -> Book:
        """The same with one more task, open from now on."""
        one = Raised(subject=ask.subject, kpi=ask.kpi, head=ask.to, at=now)
        return replace(self, raised=(*self.raised, one))

    def _barred(self, ask: Ask) -> Text | None:
        new = None if ask.is_alert else self.barred.new.get(ask.of)
        return self.barred.people.get(ask.of) or new or self.barred.kpis.get(ask.kpi)

    def _full(self, ask: Ask, now: datetime) -> Text | None:
        if ask.is_alert:
            today = local_day(now, self.zone)
            count = sum(local_day(one.at, self.zone) == today for one in self._given(ask.to, alerts=True))
            most = self.limits.alerts_a_day
            told = Text(f"сегодня уже {most} напоминаний", f"{most} alerts today already")
            return told if count >= most else None
        count = sum(now - one.at < WEEK for one in self._given(ask.to, alerts=False))
        most = self.limits.a_week
        return Text(f"на этой неделе уже {most} задач", f"{most} tasks of this week already") if count >= most else None

    def _given(self, to: str, *, alerts: bool) -> Iterable[Raised]:
        return (one for one in self.raised if one.head == to and (one.kpi in ALERTS) == alerts)


def _until(task: Raised) -> datetime:
    """Until when somebody had to do with it, as far as is known."""
    return max(task.at, task.closed_at or task.at)


def _lately(days: int) -> Text:
    return Text(
        f"с прошлой задачи об этом прошло меньше {days} дней", f"the last task about this was less than {days} days ago"
    )


def _put_back(days: int) -> Text:
    return Text(
        f"задачу об этом отменили (kpi undo), снова — не раньше чем через {days} дней",
        f"the task about this was put back (kpi undo); not again within {days} days",
    )


def _is_open(task: Raised, now: datetime) -> bool:
    return not task.withdrawn and (task.closed_at is None or task.closed_at > now)
