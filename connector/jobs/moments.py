"""The moments of the day that an account's configuration names: its nightly sweep and its letters."""

from __future__ import annotations

from datetime import tzinfo

from apscheduler.triggers.cron import CronTrigger

from connector.config import AccountSettings


def moments(settings: AccountSettings, zone: tzinfo) -> dict[str, CronTrigger]:
    """By the sort of turn: sweep, and of daily and weekly those that are configured; in the account's zone."""
    found = {"sweep": _at(settings.sweep_at, "*", zone)}
    told = settings.digest
    if told is not None and told.daily_at is not None:
        found["daily"] = _at(told.daily_at, "*", zone)
    if told is not None and told.weekly_at is not None:
        found["weekly"] = _at(told.weekly_at, str(told.weekly_on - 1), zone)
    return found


def _at(clock: str, days: str, zone: tzinfo) -> CronTrigger:
    hour, minute = clock.split(":")
    return CronTrigger(day_of_week=days, hour=int(hour), minute=int(minute), timezone=zone)
