"""The moments of the day that an account's configuration names: its nightly sweep and its letters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from apscheduler.triggers.base import BaseTrigger

from connector.config import AccountSettings

EVERY_DAY = frozenset(range(7))
_AHEAD = 15
"""Days to look through: a week, another one for a day that a zone left out, and where it begins."""


class Daily(BaseTrigger):  # type: ignore[misc]
    """Once on each local day at this time of its clock, whatever a zone's changes do to it.

    A time that the spring leaves out is the one an hour later; of one that the autumn repeats it is the first.
    APScheduler's own cron misses the day after such a night, or takes two turns in one.
    """

    __slots__ = ("at", "days", "zone")

    def __init__(self, at: time, zone: tzinfo, days: frozenset[int] = EVERY_DAY) -> None:
        self.at, self.zone, self.days = at, zone, days

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The first moment after the one before, or, at the beginning, from now on; UTC."""
        if previous_fire_time is None:
            return next(one for one in self._moments(now) if one >= now)
        return next(one for one in self._moments(previous_fire_time) if one > previous_fire_time)

    def _moments(self, since: datetime) -> Iterator[datetime]:
        first = since.astimezone(self.zone).date() - timedelta(days=1)
        for n in range(_AHEAD):
            day = first + timedelta(days=n)
            if day.weekday() in self.days and (moment := self._on(day)) is not None:
                yield moment

    def _on(self, day: date) -> datetime | None:
        """None on a day that this zone has left out."""
        moment = datetime.combine(day, self.at, self.zone).astimezone(UTC)
        return moment if moment.astimezone(self.zone).date() == day else None


def moments(settings: AccountSettings, zone: tzinfo) -> dict[str, Daily]:
    """By the sort of turn: sweep, and of daily and weekly those that are configured; in the account's zone."""
    found = {"sweep": Daily(time.fromisoformat(settings.sweep_at), zone)}
    told = settings.digest
    if told is not None and told.daily_at is not None:
        found["daily"] = Daily(time.fromisoformat(told.daily_at), zone)
    if told is not None and told.weekly_at is not None:
        found["weekly"] = Daily(time.fromisoformat(told.weekly_at), zone, frozenset({told.weekly_on - 1}))
    return found
