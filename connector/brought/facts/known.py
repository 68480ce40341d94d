"""Whom and what rows may name: as they write it, and what the account knows of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from connector.records import Ref, User, What

LONGEST = 120
"""Signs of a key, an id or a name."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the account knows of those whom rows name. `held`: what keys hold already; `now`: its clock."""

    zone: tzinfo
    currency: str
    now: datetime
    users: Mapping[str, User]
    deals: Collection[str]
    clients: Collection[Ref]
    held: Mapping[str, What]


def readable(text: str) -> bool:
    """Whether a database takes it as a key or a name: not too long, no control signs, no halves of signs."""
    return len(text) <= LONGEST and not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text)


def deal_of(told: Mapping[str, str]) -> str | None:
    """The id of the deal that a row names: `7001`, `№ 7001`, `deal:7001`."""
    return told.get("deal", "").removeprefix("deal:").strip(" #№") or None


def clients_of(told: Mapping[str, str]) -> tuple[Ref, ...]:
    """Whom a row may mean by its client: a bare number may be a contact's or a company's."""
    name = told.get("client", "").strip(" #№")
    if not name:
        return ()
    return (name,) if name.startswith(("contact:", "company:")) else (f"contact:{name}", f"company:{name}")
