"""Who may see what: one pure table for pages, charts, exports and the API alike.

A manager sees himself, a head whoever was in his teams during the period, an admin of the CRM everybody; private
feedback is for the two whom it concerns. What somebody may not see does not exist for him: 404, never 403.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from connector.kpi.spans import COMPANY
from connector.records import Team, User

Role = Literal["manager", "head", "admin"]


@dataclass(frozen=True, slots=True)
class Access:
    """What one person of an account may see of a period."""

    user: str
    name: str
    role: Role
    people: frozenset[str]
    """Whose numbers."""
    teams: frozenset[str]
    led: frozenset[str]
    """Whom he leads: their private feedback is his, not the admin's."""

    def person(self, id: str) -> bool:
        """Whether this person's numbers are his to see."""
        return id in self.people

    def team(self, id: str) -> bool:
        """Whether this team's numbers are."""
        return id in self.teams

    def subject(self, subject: str) -> bool:
        """The same for `user:501`, `team:700` and `account`."""
        kind, _, id = subject.partition(":")
        if kind == "account":
            return self.company
        return self.person(id) if kind == "user" else kind == "team" and self.team(id)

    def feedback(self, id: str) -> bool:
        """Whether he reads what was said privately to this person."""
        return id == self.user or id in self.led

    def plans(self, id: str) -> bool:
        """Whether he sets this person's plans: of whom he leads, an admin everybody's; nobody his own."""
        return id != self.user and self.person(id) and (self.company or id in self.led)

    @property
    def signed(self) -> str:
        """Who did it, for records that outlive him in the CRM: his name and his id."""
        return f"{self.name} ({self.user})"

    @property
    def company(self) -> bool:
        """The whole account's numbers, and how it is run."""
        return self.role == "admin"

    @property
    def leads(self) -> bool:
        """Whether there is anybody beside himself: boards, tasks, the quality of the data."""
        return self.role != "manager"


def access_of(
    viewer: str, users: Mapping[str, User], teams: Mapping[str, Team], members: Mapping[str, frozenset[str]]
) -> Access | None:
    """By what the CRM says today of him, and of who was in which team during the period. None: he may see nothing.

    `members`: those of the teams under a team included. The company is for who leads every team there is.
    """
    user = users.get(viewer)
    if user is None or not user.active:
        return None
    led_teams = _with_those_under({id for id, team in teams.items() if viewer in team.head_ids}, teams)
    led = frozenset[str]().union(*(members.get(id, frozenset()) for id in led_teams)) - {viewer}
    company = frozenset({COMPANY} & members.keys())
    if user.admin:
        everybody = frozenset(users).union(*members.values())
        return Access(viewer, user.name, "admin", everybody, frozenset(teams) | company, led)
    role: Role = "head" if led_teams else "manager"
    all_of_it = company if led_teams.issuperset(id for id in teams if members.get(id)) else frozenset[str]()
    return Access(viewer, user.name, role, led | {viewer}, frozenset(led_teams) | all_of_it, led)


def _with_those_under(led: set[str], teams: Mapping[str, Team]) -> set[str]:
    found = set(led)
    while more := {id for id, team in teams.items() if team.parent_id in found} - found:
        found |= more
    return found
