"""How each account's hooks stand, and the secret of their address, which is derived and never stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store import clean
from connector.store.tables import HookRow
from connector.store.upsert import insert, table

HOOK = table("hook")


def standing(conn: Connection, account: int) -> HookRow:
    """As last noted; of an account that never had any: off."""
    row = conn.execute(sa.select(HOOK).where(HOOK.c.account == account)).one_or_none()
    return HookRow(**row._mapping) if row is not None else HookRow(account=account, turn=0)


def note(conn: Connection, account: int, **changed: Any) -> None:
    """Some columns anew."""
    if "told" in changed:
        changed["told"] = clean.text(changed["told"], 500)
    fresh = HookRow(account=account, turn=0).model_dump() | changed
    statement = insert(conn, HOOK).values(fresh)
    conn.execute(statement.on_conflict_do_update(index_elements=["account"], set_=changed))


def came(conn: Connection, account: int, at: int) -> None:
    """One that was genuine came at that moment."""
    note(conn, account, last_at=at, missed=0)


def secret(key: bytes, name: str, turn: int) -> str:
    """192 bits that nobody else can know; another turn, another secret."""
    mac = hmac.new(key, f"hook address\n{name}\n{turn}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:24]).decode()
