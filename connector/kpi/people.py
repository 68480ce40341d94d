"""Who a report is about: the account's people, and the teams they were in during the period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy.engine import Connection

from connector.errors import BadConfig
from connector.kpi.spans import COMPANY, Parts, Working, parts, users_of
from connector.kpi.text import Language, Text
from connector.moment import DAY, Period, Zone, from_ms, local_day, to_ms
from connector.records import Record, Team, User
from connector.store.crm import records, seen, versions
from connector.store.crm.stays import stays

R = TypeVar("R", bound=Record)
COMPANY_NAME = Text("Вся компания", "The whole company")


@dataclass(frozen=True, slots=True)
class People:
    """Names by id, who is active, and the members of each team, those of the teams under it included.

    `members`: whoever was in the team on any day of the period; `parts`: on which days, where people moved. `leads`:
    heads of any team, and admins, as they were at the period's end; `there`: who was active on any day of the period.
    """

    users: Mapping[str, str]
    active: frozenset[str]
    teams: Mapping[str, str]
    members: Mapping[str, frozenset[str]]
    parts: Parts = field(default_factory=Parts)
    leads: frozenset[str] = frozenset()
    there: frozenset[str] = frozenset()

    def shown(self, with_facts: Iterable[str | None]) -> list[str]:
        """Everyone active or with facts, by name."""
        ids = self.active | {user for user in with_facts if user is not None}
        return sorted(ids, key=lambda user: (self.users.get(user, user), user))

    def team(self, name: str) -> str:
        """A team's id by name or id. Raises BadConfig, with those there are."""
        wanted = name.casefold()
        found = [id for id, title in self.teams.items() if wanted in (id.casefold(), title.casefold())]
        if not found and wanted == COMPANY_NAME.ru.casefold() and COMPANY in self.teams:
            return COMPANY
        if len(found) != 1:
            last = sorted(self.teams.items(), key=lambda one: (one[0] == COMPANY, one))
            have = ", ".join(f"{title} ({id})" for id, title in last) or "none"
            what = "is no team" if not found else "names several teams, give the id"
            raise BadConfig([f"team: {name!r} {what}; there are: {have}"])
        return found[0]


def titled(teams: Mapping[str, str], language: Language) -> dict[str, str]:
    """Names of teams by id, that of the company in the reader's language: the CRM has none for it."""
    return {id: COMPANY_NAME(language) if id == COMPANY else name for id, name in teams.items()}


def titled_of(subject: str, name: str, language: Language) -> str:
    """The same of one subject."""
    return COMPANY_NAME(language) if subject == f"team:{COMPANY}" else name


def stranger(user: str, names: Mapping[str, str]) -> BadConfig:
    """What to say of an id that is nobody's: who there is, or that nobody was read yet."""
    if not names:
        return BadConfig([f"user: {user!r} is nobody of this account: nobody was read yet, `kpi sync` does it"])
    there = ", ".join(f"{name} ({id})" for id, name in sorted(names.items()))
    return BadConfig([f"user: {user!r} is nobody of this account; there are: {there}"])


def people(
    conn: Connection,
    account: int,
    period: Period,
    zone: Zone,
    *,
    now: int,
    as_of: int | None = None,
    working: Working | None = None,
) -> People:
    """Everyone as of the period, and who was in which team on which of its days (rule C16).

    `as_of` (epoch ms): by the names and teams known then; who was not known then is nobody. `working`: how many days
    are worked from one day up to another; the plans of those who moved are shared by it.
    """
    users, teams = _known(conn, account, User, as_of), _known(conn, account, Team, as_of)
    known = stays(conn, account, as_of=as_of)
    placed = {id: known.get(id) or [(team, 0, None) for team in user.team_ids] for id, user in users.items()}
    if as_of is None:
        placed = known | placed
    until = local_day(from_ms(now), zone) + DAY
    start, end = (to_ms(edge) for edge in period.bounds(zone))
    dated = parts(period, zone, stays=placed, teams=teams, until=until, working=working)
    names = {id: team.name for id, team in teams.items()}
    if COMPANY in dated.members:
        names[COMPANY] = COMPANY_NAME.en
    return People(
        users={id: user.name for id, user in users.items()},
        active=frozenset(id for id, user in users.items() if user.active),
        teams=names,
        members={id: users_of(dated, dated.members[id]) for id in names},
        parts=dated,
        leads=_leads(conn, account, min(end - 1, now if as_of is None else as_of), as_of),
        there=seen.there(conn, account, start, end, as_of),
    )


def _leads(conn: Connection, account: int, moment: int, as_of: int | None) -> frozenset[str]:
    """Admins and heads at a moment: who is promoted later changes no number of the months before."""
    users = versions.standing(conn, account, User, moment, as_of)
    teams = versions.standing(conn, account, Team, moment, as_of)
    admins = frozenset(id for id, user in users.items() if user.admin)
    return admins | frozenset(head for team in teams.values() for head in team.head_ids)


def _known(conn: Connection, account: int, kind: type[R], as_of: int | None) -> dict[str, R]:
    return records.directory(conn, account, kind) if as_of is None else versions.directory(conn, account, kind, as_of)
