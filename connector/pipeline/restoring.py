"""restore: whether a backup is of the accounts of this configuration, before it takes the database's place. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from connector.config import AccountSettings
from connector.store.holding import Kept


def strangers(
    kept: Sequence[Kept], configured: Sequence[AccountSettings], addresses: Mapping[str, str], stand: Sequence[Kept]
) -> list[str]:
    """What tells that the backup is another installation's; nothing where it is this one's, or holds no account yet.

    `addresses`: of the configured accounts' CRMs by name; `stand`: what the database holds that would be replaced.
    Accounts that only one side knows are no sign of that: some were connected since, others given up.
    """
    known = {one.name: one for one in configured}
    if kept and not any(one.name in known for one in kept):
        names, here = ", ".join(one.name for one in kept), ", ".join(known)
        return [f"the backup holds {names}, and the configuration has {here}: not one account in common"]
    there = {(one.name, one.provider): one for one in stand}
    return [
        told
        for one in kept
        if one.name in known
        for told in _otherwise(one, known[one.name], addresses.get(one.name, ""), there.get((one.name, one.provider)))
    ]


def not_in_it(kept: Sequence[Kept], configured: Sequence[AccountSettings]) -> list[str]:
    """Accounts that would begin from nothing."""
    there = {one.name for one in kept}
    return [one.name for one in configured if one.name not in there]


def _otherwise(kept: Kept, account: AccountSettings, address: str, stands: Kept | None) -> list[str]:
    """What the same name means there and here: by what the CRM calls itself, as an account moves and stays the same;
    by address where the database does not know that. Ports are no part of it: only this machine's own have any.
    """
    if kept.provider != account.provider:
        return [f"{kept.name} is {kept.provider} in the backup and {account.provider} in the configuration"]
    if stands is not None and kept.remote_id and stands.remote_id:
        if kept.remote_id == stands.remote_id:
            return []
        ours = f"{stands.remote_id} at {stands.host} in the database"
        return [f"{kept.name} is account {kept.remote_id} at {kept.host} in the backup and {ours}"]
    there, here = _host(kept.host), _host(address)
    if there and here and here not in (there, _host(kept.remote_id)):  # a CRM may call itself by its first address
        return [f"{kept.name} is at {there} in the backup and at {here} in the configuration"]
    return []


def _host(address: str | None) -> str:
    if not address:
        return ""
    return urlsplit(address if "://" in address else f"//{address}").hostname or ""
