"""With whom somebody is compared: the nearest team with enough sellers, else everybody. Pure.

Retail and wholesale differ in deals for reasons that are nobody's fault, so a department is its own measure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from connector.advice.diagnosis.factors import PEERS
from connector.records import Team, User


def peers(sellers: Collection[str], users: Mapping[str, User], teams: Mapping[str, Team]) -> dict[str, str | None]:
    """Each seller's team by id, None where no team of his has enough sellers."""
    members = members_of(sellers, users, teams)
    return {
        user: next((team for team in _upwards(users.get(user), teams) if len(members[team]) >= PEERS), None)
        for user in sorted(sellers)
    }


def members_of(
    sellers: Collection[str], users: Mapping[str, User], teams: Mapping[str, Team]
) -> dict[str, frozenset[str]]:
    """The sellers of each team, those of the teams below it included."""
    found: dict[str, set[str]] = {team: set() for team in teams}
    for user in sellers:
        for team in _upwards(users.get(user), teams):
            found[team].add(user)
    return {team: frozenset(some) for team, some in found.items()}


def _upwards(user: User | None, teams: Mapping[str, Team]) -> Iterator[str]:
    """A person's teams, each with those above it, the nearest first."""
    level = sorted(user.team_ids, key=lambda id: (len(id), id)) if user else []
    seen: set[str] = set()
    while level:
        here = [team for team in level if team in teams and team not in seen]
        yield from here
        seen.update(here)
        above = {parent for team in here if (parent := teams[team].parent_id) is not None}
        level = sorted(above, key=lambda id: (len(id), id))
