"""restore: whether a backup is of the accounts of this configuration, before it takes the database's place. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from connector.config import AccountSettings
from connector.store.holding import Kept


def strangers(kept: Sequence[Kept], configured: Sequence[AccountSettings]) -> list[str]:
    """What tells that the backup is another installation's; nothing where it is this one's, or holds no account yet.

    Accounts that only one side knows are no sign of that: some were connected since, others given up.
    """
    known = {one.name: one for one in configured}
    if kept and not any(one.name in known for one in kept):
        names, here = ", ".join(one.name for one in kept), ", ".join(known)
        return [f"the backup holds {names}, and the configuration has {here}: not one account in common"]
    return [told for one in kept if one.name in known for told in _otherwise(one, known[one.name])]


def not_in_it(kept: Sequence[Kept], configured: Sequence[AccountSettings]) -> list[str]:
    """Accounts that would begin from nothing."""
    there = {one.name for one in kept}
    return [one.name for one in configured if one.name not in there]


def _otherwise(kept: Kept, account: AccountSettings) -> list[str]:
    """What the same name means there and here. Ports are no part of it: only this machine's own have any."""
    if kept.provider != account.provider:
        return [f"{kept.name} is {kept.provider} in the backup and {account.provider} in the configuration"]
    there, here = _host(kept.host), _host(account.options.get("base_url"))
    if there and here and there != here:
        return [f"{kept.name} is at {there} in the backup and at {here} in the configuration"]
    return []


def _host(address: object) -> str:
    if not isinstance(address, str):
        return ""
    return urlsplit(address if "://" in address else f"//{address}").hostname or ""
