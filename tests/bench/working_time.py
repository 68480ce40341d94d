"""What working time costs: an interval of a year and of a minute, and the worked days of two hundred people."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from connector.config import Rules
from connector.derive.clocks import clocks
from connector.kpi.worked import days
from connector.moment import DAY, Period, WorkCalendar

PEOPLE = [str(n) for n in range(200)]


def main() -> None:
    """Print a table."""
    office, start = WorkCalendar("Europe/Moscow"), datetime(2025, 1, 10, tzinfo=UTC)
    away = {user: [date(2025, 7, 1) + n * DAY for n in range(14)] for user in PEOPLE}
    told = clocks(Rules(), "Europe/Moscow", users={}, teams={}, stays={}, away=away)
    year, now = Period.parse("2025-01-01..2025-12-31"), datetime(2026, 1, 10, tzinfo=UTC)
    rows = {
        "working seconds over a year": lambda: office.seconds(start, start + timedelta(days=350)),
        "working seconds over a minute": lambda: office.seconds(start, start + timedelta(minutes=1)),
        "deadline fifteen working minutes ahead": lambda: office.after(start, 900),
        "laying out a year": lambda: WorkCalendar("Europe/Moscow").working_days(date(2025, 1, 1), date(2026, 1, 1)),
        "worked days of 200 people over a year": lambda: [
            days(told, user, year, now, "Europe/Moscow", {}) for user in PEOPLE
        ],
    }
    for what, part in rows.items():
        print(f"{what:<42} {1e6 * each(part):>10.1f} µs")


def each(part: Callable[[], object]) -> float:
    """Seconds a call, the best of five rounds."""
    part()
    best = float("inf")
    for _ in range(5):
        count, began = 0, time.perf_counter()
        while time.perf_counter() - began < 0.1:
            part()
            count += 1
        best = min(best, (time.perf_counter() - began) / count)
    return best


if __name__ == "__main__":
    main()
