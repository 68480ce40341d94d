"""The connected accounts. An account's number is ours; its `remote_id` guards against a token of another account."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.errors import BadConfig, NeedsPerson, StoreTrouble
from connector.provider import Account
from connector.store import clean
from connector.store.crm import dossiers
from connector.store.tables import AccountRow
from connector.store.upsert import table

ACCOUNT = table("account")


def enroll(conn: Connection, name: str, provider: str) -> int:
    """The account's number, given on first sight. Raises BadConfig where the name was another CRM's account."""
    found = conn.execute(sa.select(ACCOUNT.c.id, ACCOUNT.c.provider).where(ACCOUNT.c.name == name)).one_or_none()
    if found is None:
        statement = ACCOUNT.insert().values(name=name, provider=provider, clock_offset=0.0).returning(ACCOUNT.c.id)
        return int(conn.execute(statement).scalar_one())
    if found.provider != provider:
        raise BadConfig([f"account {name!r} holds data of {found.provider}: name the one of {provider} otherwise"])
    return int(found.id)


def get(conn: Connection, account: int) -> AccountRow:
    """All that is known of it."""
    found = conn.execute(sa.select(ACCOUNT).where(ACCOUNT.c.id == account)).one_or_none()
    if found is None:
        raise StoreTrouble(f"there is no account number {account}", todo="run `kpi sync` first")
    return AccountRow(**found._mapping)


def find(conn: Connection, name: str) -> int | None:
    """The number of the account of that name, None before it was first read."""
    number: int | None = conn.execute(sa.select(ACCOUNT.c.id).where(ACCOUNT.c.name == name)).scalar()
    return number


def describe(conn: Connection, account: int, told: Account, zone: str, currency: str) -> None:
    """Note what the CRM says of itself. Raises NeedsPerson where the token opens another account than before."""
    known = get(conn, account)
    if known.remote_id not in (None, told.id):
        raise NeedsPerson(
            f"the access given belongs to account {told.id} ({told.host}), the stored data to {known.remote_id}",
            where=known.name,
            done="nothing was read or written",
            todo=f"give access to account {known.remote_id}, or connect the other one under a name of its own",
        )
    conn.execute(
        ACCOUNT.update()
        .where(ACCOUNT.c.id == account)
        .values(
            remote_id=clean.text(told.id),
            host=clean.text(told.host),
            zone=zone,
            currency=currency,
            clock_offset=told.clock_offset,
        )
    )


def adopt_rules(conn: Connection, account: int, rules_hash: str) -> bool:
    """Note the rules that facts are derived with; where they differ from before every dossier is derived anew."""
    if get(conn, account).rules_hash == rules_hash:
        return False
    conn.execute(ACCOUNT.update().where(ACCOUNT.c.id == account).values(rules_hash=rules_hash))
    dossiers.soil_all(conn, account)
    return True
