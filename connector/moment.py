"""Days, periods and working time. Instants are aware UTC; periods are half-open in the account's zone.

Working time is interval arithmetic over a production calendar: a year of it costs microseconds once the year is laid
out. The calendar is that of the library `holidays` (transfers and working Saturdays included) and, for Russia, the days
before holidays that are an hour shorter (Labour Code art. 95; order 588n: a worked day off is as long as the day it
replaces), which the library does not know.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from calendar import isleap
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

Zone = str | tzinfo
DAY = timedelta(days=1)
_FIRST, _LAST = datetime(1990, 1, 2, tzinfo=UTC), datetime(2100, 12, 30, tzinfo=UTC)
_AROUND_NEW_YEAR = frozenset({(12, 30), (12, 31), (1, 1), (1, 2)})
_QUARTER = re.compile(r"\b(\d{4})Q([1-4])\b")


def zone_of(zone: Zone) -> tzinfo:
    """A zone by its IANA name, or itself."""
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def to_ms(at: datetime) -> int:
    """Epoch milliseconds, as the store keeps instants; exact, later parts of a millisecond dropped."""
    past = at - _EPOCH
    return past.days * 86_400_000 + past.seconds * 1000 + past.microseconds // 1000  # dividing takes five times longer


def from_ms(ms: int) -> datetime:
    """The instant, aware UTC."""
    return _EPOCH + timedelta(milliseconds=ms)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def skew(seconds: float) -> str:
    """How far one clock is from another: `+1 s`, `-5 min`, `+3 h 20 min`, `-302 d 4 h`; rounded to what matters."""
    left, parts = round(abs(seconds)), list[str]()
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        count, left = divmod(left, size)
        if parts:
            parts += [f"{count} {unit}"] if count else []
            break
        if count or unit == "s":
            parts.append(f"{count} {unit}")
    return f"{'-' if seconds < 0 else '+'}{' '.join(parts)}"


def local_day(at: datetime, zone: Zone) -> date:
    """The calendar day of an instant in a zone."""
    return at.astimezone(zone_of(zone)).date()


def day_number(day: date) -> int:
    """The day as yyyymmdd, as the store keeps days."""
    return day.year * 10_000 + day.month * 100 + day.day


def midnight(day: date, zone: Zone) -> datetime:
    """The instant at which the day begins in the zone, in UTC."""
    return datetime.combine(day, time(), zone_of(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to, not including, `end`; `label` is how people write it."""

    label: str
    start: date
    end: date

    @classmethod
    def parse(cls, text: str) -> Period:
        """`2026-09`, `2026-Q3`, `2026-W36`, `2026-09-03`, or from one of them to another with both included, such as
        `2026-01-01..2026-02-15`.

        Raises ValueError, saying what is allowed.
        """
        label = _QUARTER.sub(r"\1-Q\2", text.strip().upper())
        first, dots, last = label.partition("..")
        try:
            start, end = _span(first)[0], _span(last if dots else first)[1]
        except (ValueError, OverflowError):
            raise ValueError(
                f"{text!r} is no period: 2026-09 (month), 2026-Q3 (quarter), 2026-W36 (week), 2026-09-03 (day) or"
                " 2026-01-01..2026-02-15"
            ) from None
        if start >= end:
            raise ValueError(f"{text!r}: its end {last} is before its start {first}; turn them round")
        return cls(label, start, end)

    @classmethod
    def month(cls, day: date) -> Period:
        """The month that a day lies in."""
        return cls.parse(f"{day:%Y-%m}")

    def days(self) -> tuple[int, int]:
        """First day and the day after the last as yyyymmdd."""
        return day_number(self.start), day_number(self.end)

    def bounds(self, zone: Zone) -> tuple[datetime, datetime]:
        """The half-open span of instants in UTC."""
        return midnight(self.start, zone), midnight(self.end, zone)

    def months(self) -> tuple[str, ...]:
        """Labels of the whole months it consists of, none where it cuts one."""
        if self.start.day != 1 or self.end.day != 1:
            return ()
        first, last = (day.year * 12 + day.month - 1 for day in (self.start, self.end))
        return tuple(f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last))


