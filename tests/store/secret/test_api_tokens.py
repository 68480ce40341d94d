"""Tokens: only hashes are kept, names stay taken, the revoked open nothing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from connector.errors import BadConfig
from connector.store.engine import Store
from connector.store.secret import api_tokens


def create(store: Store, token: str, name: str = "1c", scope: str = "import", account: int | None = None) -> None:
    with store.write() as conn:
        api_tokens.create(conn, token, name=name, scope=scope, account=account, now=1000)


def found(store: Store, token: str) -> str | None:
    with store.read() as conn:
        row = api_tokens.find(conn, token)
        return row and row.name


def test_a_token_is_found_by_itself_and_nothing_else(store: Store) -> None:
    create(store, "kpi_one")
    create(store, "kpi_two", "till", account=1)
    assert [found(store, token) for token in ("kpi_one", "kpi_two", "kpi_three", "", "KPI_ONE", "\ud800")] == [
        "1c", "till", None, None, None, None,
    ]  # fmt: skip


def test_the_token_itself_is_nowhere_in_the_database(store: Store) -> None:
    create(store, "kpi_secret")
    with store.read() as conn:
        (row,) = conn.execute(sa.text("select * from api_token")).all()
    assert "kpi_secret" not in repr(row)
    assert api_tokens.hashed("kpi_secret") in row


def test_a_revoked_token_opens_nothing_and_its_name_stays_taken(store: Store) -> None:
    create(store, "kpi_one")
    with store.write() as conn:
        api_tokens.revoke(conn, "1c", now=2000)
    assert found(store, "kpi_one") is None
    with pytest.raises(BadConfig, match="is taken"):
        create(store, "kpi_two")
    with store.write() as conn, pytest.raises(BadConfig, match="revoked already"):
        api_tokens.revoke(conn, "1c", now=3000)
    with store.read() as conn:
        assert [(row.name, row.created_at, row.revoked_at) for row in api_tokens.all(conn)] == [("1c", 1000, 2000)]


def test_what_is_no_scope_no_name_and_no_token_is_said(store: Store) -> None:
    with pytest.raises(BadConfig, match="there are: import"):
        create(store, "kpi_one", scope="everything")
    with pytest.raises(BadConfig, match="taken or empty"):
        create(store, "kpi_one", name=" ")
    with store.write() as conn, pytest.raises(BadConfig, match="none called 'x'"):
        api_tokens.revoke(conn, "x", now=1)
