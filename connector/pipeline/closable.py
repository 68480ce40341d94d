"""May a month be closed, and where not, what is in the way: told as values, in words by whoever is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from connector.errors import BadConfig
from connector.kpi.closing import closable_from
from connector.kpi.frame import data_until
from connector.moment import DAY, Period, WorkCalendar, Zone, day_number, from_ms, local_day, midnight, to_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import unready
from connector.pipeline.official import closing_of
from connector.store import facts
from connector.store.agreed import closings
from connector.store.tables import ClosingRow

Why = Literal["closed", "open", "not_over", "grace", "unread", "short"]
_TEXTS: Mapping[Why, str] = {
    "closed": "{period} is closed already; kpi reopen opens it",
    "open": "{period} is not closed",
    "not_over": "{period} is not over; it can be closed from {day} on",
    "grace": "{period} can be closed from {day} on ({grace} working days); --force closes now",
    "unread": "not read to the end yet: {kinds}; first kpi sync",
    "short": "the data only reaches {day}; first kpi sync",
}


class Unclosable(BadConfig):
    """A month that is not closed or opened as it stands. `day`: from when on it can be, or how far the data reaches;
    `kinds`: what is not read yet.
    """

    def __init__(
        self, why: Why, period: str, *, day: date | None = None, grace: int = 0, kinds: tuple[str, ...] = ()
    ) -> None:
        self.why, self.period, self.day, self.kinds = why, period, day, kinds
        told = _TEXTS[why].format(period=period, day=day, grace=grace, kinds=", ".join(kinds))
        super().__init__([told])


@dataclass(frozen=True, slots=True)
class MonthStands:
    """A month, its closing in force (None: it is open), everything that was done to it, and why it cannot be closed
    now (None: it can, or is closed). `early`: it can only before its days of grace are over.
    """

    period: Period
    closing: ClosingRow | None
    history: tuple[ClosingRow, ...]
    obstacle: Unclosable | None
    early: bool


def months_standing(bench: Workbench, count: int) -> list[MonthStands]:
    """The running month and those before it back to the first of which anything is known, the newest first; and
    whatever else was closed.
    """
    with bench.store.read() as conn:
        rows, first = closings.history(conn, bench.account), facts.first_day(conn, bench.account)
    ground = _ground(bench)
    month, found = Period.month(ground.today), {}
    for _ in range(count):
        found[month.label], month = month, Period.month(month.start - DAY)
        if first is None or day_number(month.end) <= first:
            break
    found |= {row.period: Period.parse(row.period) for row in rows}
    return [_stands(ground, found[label], rows) for label in sorted(found, reverse=True)]


def may_close(bench: Workbench, month: Period, *, force: bool) -> None:
    """Raises Unclosable with what is in the way, and from when on it is not. `force`: before the days of grace end."""
    if closing_of(bench, month) is not None:
        raise Unclosable("closed", month.label)
    if found := _obstacle(_ground(bench), month, force=force):
        raise found


def first_day(bench: Workbench, month: Period) -> date:
    """From when on it is closed, by people or by itself."""
    return closable_from(month, bench.calendar(), bench.settings.rules.close_grace_days)


def until(bench: Workbench) -> int:
    """How far the data reaches, in epoch ms."""
    with bench.store.read() as conn:
        return data_until(conn, bench.account, bench.now())


@dataclass(frozen=True, slots=True)
class _Ground:
    """What months are judged by. `missing`: kinds not read to the end; `reached`: how far the data goes, epoch ms."""

    calendar: WorkCalendar
    zone: Zone
    grace: int
    today: date
    missing: tuple[str, ...]
    reached: int


def _ground(bench: Workbench) -> _Ground:
    """Read once, however many months are asked about."""
    zone = bench.zone()
    return _Ground(
        calendar=bench.calendar(),
        zone=zone,
        grace=bench.settings.rules.close_grace_days,
        today=local_day(from_ms(bench.now()), zone),
        missing=tuple(unready(bench)),
        reached=until(bench),
    )


def _stands(ground: _Ground, month: Period, rows: list[ClosingRow]) -> MonthStands:
    history = tuple(row for row in rows if row.period == month.label)
    closing = history[-1] if history and history[-1].what == "closed" else None
    obstacle = None if closing is not None else _obstacle(ground, month, force=False)
    early = obstacle is not None and obstacle.why == "grace" and _obstacle(ground, month, force=True) is None
    return MonthStands(month, closing, history, obstacle, early)


def _obstacle(ground: _Ground, month: Period, *, force: bool) -> Unclosable | None:
    """Of an open month."""
    first = closable_from(month, ground.calendar, ground.grace)
    if ground.today < month.end:
        return Unclosable("not_over", month.label, day=first)
    if ground.today < first and not force:
        return Unclosable("grace", month.label, day=first, grace=ground.grace)
    if ground.missing:
        return Unclosable("unread", month.label, kinds=ground.missing)
    if ground.reached < to_ms(midnight(month.end if force else first, ground.zone)):
        return Unclosable("short", month.label, day=local_day(from_ms(ground.reached), ground.zone))
    return None
