"""Whose worked days a team's are (K-38, K-04 by day): its sellers', not those of everybody who stands in it.

A storeman, a head or an admin who sells nothing works as many days as a seller; with his days the team would come out
below each of its people. Who is left out is so on both sides, as with plans (rule C9, pitfall D4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from connector.kpi.definition import Credit, Kpi, Measure
from connector.kpi.families.calls import INCOMING, MEETINGS, OUTGOING
from connector.kpi.families.money import WON
from connector.kpi.frame import Frame
from connector.kpi.measure import Cells, measure
from connector.kpi.people import People
from connector.kpi.spans import Parts, users_of


@dataclass(frozen=True, slots=True)
class Sellers:
    """Who counts, by user: `targeted` carries a plan of his own, `acted` sold, called or met, `sold` won something.

    `leads`: heads and admins. `idle`: who may sell though he did not: everybody there who leads nobody.
    """

    targeted: frozenset[str] = frozenset()
    acted: frozenset[str] = frozenset()
    sold: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    idle: frozenset[str] = frozenset()

    def held_to(self, kpi: Kpi, subject: str, members: frozenset[str], cells: Cells, parts: Parts) -> frozenset[str]:
        """Whose facts and days make up a KPI per worked day: a person's own, of a team the parts of its sellers.

        Where nobody sells, whoever may; a team above others has theirs too.
        """
        if not kpi.days or not subject.startswith("team:"):
            return members
        team, busy = subject.removeprefix("team:"), doing(kpi.top, cells)
        found = self._of_team(team, members, busy, parts, frozenset({team}))
        return found or frozenset(one for one in members if parts.user(one) in self.idle) or members

    def _of_team(
        self, team: str, members: frozenset[str], busy: frozenset[str], parts: Parts, above: frozenset[str]
    ) -> frozenset[str]:
        """The parts of those who sell: by the plans of all of it, and in each team under it by its own."""
        planned = not self.targeted.isdisjoint(users_of(parts, members))
        found = frozenset(one for one in members if self._sells(parts.user(one), busy, planned))
        for one in parts.below.get(team, ()):
            if one not in above:
                found |= self._of_team(one, parts.members.get(one, frozenset()), busy, parts, above | {one})
        return found

    def _sells(self, user: str, busy: frozenset[str], planned: bool) -> bool:
        """A head or admin by a plan of his own; where nobody of the team has one, by a win: he may sell best."""
        if user in self.leads:
            return user in self.targeted or (user in self.sold and not planned)
        return user in self.targeted or user in self.acted or user in busy


def acts(kpis: Iterable[Kpi], credit: Credit) -> tuple[Measure, ...]:
    """What must be measured to know who sells, where one of these asks for that: wins, calls and meetings."""
    return (WON.credited(credit), OUTGOING, INCOMING, MEETINGS) if any(kpi.days for kpi in kpis) else ()


def sellers(everyone: People, targeted: frozenset[str], acted: Sequence[Measure], cells: Cells) -> Sellers:
    """From what was counted of these acts in the period, wins first."""
    leads = everyone.leads
    return Sellers(targeted, doing(acted, cells), doing(acted[:1], cells), leads, everyone.there - leads)


def members_of(
    conn: Connection, seen: Frame, kpi: Kpi, subject: str, members: frozenset[str], everyone: People
) -> frozenset[str]:
    """The same as `held_to` for one KPI, with what has to be counted for it."""
    acted = acts([kpi], seen.rules.credit)
    if not acted:
        return members
    cells = measure(conn, seen.look, dict.fromkeys((*acted, *kpi.top)))
    return sellers(everyone, seen.targeted, acted, cells).held_to(kpi, subject, members, cells, everyone.parts)


@dataclass(frozen=True, slots=True)
class Worked:
    """A person's days in a number per worked day."""

    user: str
    name: str
    days: int


def whose_days(everyone: People, parts: Parts, members: Iterable[str], days: Mapping[str, int]) -> tuple[Worked, ...]:
    """Whose days a number is of, by name; nobody where it is of none."""
    found: dict[str, int] = {}
    for one in members:
        if one in days:
            found[parts.user(one)] = found.get(parts.user(one), 0) + days[one]
    told = (Worked(user, everyone.users.get(user, user), count) for user, count in found.items())
    return tuple(sorted(told, key=lambda one: (one.name, one.user)))


def doing(measures: Iterable[Measure], cells: Cells) -> frozenset[str]:
    """People with a fact that one of these counts."""
    return frozenset(user for one in measures for user, cell in cells.get(one, {}).items() if user and cell.n)
