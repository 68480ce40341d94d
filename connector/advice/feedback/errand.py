"""What every task of ours has: a marker, a day by which the talk is due, a day of measuring again. Pure."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from connector.moment import DAY, WorkCalendar, Zone, local_day

DUE_DAYS = 3
"""Working days until the talk is due."""


def marker(key: str) -> str:
    """Ends the text of the task with this key: by it a lost answer is looked up, and people name the task."""
    return f"[kpi#{hashlib.sha256(key.encode()).hexdigest()[:8]}]"


def due(now: datetime, calendar: WorkCalendar, zone: Zone, days: int = DUE_DAYS) -> datetime:
    """The end of office hours, some working days from now; where nobody ever works, that many days."""
    closes = calendar.closes(working_day(local_day(now, zone), days, calendar))
    return closes or now + timedelta(days=days)


def again(now: datetime, calendar: WorkCalendar, zone: Zone, after: timedelta) -> date:
    """When the KPI is measured again if the talk takes place on its last day."""
    return working_day(local_day(now, zone), DUE_DAYS, calendar) + after + DAY


def working_day(today: date, count: int, calendar: WorkCalendar) -> date:
    """So many working days after today; within sixty days, where few are worked."""
    at = today
    for _ in range(60):
        at += DAY
        count -= calendar.is_working(at)
        if count == 0:
            break
    return at