def _span(label: str) -> tuple[date, date]:
    """Its first day and the one after its last. Raises ValueError."""
    if re.fullmatch(r"\d{4}-\d\d", label):
        start = date.fromisoformat(f"{label}-01")
        return start, (start + 31 * DAY).replace(day=1)
    if re.fullmatch(r"\d{4}-Q[1-4]", label):
        start = date(int(label[:4]), int(label[6]) * 3 - 2, 1)
        return start, (start + 93 * DAY).replace(day=1)
    if re.fullmatch(r"\d{4}-W\d\d", label):
        start = date.fromisocalendar(int(label[:4]), int(label[6:]), 1)
        return start, start + 7 * DAY
    start = date.fromisoformat(label if len(label) == 10 else "")
    return start, start + DAY


@dataclass(slots=True)
class _Year:
    """Working days of one year: when each opens and closes (epoch seconds), what was worked before it, and in all."""

    days: list[date] = field(default_factory=list)
    opens: list[int] = field(default_factory=list)
    closes: list[int] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    total: int = 0

    def add(self, day: date, opens: int, closes: int) -> None:
        """One more working day, later than all so far."""
        self.days.append(day)
        self.opens.append(opens)
        self.closes.append(closes)
        self.before.append(self.total)
        self.total += closes - opens

    def without(self, away: frozenset[date]) -> _Year:
        """The same without some days."""
        kept = _Year()
        for day, opens, closes in zip(self.days, self.opens, self.closes, strict=True):
            if day not in away:
                kept.add(day, opens, closes)
        return kept

    def worked(self, at: int) -> int:
        """Working seconds of this year before an epoch second."""
        place = bisect_right(self.opens, at) - 1
        return 0 if place < 0 else self.before[place] + min(at, self.closes[place]) - self.opens[place]


