"""Whose working time runs when: the office of one's team at that moment, in one's own zone if so agreed, without the
days one was away (rule C10). What the configuration and the store know becomes one calendar a person and moment. Pure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connector.config import OfficeSettings, Rules
from connector.moment import DAY, WorkCalendar, Zone, from_ms, local_day, midnight, to_ms
from connector.records import Absence, Team, User

Stay = tuple[str, int, int | None]
"""A team, and from when until when (epoch ms, half-open, None: still) somebody was in it."""
Span = tuple[int, WorkCalendar]
"""From this epoch millisecond on, this calendar."""
_LONGEST = 3660


@dataclass(frozen=True, slots=True)
class Clocks:
    """`usual` is the account's calendar. `spans`: of the people whose time runs otherwise, by user, in order of time.

    `marks` tell such people's whole clock in a few letters: another mark means other working times. `unknown`: teams of
    the configuration that the CRM does not have, in words for a person.
    """

    usual: WorkCalendar
    spans: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def days(self, user: str | None, first: date, end: date, zone: Zone) -> Iterator[tuple[date, date, WorkCalendar]]:
        """Stretches of days, half-open, each with the calendar that its days began with in `zone`."""
        edges = [local_day(from_ms(since - 1), zone) + DAY for since, _ in self.spans.get(user or "", ())[1:]]
        cuts = [first, *sorted({edge for edge in edges if first < edge < end}), end]
        for start, stop in pairwise(cuts):
            yield start, stop, self.of(user, midnight(start, zone))

    def of(self, user: str | None, at: datetime) -> WorkCalendar:
        """The calendar that a person works by at an instant; nobody's, and a stranger's, is the account's."""
        spans = self.spans.get(user) if user is not None else None
        if not spans:
            return self.usual
        return spans[max(0, bisect_right(spans, to_ms(at), key=_since) - 1)][1]


def clocks(
    rules: Rules,
    zone: Zone,
    *,
    users: Mapping[str, User],
    teams: Mapping[str, Team],
    stays: Mapping[str, Sequence[Stay]],
    away: Mapping[str, Collection[date]] | None = None,
) -> Clocks:
    """Everybody's working time. `stays`: dated memberships by user; who has none is in his teams of today all along.

    `away`: the days each person was absent. Raises ValueError as WorkCalendar does.
    """
    away, calendars = away or {}, dict[tuple[int | None, str | None], WorkCalendar]()
    offices, unknown = _placed(rules.office, teams)
    spans: dict[str, Sequence[Span]] = {}
    marks: dict[str, str] = {}

    def calendar(office: int | None, own: str | None) -> WorkCalendar:
        if (office, own) not in calendars:
            calendars[office, own] = _calendar(rules, zone, None if office is None else rules.office[office], own)
        return calendars[office, own]

    for id in sorted({*users, *stays, *away}):
        user, absent = users.get(id), frozenset(away.get(id, ()))
        own = _own_zone(user) if rules.person_zones else None
        known = stays.get(id) or [(team, 0, None) for team in (user.team_ids if user else ())]
        places = _places(known, offices, teams)
        if absent or own is not None or any(office is not None for _, office in places):
            spans[id] = [(since, calendar(office, own).without(absent)) for since, office in places]
            told = [(since, office if office is None else rules.office[office]) for since, office in places]
            marks[id] = repr((told, own, sorted(day.isoformat() for day in absent)))
    return Clocks(calendar(None, None), spans, marks, tuple(unknown))


def days_away(absences: Iterable[Absence]) -> dict[str, set[date]]:
    """The days on which each person was away, whatever for; an absence of decades is cut at ten years."""
    found: dict[str, set[date]] = {}
    for one in absences:
        if one.what not in ("hired", "left"):
            span = min((one.last - one.first).days, _LONGEST)
            found.setdefault(one.user_id, set()).update(one.first + n * DAY for n in range(span + 1))
    return found


def _since(span: Span) -> int:
    return span[0]


def _calendar(rules: Rules, zone: Zone, office: OfficeSettings | None, own: str | None) -> WorkCalendar:
    """An office's calendar; what it does not say is as in the whole account."""
    hours = office.hours if office and office.hours else rules.office_hours
    days = office.working_days if office and office.working_days else rules.working_days
    place = own or (office.zone if office else None) or zone
    return WorkCalendar(place, hours, days, rules.holidays, rules.days_off, rules.working_extra)


def _own_zone(user: User | None) -> str | None:
    """The person's zone, where the CRM tells one that exists."""
    try:
        return ZoneInfo(user.zone).key if user and user.zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _placed(offices: Sequence[OfficeSettings], teams: Mapping[str, Team]) -> tuple[dict[str, int], list[str]]:
    """Which team has which office, by number (of two for one team the first), and the offices of no team."""
    placed: dict[str, int] = {}
    unknown = []
    for number, office in enumerate(offices):
        name = office.team.strip().casefold()
        ids = [id for id, team in teams.items() if name in (id.casefold(), team.name.strip().casefold())]
        for id in ids:
            placed.setdefault(id, number)
        if not ids:
            unknown.append(f"rules.office: {office.team!r} is no team")
    return placed, unknown


def _places(
    stays: Iterable[Stay], offices: Mapping[str, int], teams: Mapping[str, Team]
) -> list[tuple[int, int | None]]:
    """Since when by which office, None the account's; the first entry holds for all time before the second."""
    known = [(_office(team, offices, teams), since, until) for team, since, until in stays]
    found: list[tuple[int, int | None]] = []
    for moment in sorted({0} | {edge for _, since, until in known for edge in (since, until) if edge is not None}):
        there = [office for office, since, until in known if since <= moment and (until is None or moment < until)]
        now = min((office for office in there if office is not None), default=None)
        if not found or found[-1][1] != now:
            found.append((moment, now))
    return found


def _office(team: str, offices: Mapping[str, int], teams: Mapping[str, Team]) -> int | None:
    """The office of a team: its own, else that of the nearest team above it."""
    seen: set[str] = set()
    above: str | None = team
    while above is not None and above not in seen:
        if above in offices:
            return offices[above]
        seen.add(above)
        above = teams[above].parent_id if above in teams else None
    return None
