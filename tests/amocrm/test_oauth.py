"""OAuth end to end: the sandbox's single-use tokens, the store's vault, and the program going on for weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from connector.errors import NeedsPerson, Reauthorise
from connector.records import User
from connector.store import accounts
from connector.store.engine import Store
from connector.store.secret.tokens import Vault
from providers.amocrm.provider import AmoCrm
from providers.amocrm.sandbox import Sandbox
from tests.amocrm.kits import provider
from tests.amocrm.small import small

KEY = Fernet.generate_key()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(small(), paced=False) as made:
        yield made


@pytest.fixture
def connect(sandbox: Sandbox, sqlite_store: Store, tmp_path: Path) -> Any:
    """A provider of a new process on the same store."""
    with sqlite_store.write() as conn:
        account = accounts.enroll(conn, "acme", "amocrm")

    def made() -> AmoCrm:
        vault = Vault(sqlite_store, account, KEY, tmp_path / "tokens.journal", clock=lambda: sandbox.now)
        return provider(sandbox.oauth_options(), vault=vault, clock=lambda: sandbox.now)

    return made


def names(amo: AmoCrm) -> list[str]:
    return [record.name for page in amo.pull(User, None) for record in page.records if isinstance(record, User)]


def test_connected_by_a_code_and_renewed_for_weeks(connect: Any, sandbox: Sandbox) -> None:
    amo = connect()
    with pytest.raises(Reauthorise, match="kpi authorise"):
        amo.account()
    assert amo.authority is not None
    amo.authority.accept(f"https://kpi.example/cb?code={sandbox.code()}&state=x")
    for _ in range(20):
        assert names(connect())
        sandbox.advance(sandbox.now + timedelta(hours=13))
        assert names(amo)


def test_a_code_is_good_once(connect: Any, sandbox: Sandbox) -> None:
    amo, code = connect(), sandbox.code()
    amo.authority.authorise(code)
    with pytest.raises(NeedsPerson):
        amo.authority.authorise(code)
    assert names(amo)


def test_an_expired_access_token_is_renewed_on_the_way(connect: Any, sandbox: Sandbox) -> None:
    amo = connect()
    amo.authority.authorise(sandbox.code())
    held = amo.authority.kit.vault.current()
    sandbox.tokens.expire(held.access)
    assert names(amo)
    assert amo.authority.kit.vault.current().access != held.access


def test_a_lost_answer_of_a_refresh_leaves_hours(connect: Any, sandbox: Sandbox) -> None:
    """The old refresh token is spent, the new pair never came: the access token serves on, then a person must act."""
    amo = connect()
    amo.authority.authorise(sandbox.code())
    sandbox.advance(sandbox.now + timedelta(hours=13))
    sandbox.faults.lose_answer(method="POST", path="access_token")
    assert names(amo)
    sandbox.advance(sandbox.now + timedelta(hours=10))
    assert names(connect())
    sandbox.advance(sandbox.now + timedelta(hours=2))
    with pytest.raises(Reauthorise):
        names(connect())
    fresh = connect()
    fresh.authority.authorise(sandbox.code())
    assert names(fresh)


def test_revoked_in_the_crm(connect: Any, sandbox: Sandbox) -> None:
    amo = connect()
    amo.authority.authorise(sandbox.code())
    sandbox.tokens.revoke()
    with pytest.raises(Reauthorise):
        names(amo)
