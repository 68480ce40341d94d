"""Bearer tokens: made once and shown once, and who is let in by one."""

from __future__ import annotations

import secrets

from connector.pipeline.bench import Workbench
from connector.store import accounts
from connector.store.engine import Store
from connector.store.secret import api_tokens
from connector.store.tables import ApiTokenRow

_LONGEST = 200


def issue(store: Store, *, name: str, scope: str, account: int | None, now: int) -> str:
    """A new token: this is the only time that anybody sees it. Raises BadConfig."""
    token = api_tokens.PREFIX + secrets.token_urlsafe(32)
    with store.write() as conn:
        api_tokens.create(conn, token, name=name, scope=scope, account=account, now=now)
    return token


def admitted(store: Store, header: str | None) -> ApiTokenRow | None:
    """Whom the header `Authorization: Bearer …` names; None for nobody."""
    kind, _, token = (header or "").strip().partition(" ")
    token = token.strip()
    if kind.lower() != "bearer" or not token or len(token) > _LONGEST:
        return None
    with store.read() as conn:
        return api_tokens.find(conn, token)


def opens(token: ApiTokenRow, scope: str, bench: Workbench | None) -> bool:
    """Whether it is for this, in this account; a token of one account learns nothing of others."""
    return token.scope == scope and (token.account is None or (bench is not None and bench.account == token.account))


def listed(store: Store) -> list[tuple[ApiTokenRow, str | None]]:
    """Every token with the name of its account, None for those of all."""
    with store.read() as conn:
        return [
            (row, None if row.account is None else accounts.get(conn, row.account).name) for row in api_tokens.all(conn)
        ]


def shut_out(store: Store, name: str, *, now: int) -> None:
    """Revoke it. Raises BadConfig."""
    with store.write() as conn:
        api_tokens.revoke(conn, name, now=now)
