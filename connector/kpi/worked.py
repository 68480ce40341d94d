"""How many days each person really worked: the denominator of what is told by worked day (K-38).

Working days of his office's calendar, less the days he was away, from the day he was hired to the day he left; where
nobody told that day, to the one on which he was seen to be switched off in the CRM; who is switched on again was away
in between. A day counts from the moment its office opens, for what is sold on it counts from then on too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.derive.clocks import Clocks
from connector.kpi.clocks import clocks_of
from connector.moment import DAY, Period, Zone, from_ms, local_day
from connector.records import Absence
from connector.store.clock import absences
from connector.store.crm import versions

Employed = Mapping[str, tuple[date, date]]
"""First and last day of employment, both included, of those for whom either is known."""


def worked_days(
    conn: Connection,
    account: int,
    users: Collection[str],
    period: Period,
    *,
    until: datetime,
    rules: Rules,
    zone: Zone,
    as_of: int | None = None,
) -> dict[str, int]:
    """Days worked in the period before `until` by each of `users`; 0 for whoever was away all along.

    `as_of` (epoch ms): by the teams and absences that were known then. Personal zones shift no days (rule C3).
    """
    told, terms = worked_by(conn, account, rules, zone, as_of)
    return {user: days(told, user, period, until, zone, terms) for user in users}


def worked_by(
    conn: Connection, account: int, rules: Rules, zone: Zone, as_of: int | None = None
) -> tuple[Clocks, Employed]:
    """By what worked days are counted: everybody's clock, and from when until when he belonged to the company."""
    off = versions.switched_off(conn, account, as_of)
    plain = rules.model_copy(update={"person_zones": False})
    told = clocks_of(conn, account, plain, zone, as_of=as_of, off=_between(off, zone))
    return told, _ended(conn, account, zone, as_of, off)


def terms_of(conn: Connection, account: int, zone: Zone, as_of: int | None = None) -> Employed:
    """As somebody said; else who is switched off in the CRM had his last day when that was seen."""
    return _ended(conn, account, zone, as_of, versions.switched_off(conn, account, as_of))


def _ended(
    conn: Connection, account: int, zone: Zone, as_of: int | None, off: Mapping[str, Sequence[versions.Off]]
) -> Employed:
    found = dict(employed(one for one, _ in absences.known(conn, account, as_of=as_of)))
    for user, some in off.items():
        hired, last = found.get(user, (date.min, date.max))
        since, until = some[-1]
        if until is None and last == date.max:
            found[user] = (hired, local_day(from_ms(since), zone))
    return found


def _between(off: Mapping[str, Sequence[versions.Off]], zone: Zone) -> Iterator[Absence]:
    """The whole days on which those were away who were switched on again."""
    for user, some in off.items():
        for since, until in some:
            if until is not None:
                first, last = local_day(from_ms(since), zone) + DAY, local_day(from_ms(until), zone) - DAY
                if first <= last:
                    yield Absence.of(user, "other", first, last)


def office_days(
    conn: Connection,
    account: int,
    users: Collection[str],
    period: Period,
    *,
    rules: Rules,
    zone: Zone,
    as_of: int | None = None,
) -> dict[str, int]:
    """Working days of the period in the office of each of `users`, whether he was there or not."""
    plain = rules.model_copy(update={"person_zones": False})
    told, end = clocks_of(conn, account, plain, zone, as_of=as_of, absent=False), period.bounds(zone)[1]
    return {user: days(told, user, period, end, zone, {}) for user in users}


def employed(known: Iterable[Absence]) -> Employed:
    """From when until when people belonged to the company, as far as anybody said; the last word of several counts."""
    found: dict[str, tuple[date, date]] = {}
    for one in known:
        first, last = found.get(one.user_id, (date.min, date.max))
        if one.what == "hired":
            found[one.user_id] = (one.first, last)
        elif one.what == "left":
            found[one.user_id] = (first, one.first)
    return found


def days(clocks: Clocks, user: str, period: Period, until: datetime, zone: Zone, employed: Employed) -> int:
    """One person's worked days of the period before a moment. Pure."""
    hired, last = employed.get(user, (date.min, date.max))
    today = local_day(until, zone)
    first = max(period.start, hired)
    end = period.end if last >= period.end else last + DAY
    whole = min(end, today)
    count = 0
    if first < whole:
        count = sum(office.working_days(start, stop) for start, stop, office in clocks.days(user, first, whole, zone))
    if first <= today < end:
        opens = clocks.of(user, until).opens(today)
        count += opens is not None and opens <= until
    return count
