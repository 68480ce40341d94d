"""When each account's turns are due, how urgent one is, and when one that failed comes again. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from connector.config import AccountSettings
from connector.errors import Busy, KpiError, NeedsPerson
from connector.moment import from_ms, to_ms
from connector.store.tables.work import TurnRow

ON_TIME = 0.2
"""A cycle that begins within this part of its interval after it was due is on time."""
SLOW = 20.0
"""Seconds from which on a turn is slow, and the account's next one waits where it keeps no quick one."""
LONGEST = 120.0
"""Seconds after which a turn ends with the page in hand and goes on later, when others had theirs."""
PATIENCE = 900_000
"""Milliseconds for which an account is left alone that needs a person, surprised us, or killed its workers."""
REST = 3_600_000
"""The longest rest of an account that cannot be reached."""
WHOLE = frozenset({"sweep", "daily", "weekly"})
"""Turns that cannot go on where they stopped: they take as long as they take, in the lane of the slow."""

_GOLDEN = 0.6180339887498949
_SINCE = 1_577_836_800
"""2020 in epoch seconds: priorities are 32 bits wide."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a turn ended: cut off by its time or by SIGTERM, with an error, or well."""

    seconds: float
    cut: bool = False
    error: KpiError | None = None
    surprise: bool = False
    """The error is a fault in our own code."""


def sorts(settings: AccountSettings) -> Iterator[str]:
    """The turns that an account has."""
    yield from ("cycle", "hooks", "sweep")
    if settings.digest is not None:
        yield from (f"{kind}" for kind in ("daily", "weekly") if getattr(settings.digest, f"{kind}_at") is not None)


def next_due(what: str, settings: AccountSettings, zone: ZoneInfo, account: int, now: int) -> int:
    """The next moment after `now` (epoch ms): a cycle's slot, or the time of day that the configuration names."""
    if what == "cycle":
        return slot_after(now, settings.every * 1000, account)
    if what == "hooks":
        return now  # at once, whenever any wait
    told, days = settings.digest, "*"
    at = settings.sweep_at
    if told is not None and what in ("daily", "weekly"):
        at = (told.daily_at if what == "daily" else told.weekly_at) or at
        days = "*" if what == "daily" else str(told.weekly_on - 1)
    hour, minute = at.split(":")
    fires = CronTrigger(day_of_week=days, hour=int(hour), minute=int(minute), timezone=zone)
    return to_ms(fires.get_next_fire_time(None, from_ms(now) + timedelta(milliseconds=1)))


def slot_after(now: int, every: int, account: int) -> int:
    """The account's own place in the interval: steps of the golden section lay any number of accounts out evenly.

    Were all due at one moment, the last of three hundred would be late by the time that all of them take.
    """
    place = int(every * (account * _GOLDEN % 1))
    return now - (now - place) % every + every


def urgency(what: str, due_at: int, every: int) -> int:
    """The earlier the moment from which on it is late, the higher: whoever is most overdue is taken first."""
    late = due_at + (0 if what == "hooks" else round(every * 1000 * ON_TIME))
    return _SINCE - late // 1000


def lane(row: TurnRow) -> str:
    """Where it waits: quick turns never stand behind slow ones."""
    return "slow" if row.slow or row.what in WHOLE else "quick"


def followed(row: TurnRow, result: Result, every: int, now: int) -> TurnRow:
    """The row after its turn: when it is due again, and in which lane."""
    failed = result.error is not None and not isinstance(result.error, Busy)
    failures = row.failures + 1 if failed else 0
    return TurnRow(
        account=row.account,
        what=row.what,
        due_at=_due(row, result, failures, every, now),
        began_at=now - round(result.seconds * 1000),
        ended_at=now,
        failures=failures,
        slow=result.seconds >= SLOW,
        error=str(result.error) if failed else None,
    )


def _due(row: TurnRow, result: Result, failures: int, every: int, now: int) -> int:
    error = result.error
    if isinstance(error, Busy):  # whoever holds it may be dead: his lease says until when to wait
        return row.due_at if error.retry_at is None else min(row.due_at, to_ms(error.retry_at))
    if error is not None:
        asked = 0 if error.retry_at is None else to_ms(error.retry_at)
        return max(row.due_at, asked, now + _rest(result, failures, every))
    return now if result.cut else row.due_at


def _rest(result: Result, failures: int, every: int) -> int:
    """Milliseconds: a person's time where one is needed; else nothing once, then twice as long at each failure."""
    if result.surprise or isinstance(result.error, NeedsPerson):
        return PATIENCE
    longest = max(REST, every * 1000)
    doubled = min(every * 1000 * 2 ** min(failures - 1, 10), longest)
    return doubled if failures > 1 else 0
