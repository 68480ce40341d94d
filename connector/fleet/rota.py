"""When each account's turns are due, how urgent one is, and when one that failed comes again. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from connector.config import AccountSettings
from connector.errors import Brake, Busy, KpiError, NeedsPerson
from connector.jobs.moments import moments
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
NIGHT = 3_600_000
"""Milliseconds after the configured moment over which the sweeps of all accounts are spread."""
WHOLE = frozenset({"sweep", "daily", "weekly"})
"""Turns that cannot go on where they stopped: they take as long as they take, in the lane of the slow."""

_GOLDEN = 0.6180339887498949
_SINCE = 1_577_836_800
"""2020 in epoch seconds: priorities are 32 bits wide."""
_BEHIND = 2**26
"""Seconds, two years: so much less urgent is what waits in the slow lane."""


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
    yield from ("cycle", "hooks", *moments(settings, UTC))


def next_due(what: str, settings: AccountSettings, zone: ZoneInfo, account: int, now: int) -> int:
    """The next moment after `now` (epoch ms): a cycle's slot, or the time of day that the configuration names.

    Each account's sweep has its place in the hour from then on: the lane of the slow takes them one by one.
    """
    if what == "cycle":
        return slot_after(now, settings.every * 1000, account)
    if what == "hooks":
        return now  # at once, whenever any wait
    later = _place(NIGHT, account) if what == "sweep" else 0
    after = from_ms(now - later) + timedelta(milliseconds=1)
    return to_ms(moments(settings, zone)[what].get_next_fire_time(None, after)) + later


def slot_after(now: int, every: int, account: int) -> int:
    """The account's own place in the interval: steps of the golden section lay any number of accounts out evenly.

    Were all due at one moment, the last of three hundred would be late by the time that all of them take.
    """
    place = _place(every, account)
    return now - (now - place) % every + every


def _place(span: int, account: int) -> int:
    return int(span * (account * _GOLDEN % 1))


def urgency(row: TurnRow, every: int, now: int) -> int:
    """The earlier the moment from which on it is late, the higher: whoever is most overdue is taken first.

    Hooks are late from now on: no moment is kept of theirs. The slow lane is behind, as a job that waits keeps every
    less urgent one of its account waiting, in whatever lane: no quick turn may stand behind its account's slow one.
    """
    late = now if row.what == "hooks" else row.due_at + round(every * 1000 * ON_TIME)
    return _SINCE - late // 1000 - (_BEHIND if lane(row) == "slow" else 0)


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
        if isinstance(error, Brake):  # looking again would list every id again, for the same question
            asked = max(asked, row.due_at)
        return max(asked, now + _rest(result, failures, every))
    return now if result.cut else row.due_at


def _rest(result: Result, failures: int, every: int) -> int:
    """Milliseconds: a person's time where one is needed; else an interval, and twice as long at each failure."""
    if result.surprise or isinstance(result.error, NeedsPerson):
        return PATIENCE
    doubled: int = every * 1000 * 2 ** min(failures - 1, 10)
    return min(doubled, REST)