class WorkCalendar:
    """When an office works. `hours`: "09:00-18:00"; `working_days`: ISO weekdays; `country`: whose holidays, "" none.

    `days_off` and `working_extra` (YYYY-MM-DD) win over the calendar, the latter over the former. Instants before 1990
    and after 2100, which CRMs hold by mistake, count as these ends. Raises ValueError for hours, days or a country that
    do not exist.
    """

    __slots__ = ("_away", "_country", "_extra", "_off", "_office", "_opening", "_weekdays", "_years", "_zone")

    def __init__(
        self,
        zone: Zone,
        hours: str = "09:00-18:00",
        working_days: Collection[int] = (1, 2, 3, 4, 5),
        country: str | None = "RU",
        days_off: Iterable[str] = (),
        working_extra: Iterable[str] = (),
    ) -> None:
        self._zone = zone_of(zone)
        self._opening = _opening(hours)
        self._weekdays = frozenset(working_days)
        self._country = country or None
        self._off = frozenset(date.fromisoformat(day) for day in days_off)
        self._extra = frozenset(date.fromisoformat(day) for day in working_extra)
        self._away: frozenset[date] = frozenset()
        self._office: WorkCalendar | None = None
        self._years: dict[int, _Year] = {}
        if self._country:
            _holidays(self._country, _FIRST.year)

    def without(self, away: Collection[date]) -> WorkCalendar:
        """The same for somebody who was absent these days, whatever the office did."""
        if not away:
            return self
        own = object.__new__(WorkCalendar)
        own._zone, own._opening, own._weekdays, own._country = self._zone, self._opening, self._weekdays, self._country
        own._off, own._extra, own._away, own._years = self._off, self._extra, self._away | frozenset(away), {}
        own._office = self._office or self
        return own

    @property
    def day_seconds(self) -> int:
        """How long it works on a day that is not shortened."""
        start, end = self._opening
        return (end - start) * 60

    def seconds(self, start: datetime, end: datetime) -> int:
        """Working seconds between two instants, 0 where the second is not later."""
        if end <= start:
            return 0
        (year, before), (last, after) = self._position(start), self._position(end)
        if year == last:
            return after - before
        return after - before + sum(self._year(n).total for n in range(year, last))

    def after(self, start: datetime, seconds: int) -> datetime:
        """The instant at which so many working seconds have passed since `start`: outside hours it is the next opening
        that starts the clock. Without any working time to come it is the end of the calendar.
        """
        year, before = self._position(start)
        wanted = before + max(seconds, 0)
        while year <= _LAST.year:
            laid = self._year(year)
            if wanted < laid.total or (wanted == laid.total and seconds > 0):
                place = (bisect_left if seconds > 0 else bisect_right)(laid.before, wanted) - 1
                reached = datetime.fromtimestamp(laid.opens[place] + wanted - laid.before[place], UTC)
                return min(reached if reached >= start else start.astimezone(UTC), _LAST)
            wanted, year = wanted - laid.total, year + 1
        return _LAST

    def is_working(self, day: date) -> bool:
        """Whether the office opens that day at all."""
        return self.opens(day) is not None

    def opens(self, day: date) -> datetime | None:
        """When it opens that day, in UTC; None on a day off."""
        return self._edge(day, self._year(day.year).opens)

    def closes(self, day: date) -> datetime | None:
        """When it closes that day, in UTC; None on a day off."""
        return self._edge(day, self._year(day.year).closes)

    def working_days(self, first: date, last_exclusive: date) -> int:
        """How many days are worked from `first` up to, not including, `last_exclusive`."""
        count = 0
        for year in range(first.year, last_exclusive.year + 1):
            days = self._year(year).days
            count += max(0, bisect_left(days, last_exclusive) - bisect_left(days, first))
        return count

    def day_after(self, day: date, worked: int) -> date:
        """The first day before which so many whole days from `day` on were worked; a year on where none are."""
        last = day + 366 * DAY
        reached = day
        while reached < last and self.working_days(day, reached) < worked:
            reached += DAY
        return reached

    def _edge(self, day: date, edges: list[int]) -> datetime | None:
        days = self._year(day.year).days
        place = bisect_left(days, day)
        found = place < len(days) and days[place] == day
        return datetime.fromtimestamp(edges[place], UTC) if found else None

    def _position(self, at: datetime) -> tuple[int, int]:
        """The local year and the working seconds of that year before the instant."""
        if not _FIRST <= at <= _LAST:
            at = min(max(at, _FIRST), _LAST)
        edge = (at.month, at.day) in _AROUND_NEW_YEAR  # on other days it is the same year in every zone
        year = at.astimezone(self._zone).year if edge else at.year
        return year, self._year(year).worked(int(at.timestamp()))

    def _year(self, year: int) -> _Year:
        laid = self._years.get(year)
        if laid is None:
            laid = self._years[year] = self._lay_out(year)
        return laid

    def _lay_out(self, year: int) -> _Year:
        if self._office is not None:  # much cheaper than a calendar for everybody
            return self._office._year(year).without(self._away)
        off, worked = _holidays(self._country, year) if self._country else (frozenset(), frozenset())
        laid = _Year()
        for day in (date(year, 1, 1) + n * DAY for n in range(365 + isleap(year))):
            if self._works(day, off, worked):
                start, end = self._opening
                short = 60 if self._country == "RU" and _short(day) and end - start > 60 else 0
                laid.add(day, self._epoch(day, start), self._epoch(day, end - short))
        return laid

    def _works(self, day: date, off: frozenset[date], worked: frozenset[date]) -> bool:
        if day in self._extra:
            return True
        if day in self._off or day in off:
            return False
        return day in worked or day.isoweekday() in self._weekdays

    def _epoch(self, day: date, minutes: int) -> int:
        late, rest = divmod(minutes, 24 * 60)
        return int(datetime.combine(day + late * DAY, time(rest // 60, rest % 60), self._zone).timestamp())


def _opening(hours: str) -> tuple[int, int]:
    """Opening and closing in minutes of the day. Raises ValueError."""
    start, end = (int(text[:-3]) * 60 + int(text[-2:]) for text in hours.split("-"))
    if not 0 <= start < end <= 24 * 60:
        raise ValueError(f"{hours!r}: opening before closing, such as 09:00-18:00")
    return start, end


@cache
def _holidays(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off and worked weekend days of a country's year. The library takes 0.1 s to load: only where needed."""
    import holidays

    try:
        calendar = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        raise ValueError(f"{country!r}: no holidays known; an ISO country code such as RU, KZ or BY") from None
    return frozenset(calendar), frozenset(calendar.weekend_workdays)


_BEFORE_HOLIDAY = frozenset({(2, 22), (3, 7), (4, 30), (5, 8), (6, 11), (11, 3), (12, 31)})
_BY_TRANSFER = frozenset({(2021, 2, 20), (2022, 3, 5), (2024, 11, 2), (2025, 11, 1), (2027, 2, 20)})


def _short(day: date) -> bool:
    """Whether this day, if it is worked in Russia, is an hour shorter."""
    return (day.month, day.day) in _BEFORE_HOLIDAY or (day.year, day.month, day.day) in _BY_TRANSFER
