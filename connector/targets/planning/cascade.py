"""Company -> teams -> people: each plan beside the sum of its parts, and by how much they miss one another. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from connector.kpi.people import People
from connector.records import Team

COMPANY = "account"


@dataclass(frozen=True, slots=True)
class Node:
    """A subject's own plan, None where none was agreed on, and its parts. A person's share of a month in a team counts
    there for the days he was in it.
    """

    subject: str
    name: str
    own: Decimal | None
    parts: tuple[Node, ...] = ()

    @property
    def summed(self) -> Decimal | None:
        """Of the parts' plans; None where no part has any."""
        known = [one.value for one in self.parts if one.value is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def value(self) -> Decimal | None:
        """What it contributes above: its own plan, else what its parts add up to."""
        return self.own if self.own is not None else self.summed

    @property
    def mismatch(self) -> Decimal | None:
        """Parts less whole: below 0 they do not make the plan. None where there is nothing to compare."""
        if self.own is None or self.summed is None:
            return None
        return self.summed - self.own

    def nodes(self) -> Iterator[Node]:
        """It and everything below, from the top."""
        yield self
        for one in self.parts:
            yield from one.nodes()


def cascade(
    agreed: Mapping[str, Decimal], everyone: People, teams: Mapping[str, Team], *, company: str = "company"
) -> Node:
    """One KPI's tree; `agreed`: the plans in force by subject. People without a plan are in it, with None.

    People are under their own team, teams under theirs; who is in no team is directly under the company.
    """
    placed: set[str] = set()
    tops = [id for id, team in teams.items() if team.parent_id not in teams]
    nodes = [_team(id, agreed, everyone, teams, placed, ()) for id in _by_name(tops, everyone.teams)]
    alone = [user for user in _by_name(everyone.active, everyone.users) if user not in placed]
    loose = [Node(f"user:{user}", everyone.users.get(user, user), agreed.get(f"user:{user}")) for user in alone]
    return Node(
        COMPANY, company, agreed.get(COMPANY), (*(one for one in nodes if one.parts or one.own is not None), *loose)
    )


def _team(
    id: str,
    agreed: Mapping[str, Decimal],
    everyone: People,
    teams: Mapping[str, Team],
    placed: set[str],
    above: tuple[str, ...],
) -> Node:
    below = [one for one, team in teams.items() if team.parent_id == id and one not in (*above, id)]
    groups = [_team(one, agreed, everyone, teams, placed, (*above, id)) for one in _by_name(below, everyone.teams)]
    theirs = {name for one in below for name in everyone.parts.members.get(one, ())}
    direct = [name for name in everyone.parts.members.get(id, ()) if name not in theirs]
    placed |= {everyone.parts.user(name) for name in (*theirs, *direct)}
    people = []
    for name in direct:
        user = everyone.parts.user(name)
        plan = agreed.get(f"user:{user}")
        if plan is not None or user in everyone.active:
            share = None if plan is None else everyone.parts.share(plan, name)
            people.append(Node(f"user:{user}", everyone.users.get(user, user), share))
    people.sort(key=lambda one: (one.name, one.subject))
    kept = [one for one in groups if one.parts or one.own is not None]
    return Node(f"team:{id}", everyone.teams.get(id, id), agreed.get(f"team:{id}"), (*kept, *people))


def _by_name(ids: Iterable[str], names: Mapping[str, str]) -> list[str]:
    return sorted(ids, key=lambda id: (names.get(id, id), id))
