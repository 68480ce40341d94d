"""show: calls and meetings of everybody, day by day. Read from the store alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from connector.moment import DAY, Period, day_number
from connector.pipeline.bench import Workbench
from connector.store import activity as store

WEEKS = 13
"""Before the end of the period: a quarter shows a habit, a month does not."""
Counts = Mapping[str, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Activity:
    """The days from a Monday on, the last one included: none of the future. Counts by user and day (yyyymmdd)."""

    days: tuple[date, ...]
    calls: Counts
    meetings: Counts

    def of(self, users: Iterable[str]) -> list[tuple[date, int, int]]:
        """Each day with the calls and meetings of these people together."""
        some = list(users)
        return [(day, _sum(self.calls, some, day), _sum(self.meetings, some, day)) for day in self.days]


def activity_of(bench: Workbench, period: Period) -> Activity:
    """Of everybody, in the weeks up to the end of a period or up to today."""
    end = min(period.end, bench.today() + DAY)
    last = end - DAY
    first = last - DAY * (last.weekday() + 7 * (WEEKS - 1))
    with bench.store.read() as conn:
        calls, meetings = (
            store.by_day(conn, bench.account, kinds, day_number(first), day_number(end))
            for kinds in (store.CALLS, store.MEETINGS)
        )
    return Activity(tuple(first + DAY * n for n in range((end - first).days)), calls, meetings)


def _sum(counts: Counts, users: Iterable[str], day: date) -> int:
    return sum(counts.get(user, {}).get(day_number(day), 0) for user in users)
