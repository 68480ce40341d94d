"""Everybody's working time and absences, read from the store as they were known at a moment."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.derive.clocks import Clocks, clocks, days_away
from connector.moment import Zone
from connector.records import Absence, Team, User
from connector.store.clock import absences
from connector.store.crm import records, versions
from connector.store.crm.stays import stays


def clocks_of(
    conn: Connection,
    account: int,
    rules: Rules,
    zone: Zone,
    *,
    as_of: int | None = None,
    absent: bool = True,
    off: Iterable[Absence] = (),
) -> Clocks:
    """Whose working time runs when, by the rules and by what was known at `as_of` (epoch ms; None: now).

    `absent` False: as if nobody had been away, by everybody's office alone. `off`: absences that nobody told.
    """
    if as_of is None:
        users, teams = records.directory(conn, account, User), records.directory(conn, account, Team)
    else:
        users, teams = (
            versions.directory(conn, account, User, as_of),
            versions.directory(conn, account, Team, as_of),
        )
    told = (one for one, _ in absences.known(conn, account, as_of=as_of)) if absent else ()
    away = days_away((*told, *off))
    return clocks(rules, zone, users=users, teams=teams, stays=stays(conn, account, as_of=as_of), away=away)
