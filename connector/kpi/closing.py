"""When a month may be closed, and which ones are closed by themselves. Pure (rule C14)."""

from __future__ import annotations

from datetime import date

from connector.errors import BadConfig
from connector.moment import DAY, Period, WorkCalendar

_LONGEST = 366
"""Days after which a month may be closed even where the calendar knows no working days."""


def month_of(period: Period) -> Period:
    """The same, for it is a month. Raises BadConfig for anything else: salaries are paid by the month."""
    if period.months() != (period.label,):
        raise BadConfig([f"{period.label}: only a month is closed, such as 2026-08"])
    return period


def closable_from(month: Period, calendar: WorkCalendar, grace: int) -> date:
    """The first day on which the month may be closed: `grace` whole working days have passed since its end."""
    day = month.end
    while calendar.working_days(month.end, day) < grace and (day - month.end).days < _LONGEST:
        day += DAY
    return day


def ended_since(connected: date, today: date) -> list[Period]:
    """The months that ended after the account was connected, the oldest first.

    A first sync of years of history closes none of them: nobody paid salaries by numbers that nobody had seen.
    """
    found, month = [], Period.month(connected)
    while month.end <= today:
        found.append(month)
        month = Period.month(month.end)
    return found
