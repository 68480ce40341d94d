"""Who a report is about: the account's people, and the teams they were in during the period."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.engine import Connection

from connector.errors import BadConfig
from connector.moment import Period, Zone, to_ms
from connector.records import Record, Team, User
from connector.store import memberships, records, versions

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class People:
    """Names by id, who is active, and the members of each team, those of the teams under it included."""

    users: Mapping[str, str]
    active: frozenset[str]
    teams: Mapping[str, str]
    members: Mapping[str, frozenset[str]]

    def shown(self, with_facts: Iterable[str | None]) -> list[str]:
        """Everyone active or with facts, by name."""
        ids = self.active | {user for user in with_facts if user is not None}
        return sorted(ids, key=lambda user: (self.users.get(user, user), user))

    def team(self, name: str) -> str:
        """A team's id by name or id. Raises BadConfig, with those there are."""
        found = [id for id, title in self.teams.items() if name.casefold() in (id.casefold(), title.casefold())]
        if len(found) != 1:
            have = ", ".join(f"{title} ({id})" for id, title in sorted(self.teams.items())) or "none"
            what = "is no team" if not found else "names several teams, give the id"
            raise BadConfig([f"team: {name!r} {what}; there are: {have}"])
        return found[0]


def people(conn: Connection, account: int, period: Period, zone: Zone, *, now: int, as_of: int | None = None) -> People:
    """Everyone as of the period; who left a team within it still belongs to the one he was in (rule C16).

    `as_of` (epoch ms): by the names and teams known then; who was not known then is nobody.
    """
    users, teams = _known(conn, account, User, as_of), _known(conn, account, Team, as_of)
    start, end = (to_ms(at) for at in period.bounds(zone))
    of_user = memberships.teams_of(conn, account, start) | memberships.teams_of(conn, account, min(end - 1, now))
    for id, user in users.items():
        of_user.setdefault(id, set(user.team_ids))
    direct: dict[str, set[str]] = {}
    for id, several in of_user.items():
        for team in several if as_of is None or id in users else ():
            direct.setdefault(team, set()).add(id)
    return People(
        users={id: user.name for id, user in users.items()},
        active=frozenset(id for id, user in users.items() if user.active),
        teams={id: team.name for id, team in teams.items()},
        members={id: _below(id, teams.values(), direct) for id in teams},
    )


def _known(conn: Connection, account: int, kind: type[R], as_of: int | None) -> dict[str, R]:
    return records.directory(conn, account, kind) if as_of is None else versions.directory(conn, account, kind, as_of)


def _below(top: str, teams: Collection[Team], direct: Mapping[str, set[str]]) -> frozenset[str]:
    """Members of a team and of all teams under it."""
    found, waiting = {top}, [top]
    while waiting:
        parent = waiting.pop()
        children = [team.id for team in teams if team.parent_id == parent and team.id not in found]
        found.update(children)
        waiting += children
    return frozenset(user for team in found for user in direct.get(team, ()))
