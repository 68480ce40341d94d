"""When a month may be closed, which ones are closed by themselves, and how long each stands. Pure (rule C14)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import zip_longest
from typing import Protocol, TypeVar

from connector.errors import BadConfig
from connector.moment import Period, WorkCalendar


class Event(Protocol):
    """A month was closed or opened again, at a moment in epoch ms."""

    @property
    def period(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def as_of(self) -> int: ...


E = TypeVar("E", bound=Event)


def month_of(period: Period) -> Period:
    """The same, for it is a month. Raises BadConfig for anything else: salaries are paid by the month."""
    if period.months() != (period.label,):
        raise BadConfig([f"{period.label}: only a month is closed, such as 2026-08"])
    return period


def closable_from(month: Period, calendar: WorkCalendar, grace: int) -> date:
    """The first day on which the month may be closed: `grace` whole working days have passed since its end."""
    return calendar.day_after(month.end, grace)


def ended_since(connected: date, today: date) -> list[Period]:
    """The months that ended after the account was connected, the oldest first.

    A first sync of years of history closes none of them: nobody paid salaries by numbers that nobody had seen.
    """
    found, month = [], Period.month(connected)
    while month.end <= today:
        found.append(month)
        month = Period.month(month.end)
    return found


def watches(history: Iterable[E], start: int, end: int) -> list[tuple[E, int, int]]:
    """Each closing with the part (since, until] of (start, end] in which what was learned corrects it (epoch ms).

    `history` by month and in order: a closing is corrected until its month is opened again. So what is learned at one
    moment corrects a month once.
    """
    listed = list(history)
    found = []
    for event, later in zip_longest(listed, listed[1:]):
        until = later.as_of if later is not None and later.period == event.period else end
        since, until = max(start, event.as_of), min(end, until)
        if event.what == "closed" and since < until:
            found.append((event, since, until))
    return found
