"""Whose set is which: the configuration's sets with names replaced by ids. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from connector.config import KpiSetSettings
from connector.records import Team, User

MOST = 5
"""KPIs a person can keep in mind (people.md U8)."""


@dataclass(frozen=True, slots=True)
class KpiSet:
    """`weights`: by key, in the order of the configuration, shares of their sum. `place`: its number there, from 0.

    `unknown`: names of the configuration that are nobody's, or of several.
    """

    place: int
    name: str
    goal: str
    weights: Mapping[str, float]
    cap: float = 1.2
    everyone: bool = False
    users: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = field(default=())


def sets_of(
    settings: Sequence[KpiSetSettings], users: Mapping[str, User], teams: Mapping[str, Team]
) -> tuple[KpiSet, ...]:
    """The sets of the configuration, in its order."""
    found = []
    for place, one in enumerate(settings):
        (people, strangers), (groups, unknown) = _ids(one.users, users), _ids(one.teams, teams)
        found.append(
            KpiSet(
                place, one.name, one.goal, dict(one.kpis), one.cap, one.everyone,
                frozenset(people), frozenset(groups), (*strangers, *unknown),
            )
        )  # fmt: skip
    return tuple(found)


def sets_for(sets: Sequence[KpiSet], user: str, lines: Sequence[Collection[str]]) -> list[KpiSet]:
    """The sets meant for a person at the nearest level that has any: himself, his teams, the teams above, everybody.

    `lines`: his teams, then those above them, level by level. More than one is a contradiction; the first one counts.
    """
    found = [one for one in sets if user in one.users]
    for level in lines:
        found = found or [one for one in sets if one.teams.intersection(level)]
    return found or [one for one in sets if one.everyone]


def lines_above(direct: Collection[str], teams: Mapping[str, Team]) -> list[set[str]]:
    """A person's teams, then those they are under, level by level, each team once."""
    level, seen, found = set(direct), set[str](), list[set[str]]()
    while level:
        found.append(level)
        seen |= level
        above = {parent for one in level if one in teams and (parent := teams[one].parent_id) is not None}
        level = above - seen
    return found


def _ids(names: Sequence[str], there: Mapping[str, User] | Mapping[str, Team]) -> tuple[list[str], list[str]]:
    """Before the first sync names are taken as ids."""
    found, unknown = [], []
    for name in names:
        ids = [id for id, one in there.items() if name.casefold() in (id.casefold(), one.name.casefold())]
        if there and len(ids) != 1:
            unknown.append(name)
        else:
            found.append(ids[0] if ids else name)
    return found, unknown
