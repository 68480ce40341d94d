"""Teams dated by day: a fact belongs to the team its person was in on the fact's day (pitfall D11). Pure.

Whoever changed teams within a period is taken apart there: each stretch of days with the same teams is a *part* of him
with a name of its own. A person's numbers are those of all his days, a team's those of the parts that were in it. Where
nobody moved a part is a person, and nothing costs more than before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise

from connector.moment import DAY, Period, Zone, day_number, from_ms, local_day
from connector.records import Team

Stay = tuple[str, int, int | None]
"""A team, and from when until when (epoch ms, half-open; None: still) somebody was in it."""
Working = Callable[[date, date], int]
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Part:
    """A person on some days of the period, half-open."""

    name: str
    user: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Parts:
    """`of`: the parts of whoever changed teams within the period, by user, in order of time, together the whole of it.

    `members`: the parts in each team on their days, those in the teams under it included; of a person who did not move
    the part is his id; the company's where no team is over all. `weight`: working days of each part, by which a plan is
    shared. `below`: the teams directly under each team.
    """

    of: Mapping[str, Sequence[Part]] = field(default_factory=dict)
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    weight: Mapping[str, int] = field(default_factory=dict)
    below: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def stretches(self) -> list[tuple[date, date]]:
        """The period cut wherever somebody moved, none where nobody did."""
        edges = sorted({edge for some in self.of.values() for part in some for edge in (part.start, part.end)})
        return list(pairwise(edges))

    def user(self, name: str) -> str:
        """Whose part it is."""
        return name.partition(_SEAM)[0]

    def name(self, user: str | None, day: int) -> str | None:
        """The part that a fact of this person belongs to by its day (yyyymmdd); what stands belongs to the last one."""
        parts = self.of.get(user) if user is not None else None
        if not parts:
            return user
        return parts[max(0, bisect_right(parts, day, key=_first) - 1)].name

    def share(self, plan: Decimal, name: str) -> Decimal:
        """A part's share of a person's plan, by working days (without any by calendar days); shares add up to it."""
        parts = self.of.get(self.user(name))
        if not parts or _SEAM not in name:
            return plan
        days = [self.weight.get(part.name, 0) for part in parts]
        if not any(days):
            days = [(part.end - part.start).days for part in parts]
        place, total = [part.name for part in parts].index(name), sum(days)
        until, before = (_cents(plan * sum(days[:n]) / total) for n in (place + 1, place))
        return until - before


NOBODY_MOVED = Parts()
COMPANY = "company"
"""Stands over all teams where the CRM has none that does: amoCRM's groups have no root. No id of any CRM."""
_SEAM = "\x1f"
"""In no id of any CRM."""


def parts(
    period: Period,
    zone: Zone,
    *,
    stays: Mapping[str, Sequence[Stay]],
    teams: Mapping[str, Team],
    until: date | None = None,
    working: Working | None = None,
) -> Parts:
    """Who was where on which day. A day belongs to the teams that its person was in when it began.

    `stays` of everybody, those of people with no dated membership with since 0. `until`: the first day that has not
    come; the teams of the day before it hold for the rest of the period. `working`: how many days are worked from one
    day up to another, asked only where somebody moved.
    """
    above = {id: _line(id, teams) for id in teams}
    members: dict[str, set[str]] = {}
    of: dict[str, Sequence[Part]] = {}
    for user, known in stays.items():
        stretches = _stretches(known, period, zone, until)
        moved = len(stretches) > 1
        names = [f"{user}{_SEAM}{day_number(start)}" if moved else user for start, _, _ in stretches]
        if moved:
            of[user] = [Part(name, user, start, end) for name, (start, end, _) in zip(names, stretches, strict=True)]
        for name, (_, _, there) in zip(names, stretches, strict=True):
            for team in {one for direct in there for one in above.get(direct, (direct,))}:
                members.setdefault(team, set()).add(name)
    found = {team: frozenset(some) for team, some in members.items()}
    weight = {part.name: working(part.start, part.end) for some in of.values() for part in some} if working else {}
    within = {id: found.get(id, frozenset()) for id in {*teams, *found}}
    return _under_one(Parts(of, within, weight, _below(teams)), teams)


def _under_one(found: Parts, teams: Mapping[str, Team]) -> Parts:
    """With the company over all teams, where more than one with anybody in it is under no other."""
    tops = sorted(id for id, team in teams.items() if team.parent_id not in teams and found.members[id])
    if len(tops) < 2:
        return found
    everybody = frozenset[str]().union(*found.members.values())
    return replace(found, members={**found.members, COMPANY: everybody}, below={**found.below, COMPANY: tops})


def _below(teams: Mapping[str, Team]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for id, team in sorted(teams.items()):
        if team.parent_id is not None:
            found.setdefault(team.parent_id, []).append(id)
    return found


def _first(part: Part) -> int:
    return day_number(part.start)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_EVEN)


def _stretches(
    known: Sequence[Stay], period: Period, zone: Zone, until: date | None
) -> list[tuple[date, date, frozenset[str]]]:
    """Runs of days with the same teams, together the period."""
    dated = [(team, _begins(since, zone), None if left is None else _begins(left, zone)) for team, since, left in known]
    end = period.end if until is None else max(period.start + DAY, min(period.end, until))
    edges = {edge for _, since, left in dated for edge in (since, left) if edge is not None}
    cuts = [period.start, *sorted(edge for edge in edges if period.start < edge < end), end]
    found: list[tuple[date, date, frozenset[str]]] = []
    for start, stop in pairwise(cuts):
        there = frozenset(team for team, since, left in dated if since <= start and (left is None or start < left))
        if found and found[-1][2] == there:
            start = found.pop()[0]
        found.append((start, stop, there))
    start, _, there = found.pop()
    return [*found, (start, period.end, there)]


def _begins(ms: int, zone: Zone) -> date:
    """The first day that begins at or after a moment."""
    return date.min if ms <= 0 else local_day(from_ms(ms - 1), zone) + DAY


def _line(team: str, teams: Mapping[str, Team]) -> Collection[str]:
    """A team and all that it is under."""
    seen: list[str] = []
    above: str | None = team
    while above is not None and above not in seen:
        seen.append(above)
        above = teams[above].parent_id if above in teams else None
    return seen


def users_of(parts: Parts, names: Iterable[str]) -> frozenset[str]:
    """The people behind these parts."""
    return frozenset(parts.user(name) for name in names)
