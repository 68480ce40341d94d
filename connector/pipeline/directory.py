"""Who is who in an account, and who may decide over whom, in words for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from connector.contest import roles
from connector.errors import BadConfig
from connector.records import Team, User
from connector.store.crm import records


@dataclass(frozen=True, slots=True)
class Directory:
    """Users and teams by id."""

    users: Mapping[str, User]
    teams: Mapping[str, Team]

    @classmethod
    def read(cls, conn: Connection, account: int) -> Directory:
        """As they are now."""
        return cls(records.directory(conn, account, User), records.directory(conn, account, Team))

    def name(self, id: str) -> str:
        """`Anna (501)`; the id alone of who is unknown."""
        return f"{self.users[id].name} ({id})" if id in self.users else id

    def ids(self, owner: str) -> tuple[str, ...]:
        """Who decides over this person's numbers and plans."""
        return roles.deciders(owner, self.users, self.teams)

    def deciders(self, owner: str) -> tuple[str, ...]:
        """The same, by name and id."""
        return tuple(self.name(id) for id in self.ids(owner))

    def refuse(self, act: roles.Act, who: str, owner: str) -> None:
        """Raises BadConfig with the reason, where he may not."""
        why = roles.denied(act, who, owner, self.users, self.teams)
        if why is not None:
            heads = ", ".join(self.deciders(owner))
            told = f"it is for {heads}" if heads else "nobody leads him, and there is no administrator"
            raise BadConfig([roles.WORDS[why].format(who=self.name(who), owner=self.name(owner), heads=told)])
