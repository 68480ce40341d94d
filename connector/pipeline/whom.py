"""A person as somebody at a keyboard names him: by id, by name, by how it begins, or by a part that only one has."""

from __future__ import annotations

from collections.abc import Iterable

from connector.errors import BadConfig
from connector.pipeline.bench import Workbench
from connector.records import User
from connector.store.crm import records

LISTED = 20
"""Candidates that an error names."""


def whom(bench: Workbench, told: str, *, exactly: bool = False) -> str:
    """His id. What names nobody is given back as it is: whoever looks it up knows best what is missing.

    `exactly`: a part of a name is not enough, as what follows cannot be undone. Raises BadConfig where several are
    meant, with their ids.
    """
    with bench.store.read() as conn:
        users = records.directory(conn, bench.account, User)
    if told in users:
        return told
    found = meant(users.values(), told, exactly=exactly)
    if len(found) > 1:
        raise BadConfig([f"{bench.settings.name}: {told!r} may be {listed(found)}; say the id"])
    return found[0].id if found else told


def meant(users: Iterable[User], told: str, *, exactly: bool = False) -> list[User]:
    """Who may be meant, whatever the case: those of exactly this name or id, else those with a word in their name that
    begins so, else those with it anywhere in it.
    """
    sought, known = " ".join(told.split()).casefold(), list(users)
    whole = [one for one in known if sought in (one.id.casefold(), _name(one))]
    if whole or exactly or not sought:
        return whole
    begun = [one for one in known if f" {sought}" in f" {_name(one)}"]
    return begun or [one for one in known if sought in _name(one)]


def listed(users: Iterable[User]) -> str:
    """By name, with ids."""
    some = sorted(users, key=lambda one: (not one.active, one.name, one.id))
    shown = ", ".join(f"{one.name} ({one.id})" for one in some[:LISTED])
    return shown + (f" and {len(some) - LISTED} more" if len(some) > LISTED else "")


def _name(user: User) -> str:
    return " ".join(user.name.split()).casefold()
